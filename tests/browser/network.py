"""The network between a phone and the instance as a test wants it: cut off, losing answers, or with a newer build of the app."""

import mimetypes
import socket
import subprocess
from collections import Counter
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from backend.soak.proxy import TIMEOUT_S, Proxy, Request, Weather, read_request

WRITES = ("POST /field/v1/operations", "POST /field/v1/uploads", "PATCH /field/v1/uploads")
"""Doors where the server keeps what it is told"""
ROOT = Path(__file__).parents[2]


class Network(Proxy):
    """Phones come to ``url``. While ``up`` is false nothing passes; while ``forgets`` is true the first answer to each
    different one of WRITES that the server carried out is lost, so that the phone has to ask again; ``lost`` counts them.
    Once there is a ``build``, the app comes from that folder in place of the instance's own build."""

    def __init__(self, instance_url: str) -> None:
        super().__init__([urlsplit(instance_url).port or 80], Weather())
        self.up, self.forgets = True, False
        self.build: Path | None = None
        self.lost: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self._known: set[str] = set()

    def carry(self, client: socket.socket) -> None:
        """Carry the one request of a connection, and its answer unless that is to be lost."""
        client.settimeout(TIMEOUT_S)
        request = read_request(client, "127.0.0.1") if self.up else None
        if request is None or not self.up:  # it may have gone down while the request came in
            return
        self.asked[_name(request)] += 1
        answer = self._built(request) or self._delivered(request)
        if not self._loses(request, answer):
            client.sendall(answer)

    def _built(self, request: Request) -> bytes | None:
        """A file of the newer build, as field_api/app.py serves the app's files."""
        method, path = _asked(request)
        if self.build is None or method != "GET" or not path.startswith("/field/"):
            return None
        file = self.build / (path.removeprefix("/field/") or "index.html")
        if not file.is_file():
            return None
        kind, body = mimetypes.guess_type(file)[0] or "application/octet-stream", file.read_bytes()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nCache-Control: no-cache"
        return f"{head}\r\nConnection: close\r\n\r\n".encode() + body

    def _delivered(self, request: Request) -> bytes:
        parts = []
        with socket.create_connection(("127.0.0.1", self.ports[0]), timeout=TIMEOUT_S) as server:
            server.sendall(request.whole)
            with suppress(ConnectionResetError):
                while piece := server.recv(262144):
                    parts.append(piece)
        return b"".join(parts)

    def _loses(self, request: Request, answer: bytes) -> bool:
        done = _name(request) in WRITES and answer.split(b" ", 2)[1].startswith(b"2")
        if not (self.forgets and done):
            return False
        with self._lock:
            fresh = (key := _deed(request)) not in self._known
            self._known.add(key)
            self.lost[_name(request)] += fresh
        return fresh


def _asked(request: Request) -> tuple[str, str]:
    """Method and path."""
    method, path, _ = request.head.split(b" ", 2)
    return method.decode(), urlsplit(path.decode()).path


def _name(request: Request) -> str:
    """Method and door, without ids."""
    method, path = _asked(request)
    return f"{method} {'/'.join(path.split('/')[:4])}"


def _deed(request: Request) -> str:
    """What is asked for, whoever signs it anew: the same deed sent twice tells the same."""
    first, *lines = request.head.split(b"\r\n")
    told = sorted(line for line in lines if line.lower().startswith((b"upload-offset", b"upload-metadata")))
    return sha256(b"\n".join([first, *told, request.body])).hexdigest()


def build_app(version: str, folder: Path) -> Path:
    """The phone's app as it is here, built under another version into a folder."""
    subprocess.run(["node", Path(__file__).with_name("next_build.mjs"), version, folder], cwd=ROOT, check=True)
    return folder
