"""Invented shapes for the city and its counties: a coverage without gaps or overlaps, jagged like real borders."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPoint, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from backend.sample.chance import SOURCE, chance
from backend.sample.counties import CITY, CITY_NAME, COUNTIES
from backend.sample.plane import Point as LonLat
from backend.sample.plane import winding

CENTRE, HALF_WIDTH, HALF_HEIGHT = (107.05, 33.05), 1.2, 0.72
"""The outline's box in degrees; within it everything is invented."""
CORNERS, ROUNDNESS = 36, 3
GRID = 1e-6
"""Coordinates are kept to a millionth of a degree, about 0.1 m."""


@dataclass(frozen=True)
class SampleDistrict:
    """An administrative division with an invented area (MultiPolygon, EPSG:4326)."""

    code: str
    name: str
    name_en: str
    level: str
    parent: str
    area: MultiPolygon
    source: str = SOURCE

    @property
    def geometry(self) -> dict[str, Any]:
        """The area as a GeoJSON geometry."""
        found: dict[str, Any] = json.loads(shapely.to_geojson(self.area))
        return found


@cache
def districts(seed: int) -> tuple[SampleDistrict, ...]:
    """The city first, then its eleven counties in the order of their codes."""
    areas = _areas(seed)
    counties = [SampleDistrict(c.code, c.name, c.name_en, "county", CITY, areas[c.code]) for c in COUNTIES]
    whole = _as_multi(shapely.coverage_union_all(list(areas.values())))
    return (SampleDistrict(CITY, CITY_NAME, "Hanzhong", "city", "610000", whole), *counties)


def as_geojson(shown: tuple[SampleDistrict, ...]) -> dict[str, Any]:
    """A FeatureCollection (RFC 7946) of districts, marked as invented."""
    features = [
        {
            "type": "Feature",
            "id": d.code,
            "properties": {
                "code": d.code,
                "name": d.name,
                "name_en": d.name_en,
                "level": d.level,
                "parent": d.parent,
                "source": d.source,
            },
            "geometry": d.geometry,
        }
        for d in shown
    ]
    return {"type": "FeatureCollection", "features": features}


def _areas(seed: int) -> dict[str, MultiPolygon]:
    """Each county's area. Where jagged borders would cross, they are drawn again more calmly."""
    borders = _straight_borders(seed)
    for calm in range(8):
        rng = chance(seed, "districts", "borders", str(calm))
        jagged = [_jagged(border, rng, 0.16 * 0.75**calm) for border in borders]
        faces = _faces(jagged)
        if faces and all(line.is_simple for line in jagged):
            return faces
    raise AssertionError("eight calmer and calmer borders still cross: the seats stand too close")


def _straight_borders(seed: int) -> list[LineString]:
    """The borders of the cells around the seats, within the outline; each piece runs from corner to corner."""
    outline = _outline(seed)
    seats = MultiPoint([county.seat for county in COUNTIES])
    inner = shapely.voronoi_polygons(seats, extend_to=outline, only_edges=True).intersection(outline)
    lines = shapely.set_precision(shapely.union_all([inner, outline.exterior], grid_size=GRID), GRID)
    return [
        LineString(pair)
        for line in shapely.get_parts(lines)
        for pair in zip(line.coords[:-1], line.coords[1:], strict=True)
    ]


def _outline(seed: int) -> Polygon:
    """A rounded box with a smoothly wavering radius."""
    rng = chance(seed, "districts", "outline")
    turn = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    waves = sum(rng.normal(0, 0.018) * np.sin(k * turn + rng.uniform(0, 2 * np.pi)) for k in range(2, 7))
    c, s = np.cos(turn), np.sin(turn)
    radius = (1 + waves) / (np.abs(c) ** ROUNDNESS + np.abs(s) ** ROUNDNESS) ** (1 / ROUNDNESS)
    ring = np.column_stack((CENTRE[0] + HALF_WIDTH * radius * c, CENTRE[1] + HALF_HEIGHT * radius * s))
    return Polygon(ring)


def _jagged(border: LineString, rng: np.random.Generator, roughness: float) -> LineString:
    """A border with pieces of about half a kilometre, between the same two corners."""
    depth = max(1, min(6, int(np.log2(max(border.length, GRID) / 0.006))))
    return LineString(winding(*_ends(border), rng, roughness, depth))


def _ends(line: LineString) -> tuple[LonLat, LonLat]:
    (a, b, *_), (c, d, *_) = line.coords[0], line.coords[-1]
    return (a, b), (c, d)


def _as_multi(area: BaseGeometry) -> MultiPolygon:
    return MultiPolygon([part for part in shapely.get_parts(area) if isinstance(part, Polygon)])


def _faces(borders: list[LineString]) -> dict[str, MultiPolygon] | None:
    """The polygon around each seat, when the borders enclose exactly one for each."""
    found = list(shapely.get_parts(shapely.polygonize(borders)))
    if len(found) != len(COUNTIES) or not shapely.coverage_is_valid(found):
        return None
    around = {county.code: [face for face in found if face.contains(Point(county.seat))] for county in COUNTIES}
    if any(len(faces) != 1 for faces in around.values()):
        return None
    return {code: _as_multi(faces[0]) for code, faces in around.items()}
