"""Distances on a round earth, in metres, from degrees of EPSG:4326."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.faults import NotAPlace

EARTH_M = 6_371_008.8
"""Mean radius of the earth (IUGG), metres"""

Floats = NDArray[np.float64]


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """The great circle between two places."""
    return float(distances_m(lon1, lat1, lon2, lat2))


def distances_m(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike) -> Floats:
    """The same for whole arrays, which broadcast against each other."""
    a_lon, a_lat, b_lon, b_lat = (
        np.radians(np.asarray(degrees, dtype=np.float64)) for degrees in (lon1, lat1, lon2, lat2)
    )
    across = np.sin((b_lon - a_lon) / 2) ** 2 * np.cos(a_lat) * np.cos(b_lat)
    half = np.sqrt(np.clip(np.sin((b_lat - a_lat) / 2) ** 2 + across, 0.0, 1.0))
    return np.asarray(2 * EARTH_M * np.arcsin(half))


def as_xyz(lon: ArrayLike, lat: ArrayLike) -> Floats:
    """Places as points in space, shape (n, 3), metres: a KD-tree needs no map projection then."""
    turn, lift = np.radians(np.asarray(lon)), np.radians(np.asarray(lat))
    unit = (np.cos(lift) * np.cos(turn), np.cos(lift) * np.sin(turn), np.sin(lift))
    return np.stack(unit, axis=-1) * EARTH_M


def must_be_place(lon: float, lat: float) -> None:
    """Raise NotAPlace unless both are finite degrees on the globe."""
    sound = math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90
    if not sound:
        raise NotAPlace(lon=lon, lat=lat)
