"""Writing the invented roads as a real ``.osm.pbf``, so that they are read like any region's extract."""

from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Way

from backend.sample.roads import RoadNet


def write_pbf(net: RoadNet, path: Path) -> None:
    """Write nodes, named places, then ways, with ids counted from 1; an older file is replaced in one step."""
    part = path.with_name(f".{path.name}.part.osm.pbf")
    part.unlink(missing_ok=True)
    header = osmium.io.Header()
    header.set("generator", "fieldlot-sample")
    with osmium.SimpleWriter(str(part), header=header) as writer:
        for number, place in enumerate(net.nodes, start=1):
            writer.add_node(Node(id=number, version=1, location=place))
        for number, (place, kind, name) in enumerate(net.places, start=len(net.nodes) + 1):
            writer.add_node(Node(id=number, version=1, location=place, tags={"place": kind, "name": name}))
        for number, way in enumerate(net.ways, start=1):
            refs = [node + 1 for node in way.nodes]
            writer.add_way(Way(id=number, version=1, nodes=refs, tags=way.all_tags))
    part.replace(path)
