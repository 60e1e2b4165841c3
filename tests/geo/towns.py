"""A small invented town of roads, written as a real `.osm.pbf`, and problems to tour in it."""

from pathlib import Path
from random import Random

import osmium
from osmium.osm.mutable import Node, Way

from geo.plans import Depot, Problem, Site

WEST, SOUTH, STEP = 107.0, 33.0, 0.01
SIDE = 8


def place(column: float, row: float) -> tuple[float, float]:
    """(lon, lat) of a crossing of the town's grid."""
    return round(WEST + column * STEP, 7), round(SOUTH + row * STEP, 7)


def crossing(column: int, row: int) -> int:
    """The node id of a crossing."""
    return 1 + row * SIDE + column


def write_town(path: Path, *extra: Way, nodes: tuple[Node, ...] = ()) -> Path:
    """A grid of two-way streets, about a kilometre apart, and whatever else is given."""
    grid = range(SIDE)
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for row in grid:
            for column in grid:
                writer.add_node(Node(id=crossing(column, row), location=place(column, row)))
        for node in nodes:
            writer.add_node(node)
        for i in grid:
            writer.add_way(street(100 + i, [crossing(column, i) for column in grid]))
            writer.add_way(street(200 + i, [crossing(i, row) for row in grid]))
        for way in extra:
            writer.add_way(way)
    return path


def street(number: int, nodes: list[int], **tags: str) -> Way:
    """A way over nodes: a residential street unless tags say otherwise."""
    return Way(id=number, nodes=nodes, tags={"highway": "residential", **tags})


def a_problem(sites: int = 12, *, teams: int = 1, days: int = 2, seed: int = 1) -> Problem:
    """Sites strewn over the town, half an hour to an hour each, one depot in its middle."""
    dice = Random(seed)
    strewn = tuple(
        Site(
            f"s{i:03d}",
            *place(dice.uniform(0, SIDE - 1), dice.uniform(0, SIDE - 1)),
            service_s=dice.choice([1800, 2700, 3600]),
            group="g",
        )
        for i in range(sites)
    )
    return Problem(strewn, (Depot("g", *place(3, 3), teams=teams),), days)
