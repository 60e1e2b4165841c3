"""Reads what a map shows out of an OSM `.osm.pbf`, roads and names of places, and keeps it as flat files on the disk.

The files are mapped, not read: a whole province costs memory only where somebody looks.
"""

import json
import os
import shutil
import tempfile
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
import osmium
from numpy.typing import NDArray

from geo.faults import RoadsUnreadable
from geo.road_file import digest_of

FORMAT = 1
"""Part of the folder's name: a new layout never reads old files"""
UNITS = 1_000_000
"""Places are kept as whole millionths of a degree: 0.1 m"""

MAJOR, MIDDLE, MINOR, TRACK = range(4)
ROADS = ("major", "middle", "minor", "track")
KIND_OF = {
    "motorway": MAJOR, "trunk": MAJOR, "primary": MAJOR, "motorway_link": MAJOR, "trunk_link": MAJOR,
    "primary_link": MAJOR, "secondary": MIDDLE, "secondary_link": MIDDLE, "tertiary": MIDDLE, "tertiary_link": MIDDLE,
    "unclassified": MINOR, "residential": MINOR, "living_street": MINOR, "road": MINOR, "service": MINOR,
    "track": TRACK,
}  # fmt: skip
"""How a map draws OSM's classes; whoever stands before a track wants to see it, though no tour is planned over it"""

PLACES = ("city", "town", "village", "hamlet")

Whole = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class MapData:
    """Roads and places of a region; coordinates are whole millionths of a degree (EPSG:4326).

    Road i is the points ``first[i]`` … ``first[i + 1]`` of ``x``, ``y``; ``kind`` is its place in ROADS, ``name`` that in
    ``names``, ``box`` (roads, 4) its west, south, east, north. Places have ``place_x``, ``place_y``, ``place_kind``
    (in PLACES), ``place_name``. ``digest`` is the SHA-256 of the file they came from.
    """

    x: Whole
    y: Whole
    first: NDArray[np.int64]
    kind: NDArray[np.int8]
    name: Whole
    box: Whole
    place_x: Whole
    place_y: Whole
    place_kind: NDArray[np.int8]
    place_name: Whole
    folder: Path
    digest: str

    @cached_property
    def names(self) -> list[str]:
        """Names of roads and places; the first is empty."""
        return cast(list[str], json.loads((self.folder / "names.json").read_text()))


ARRAYS = ("x", "y", "first", "kind", "name", "box", "place_x", "place_y", "place_kind", "place_name")


def load_map(path: Path, cache: Path) -> MapData:
    """The map of a `.osm.pbf`, from the folder ``cache`` when it was made before, else made and kept there.

    Raises RoadsUnreadable.
    """
    digest = digest_of(path)
    folder = cache / f"map-{FORMAT}-{digest}"
    if not folder.exists():
        _make(path, folder)
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in ARRAYS}
    return MapData(**arrays, folder=folder, digest=digest)


def _make(path: Path, folder: Path) -> None:
    """Make the folder in one step: whoever comes at the same time makes the same, and one of them wins."""
    read = _read(path)
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=".map-", dir=folder.parent))
    try:
        for name, values in read.arrays().items():
            np.save(part / f"{name}.npy", values)
        (part / "names.json").write_text(json.dumps(list(read.names), ensure_ascii=False))
        part.chmod(0o755)
        os.rename(part, folder)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        if not folder.exists():
            raise


def _read(path: Path) -> "_Kept":
    kept = _Kept()
    try:
        for thing in osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations():
            if isinstance(thing, osmium.osm.Way):
                kept.take_road(thing)
            elif isinstance(thing, osmium.osm.Node) and "place" in thing.tags:
                kept.take_place(thing)
    except (RuntimeError, OSError, ValueError) as broken:
        raise RoadsUnreadable(path=path, why=broken) from broken
    return kept


class _Kept:
    """What has been read so far, in compact arrays."""

    def __init__(self) -> None:
        self.x, self.y, self.first = array("i"), array("i"), array("q", [0])
        self.kind, self.name = array("b"), array("i")
        self.place_x, self.place_y = array("i"), array("i")
        self.place_kind, self.place_name = array("b"), array("i")
        self.names: dict[str, int] = {"": 0}

    def take_road(self, way: "osmium.osm.Way") -> None:
        kind = KIND_OF.get(way.tags.get("highway") or "")
        places = [node for node in way.nodes if node.location.valid()]
        if kind is None or len(places) < 2 or way.tags.get("area") == "yes":
            return
        self.x.extend(_unit(node.lon) for node in places)
        self.y.extend(_unit(node.lat) for node in places)
        self.first.append(len(self.x))
        self.kind.append(kind)
        self.name.append(self._named(way.tags))

    def take_place(self, node: "osmium.osm.Node") -> None:
        if node.tags["place"] not in PLACES or not node.location.valid() or not node.tags.get("name"):
            return
        self.place_x.append(_unit(node.lon))
        self.place_y.append(_unit(node.lat))
        self.place_kind.append(PLACES.index(node.tags["place"]))
        self.place_name.append(self._named(node.tags))

    def _named(self, tags: "osmium.osm.TagList") -> int:
        return self.names.setdefault(tags.get("name", "") or "", len(self.names))

    def arrays(self) -> dict[str, Any]:
        x, y, first = np.array(self.x, np.int32), np.array(self.y, np.int32), np.array(self.first, np.int64)
        kept = {name: np.array(getattr(self, name)) for name in ARRAYS if name not in ("x", "y", "first", "box")}
        return {**kept, "x": x, "y": y, "first": first, "box": _boxes(x, y, first)}


def _boxes(x: Whole, y: Whole, first: NDArray[np.int64]) -> Whole:
    if len(first) == 1:
        return np.zeros((0, 4), np.int32)
    at = first[:-1]
    sides: Sequence[Any] = [np.minimum.reduceat(x, at), np.minimum.reduceat(y, at),
                            np.maximum.reduceat(x, at), np.maximum.reduceat(y, at)]  # fmt: skip
    return np.stack(sides, axis=1).astype(np.int32)


def _unit(degrees: float) -> int:
    return round(degrees * UNITS)
