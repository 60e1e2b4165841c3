"""The road graph: junctions and the edges between them, kept in one compact file per version of the roads."""

import os
import tempfile
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.road_file import Ways, digest_of, read_ways
from geo.sphere import Floats, as_xyz

FORMAT = 1
"""Part of the cache's file name: a new layout never reads an old file"""

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RoadGraph:
    """Positions along ways, cut at junctions into pieces.

    Per position (p,): ``lon``, ``lat`` in degrees, ``at_m`` metres along its way, ``piece`` it lies on. Per piece
    (e,): its first and last position ``start`` and ``end``, the junctions there ``tail`` and ``head`` (0 … n-1),
    ``speed_ms``, ``oneway``. Only what lies in the largest strongly connected part is kept: from everywhere one
    can get everywhere.
    """

    lon: Floats
    lat: Floats
    at_m: Floats
    piece: Ints
    start: Ints
    end: Ints
    tail: Ints
    head: Ints
    speed_ms: Floats
    oneway: NDArray[np.bool_]
    digest: str

    @cached_property
    def junctions(self) -> int:
        """How many junctions there are."""
        return int(max(self.tail.max(), self.head.max())) + 1

    @cached_property
    def tree(self) -> cKDTree:
        """Finds the position nearest to a place; distances are metres."""
        return cKDTree(as_xyz(self.lon, self.lat))


def load_graph(path: Path, cache: Path | None = None) -> RoadGraph:
    """The graph of a `.osm.pbf`, from the folder ``cache`` when it was made before, else made and kept there.

    Raises RoadsUnreadable or NoRoads.
    """
    digest = digest_of(path)
    kept = cache / f"roads-{FORMAT}-{digest}.npz" if cache else None
    graph = _read(kept) if kept else None
    if graph is None:
        graph = build_graph(read_ways(path), digest)
        if kept:
            _write(graph, kept)
    return graph


def build_graph(ways: Ways, digest: str) -> RoadGraph:
    """Cut the ways at their junctions and keep the largest part in which every place reaches every other."""
    start, end = _pieces(ways)
    _, junction = np.unique(ways.node[np.concatenate([start, end])], return_inverse=True)
    tail, head = junction[: len(start)], junction[len(start) :]
    keep = _in_largest_part(tail, head, ways.oneway[ways.way[start]])
    return _compact(ways, start[keep], end[keep], tail[keep], head[keep], digest)


def _pieces(ways: Ways) -> tuple[Ints, Ints]:
    """First and last positions of the pieces: ways are cut at their ends and where other ways touch them."""
    _, index, uses = np.unique(ways.node, return_inverse=True, return_counts=True)
    cut = uses[index] > 1
    border = np.flatnonzero(np.diff(ways.way))
    cut[[0, -1]] = cut[border] = cut[border + 1] = True
    places = np.flatnonzero(cut)
    same_way = ways.way[places[:-1]] == ways.way[places[1:]]
    return places[:-1][same_way], places[1:][same_way]


def _in_largest_part(tail: Ints, head: Ints, oneway: NDArray[np.bool_]) -> NDArray[np.bool_]:
    rows = np.concatenate([tail, head[~oneway]])
    columns = np.concatenate([head, tail[~oneway]])
    size = int(max(tail.max(), head.max())) + 1
    links = coo_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(size, size))
    _, part = connected_components(links.tocsr(), directed=True, connection="strong")
    largest = np.bincount(part).argmax()
    return np.asarray((part[tail] == largest) & (part[head] == largest))


def _compact(ways: Ways, start: Ints, end: Ints, tail: Ints, head: Ints, digest: str) -> RoadGraph:
    """Number anew what is left, each piece with positions of its own."""
    size = end - start + 1
    first = np.concatenate([[0], size.cumsum()[:-1]])
    piece = np.repeat(np.arange(len(start)), size)
    position = np.arange(size.sum()) - first[piece] + start[piece]
    _, junction = np.unique(np.concatenate([tail, head]), return_inverse=True)
    return RoadGraph(
        lon=ways.lon[position], lat=ways.lat[position], at_m=ways.at_m[position], piece=piece,
        start=first, end=first + size - 1,
        tail=junction[: len(start)], head=junction[len(start) :],
        speed_ms=ways.speed_ms[ways.way[start]], oneway=ways.oneway[ways.way[start]], digest=digest,
    )  # fmt: skip


def _read(kept: Path) -> RoadGraph | None:
    """The kept graph, or None where there is none or it is broken; a cache is never worth a failure."""
    try:
        with np.load(kept, allow_pickle=False) as file:
            arrays = {field.name: file[field.name] for field in fields(RoadGraph)}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    return RoadGraph(**{**arrays, "digest": str(arrays["digest"])})


def _write(graph: RoadGraph, kept: Path) -> None:
    """Write beside and move into place, so that nobody ever reads half a file."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {field.name: np.asarray(getattr(graph, field.name)) for field in fields(graph)}
    handle, name = tempfile.mkstemp(dir=kept.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    Path(name).replace(kept)
