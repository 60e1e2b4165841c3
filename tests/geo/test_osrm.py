"""A routing server: the real `osrm-routed` where FIELDLOT_OSRM names its folder, and servers that misbehave."""

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest
import requests

from geo.faults import NoWay, OffRoad, RouterRefused, RouterUnreachable
from geo.osrm import OsrmServer
from geo.roads import Roads
from tests.geo.towns import place, write_town


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def answering() -> Iterator:
    """A web server that says what it is told to say; how others fail cannot be asked of a sound one."""
    servers = []

    def serve(body: bytes, status: int = 200) -> OsrmServer:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        servers.append(HTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return OsrmServer(f"http://127.0.0.1:{servers[-1].server_port}", timeout_s=2)

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Iterator[tuple[OsrmServer, Roads]]:
    """The invented town, served by the real server."""
    home = os.environ.get("FIELDLOT_OSRM") or (shutil.which("osrm-routed") and "/usr")
    if not home:
        pytest.skip("no osrm-routed: FIELDLOT_OSRM names a folder with its bin/ and share/")
    bin_, folder = Path(home, "bin"), tmp_path_factory.mktemp("osrm")
    pbf, profile = write_town(folder / "town.osm.pbf"), next(Path(home, "share").rglob("car.lua"))
    for command in (["osrm-extract", "-p", profile, pbf], ["osrm-contract", folder / "town.osrm"]):
        subprocess.run([bin_ / command[0], *command[1:]], check=True, capture_output=True)
    port = free_port()
    running = subprocess.Popen(
        [bin_ / "osrm-routed", "-i", "127.0.0.1", "-p", str(port), folder / "town.osrm"],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield OsrmServer(f"http://127.0.0.1:{port}"), Roads.load(pbf)
    finally:
        running.kill()
        running.wait()


def wait_for(port: int) -> None:
    for _ in range(100):
        try:
            requests.get(f"http://127.0.0.1:{port}/", timeout=1)
            return
        except requests.ConnectionError:
            time.sleep(0.1)


def test_the_real_server_and_our_roads_agree_on_lengths(town):
    server, roads = town
    points = [place(i % 7 + 0.3, i % 5) for i in range(60)]
    theirs, ours = server.matrix(points), roads.matrix(points)
    assert theirs.provenance.engine == "osrm"
    assert np.abs(theirs.metres - ours.metres).max() < 1200  # it snaps to the street, we to its crossing
    assert theirs.seconds.diagonal().sum() == 0


def test_the_real_servers_route_agrees_with_its_matrix(town):
    server, points = town[0], [place(0.2, 0), place(5, 6.1), place(2, 2)]
    route, matrix = server.route(points), server.matrix(points)
    assert route.leg_metres == pytest.approx([matrix.metres[0, 1], matrix.metres[1, 2]], abs=2)
    assert len(route.path) > 2


def test_a_place_off_every_road_is_refused_by_the_real_server_too(town):
    server, points = town[0], [place(0, 0), (108.0, 34.0)]
    assert server.matrix(points).seconds[0, 1] == 2_000_000
    with pytest.raises(OffRoad):
        server.route(points)


def test_a_silent_server_is_named():
    with pytest.raises(RouterUnreachable, match=r"127\.0\.0\.1"):
        OsrmServer(f"http://127.0.0.1:{free_port()}").matrix([place(0, 0)])


@pytest.mark.parametrize("body", [b"<html>hello</html>", b"[]", b'{"code": "Ok"}', b"{}"])
def test_an_answer_that_is_no_table_is_refused(answering, body):
    with pytest.raises(RouterRefused):
        answering(body).matrix([place(0, 0), place(1, 1)])


def test_a_servers_own_refusal_is_handed_on(answering):
    with pytest.raises(RouterRefused, match="TooBig"):
        answering(b'{"code": "TooBig", "message": "Too many"}', 400).matrix([place(0, 0)])


def test_no_way_is_told(answering):
    with pytest.raises(NoWay):
        answering(b'{"code": "NoRoute"}', 400).route([place(0, 0), place(1, 1)])
