"""A bad network between phones and server: an HTTP proxy on localhost that cuts, delays, reorders, repeats and loses.

Each connection carries one request; what befalls it follows from the proxy's seed and the number of the connection.
"""

import random
import socket
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

TIMEOUT_S = 60.0
LONGEST_HEAD = 64 * 1024


class Fault(StrEnum):
    """What can befall a request."""

    NONE = "none"
    CUT = "cut"
    """The request breaks off after some bytes of its body"""
    DEAF = "deaf"
    """The server gets and applies it; nothing of the answer comes back"""
    TORN = "torn"
    """The answer breaks off midway"""
    SLOW = "slow"
    """It arrives late"""
    STALL = "stall"
    """Half of it arrives, the rest much later: a stale slow writer"""
    HELD = "held"
    """It waits until a later request has overtaken it"""
    TWICE = "twice"
    """The network delivers it twice at the same moment"""
    AGAIN = "again"
    """The network delivers it once more, after it was answered"""


@dataclass(frozen=True)
class Weather:
    """How bad the network is: the chance of each fault, and how long things are delayed, in seconds at most."""

    seed: int = 1
    chances: dict[Fault, float] = field(default_factory=lambda: dict.fromkeys(list(Fault)[1:], 0.03))
    delay: float = 0.5

    def fate(self, number: int) -> tuple[Fault, random.Random]:
        """What befalls connection ``number``, and its chance for the details."""
        chance = random.Random(f"{self.seed}/{number}")
        luck = chance.random()
        for fault, share in self.chances.items():
            if (luck := luck - share) < 0:
                return fault, chance
        return Fault.NONE, chance


@dataclass(frozen=True)
class Request:
    """One HTTP request as bytes."""

    head: bytes
    body: bytes
    sender: str
    """Under this address the server sees the client"""

    @property
    def whole(self) -> bytes:
        """Head and body, asking the server to close afterwards, so that its answer ends where the connection does."""
        first, *lines = self.head.split(b"\r\n")
        kept = [line for line in lines if not line.lower().startswith((b"connection:", b"keep-alive:"))]
        ours = [b"Connection: close", f"X-Forwarded-For: {self.sender}".encode()]
        return b"\r\n".join([first, *ours, *kept]) + b"\r\n\r\n" + self.body


def read_request(source: socket.socket, sender: str) -> Request | None:
    """The next request of a connection; None when there is none. Raises OSError when it breaks off."""
    got = b""
    while b"\r\n\r\n" not in got:
        piece = source.recv(65536)
        if not piece or len(got) > LONGEST_HEAD:
            return None
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    length = _length(head)
    parts, have = [body], len(body)
    while have < length:
        if not (piece := source.recv(min(262144, length - have))):
            raise ConnectionError("the client went away")
        parts.append(piece)
        have += len(piece)
    return Request(head, b"".join(parts), sender)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
        if name.strip().lower() == b"transfer-encoding":
            raise ConnectionError("chunked requests are not understood by this proxy")
    return 0


class Proxy:
    """Listens on a free port of localhost and passes requests on to ``ports``, in turn; ``told`` counts what befell them."""

    def __init__(self, ports: Iterable[int], weather: Weather, *, everywhere: bool = False) -> None:
        self.ports, self.weather, self.everywhere = list(ports), weather, everywhere
        self.told: Counter[str] = Counter()
        self._number, self._lock = 0, threading.Lock()
        self._passed = threading.Condition()
        self._deeds: dict[Fault, Callable[[_Trip], None]] = {
            Fault.CUT: _cut, Fault.DEAF: _deaf, Fault.TORN: _torn, Fault.SLOW: _slow, Fault.STALL: _stall,
            Fault.HELD: self._held, Fault.TWICE: _twice, Fault.AGAIN: _again,
        }  # fmt: skip

    def __enter__(self) -> Self:
        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):
                    proxy.carry(self.request)

        # All of 127.0.0.0/8: each client may come to an address of its own, and is told apart by it.
        self._server = _Server(("0.0.0.0" if self.everywhere else "127.0.0.1", 0), Handler)  # noqa: S104
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where clients reach the server through this network."""
        return f"http://127.0.0.1:{self.port}"

    def carry(self, client: socket.socket) -> None:
        """Carry the one request of a connection, with what befalls it."""
        client.settimeout(TIMEOUT_S)
        address = str(client.getsockname()[0])
        if not address.startswith("127.") or (request := read_request(client, address)) is None:
            return
        with self._lock:
            self._number += 1
            number = self._number
        fault, chance = self.weather.fate(number)
        self.told[fault.value] += 1
        trip = _Trip(request, client, self.ports[number % len(self.ports)], chance, self.weather.delay)
        self._deeds.get(fault, _plain)(trip)
        with self._passed:
            self._passed.notify_all()

    def _held(self, trip: "_Trip") -> None:
        """Overtaken by whoever comes next, or let go after a while when nobody comes."""
        with self._passed:
            self._passed.wait(self.weather.delay)
        _plain(trip)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512


@dataclass
class _Trip:
    """One request on its way to one of the servers."""

    request: Request
    client: socket.socket
    port: int
    chance: random.Random
    delay: float

    @contextmanager
    def upstream(self) -> Any:
        """A connection to the server."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT_S) as server:
            yield server

    def deliver(self) -> bytes:
        """Send it all and read the whole answer."""
        with self.upstream() as server:
            server.sendall(self.request.whole)
            return _rest(server)


def _rest(server: socket.socket) -> bytes:
    parts = []
    while piece := server.recv(262144):
        parts.append(piece)
    return b"".join(parts)


def _plain(trip: _Trip) -> None:
    trip.client.sendall(trip.deliver())


def _cut(trip: _Trip) -> None:
    whole = trip.request.whole
    start = len(whole) - len(trip.request.body)
    with trip.upstream() as server:
        server.sendall(whole[: trip.chance.randint(start, max(start, len(whole) - 1))])


def _deaf(trip: _Trip) -> None:
    trip.deliver()


def _torn(trip: _Trip) -> None:
    answer = trip.deliver()
    trip.client.sendall(answer[: trip.chance.randint(0, max(0, len(answer) - 1))])


def _slow(trip: _Trip) -> None:
    time.sleep(trip.chance.uniform(0, trip.delay))
    _plain(trip)


def _stall(trip: _Trip) -> None:
    """The client gives up after half; the network delivers the other half long after, when the client has begun anew."""
    whole = trip.request.whole
    half = len(whole) - len(trip.request.body) // 2
    with trip.upstream() as server:
        server.sendall(whole[:half])
        trip.client.close()
        time.sleep(trip.chance.uniform(0.2, 1.0) * trip.delay)
        server.sendall(whole[half:])
        _rest(server)


def _twice(trip: _Trip) -> None:
    def other() -> None:
        with suppress(OSError):
            trip.deliver()

    copy = threading.Thread(target=other, daemon=True)
    copy.start()
    _plain(trip)
    copy.join(TIMEOUT_S)


def _again(trip: _Trip) -> None:
    _plain(trip)
    trip.client.close()
    time.sleep(trip.chance.uniform(0, trip.delay))
    trip.deliver()
