"""The network between a phone and the instance as a test wants it: cut off, or losing answers to what was already done."""

import socket
from collections import Counter
from contextlib import suppress
from hashlib import sha256
from urllib.parse import urlsplit

from backend.soak.proxy import TIMEOUT_S, Proxy, Request, Weather, read_request

WRITES = ("POST /field/v1/operations", "POST /field/v1/uploads", "PATCH /field/v1/uploads")
"""Doors where the server keeps what it is told"""


class Network(Proxy):
    """Phones come to ``url``. While ``up`` is false nothing passes; while ``forgets`` is true the first answer to each
    different one of WRITES that the server carried out is lost, so that the phone has to ask again; ``lost`` counts them."""

    def __init__(self, instance_url: str) -> None:
        super().__init__([urlsplit(instance_url).port or 80], Weather())
        self.up, self.forgets = True, False
        self.lost: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self._known: set[str] = set()

    def carry(self, client: socket.socket) -> None:
        """Carry the one request of a connection, and its answer unless that is to be lost."""
        client.settimeout(TIMEOUT_S)
        request = read_request(client, "127.0.0.1") if self.up else None
        if request is None:
            return
        self.asked[_name(request)] += 1
        answer = self._delivered(request)
        if not self._loses(request, answer):
            client.sendall(answer)

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


def _name(request: Request) -> str:
    """Method and door, without ids."""
    method, path, _ = request.head.split(b" ", 2)
    return f"{method.decode()} {'/'.join(urlsplit(path.decode()).path.split('/')[:4])}"


def _deed(request: Request) -> str:
    """What is asked for, whoever signs it anew: the same deed sent twice tells the same."""
    first, *lines = request.head.split(b"\r\n")
    told = sorted(line for line in lines if line.lower().startswith((b"upload-offset", b"upload-metadata")))
    return sha256(b"\n".join([first, *told, request.body])).hexdigest()
