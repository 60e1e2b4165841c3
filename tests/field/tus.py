"""Uploads as tests make them over real HTTP: what to announce, single requests, half requests, and what arrived."""

import base64
import hashlib
import random
import socket
import uuid
from dataclasses import dataclass, field
from functools import cached_property

import requests

from tests.field.site import Site

TUS = {"Tus-Resumable": "1.0.0"}
PIECES = {**TUS, "Content-Type": "application/offset+octet-stream"}


@dataclass
class Sending:
    """Some bytes that a phone wants to send as evidence of a task."""

    site: Site
    data: bytes
    number: int = 0
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def metadata(self) -> dict[str, str]:
        task = self.site.tasks[self.number]["task"]
        return {"sha256": self.sha256, "evidence_id": self.id, "task_id": task, "filetype": "image/jpeg"}

    def headers(self) -> dict[str, str]:
        """What lets this upload in: asked for once."""
        return self._ticket

    @cached_property
    def _ticket(self) -> dict[str, str]:
        return self.site.upload_headers(self.number, self.metadata, len(self.data))

    def create(self, server: int = 0) -> requests.Response:
        """Announce it."""
        told = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in self.metadata.items())
        headers = {**TUS, **self.headers(), "Upload-Length": str(len(self.data)), "Upload-Metadata": told}
        return requests.post(f"{self.site.url(server)}/field/v1/uploads", headers=headers, timeout=30)

    def patch(self, offset: int, piece: bytes, server: int = 0) -> requests.Response:
        """Send a piece to one of the servers."""
        headers = {**PIECES, **self.headers(), "Upload-Offset": str(offset)}
        return requests.patch(self.place(server), data=piece, headers=headers, timeout=30)

    def offset(self, server: int = 0) -> int:
        """How far the upload has come, as one of the servers tells."""
        answer = requests.head(self.place(server), headers={**TUS, **self.headers()}, timeout=30)
        assert answer.ok, (answer.status_code, answer.headers)
        return int(answer.headers["Upload-Offset"])

    def place(self, server: int) -> str:
        return f"{self.site.url(server)}/field/v1/uploads/{self.id}"

    def half_patch(self, offset: int, piece: bytes, sent: int, server: int = 0) -> socket.socket:
        """Begin to send a piece and stop after ``sent`` bytes; the connection stays open."""
        lines = {
            **PIECES,
            **self.headers(),
            "Upload-Offset": str(offset),
            "Content-Length": str(len(piece)),
            "Host": "x",
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        line = socket.create_connection(("127.0.0.1", self.site.ports[server]), timeout=30)
        line.sendall(f"PATCH /field/v1/uploads/{self.id} HTTP/1.1\r\n{head}\r\n".encode() + piece[:sent])
        return line

    def spooled(self) -> int:
        """Bytes that wait in pieces of this upload."""
        return sum(path.stat().st_size for path in self._folder().glob("spool-*"))

    def arrived(self) -> bytes:
        """What lies in the store under the announced hash, or as far as it has come in the spool."""
        kept = [path for path in (self.site.data / "media").rglob(self.sha256) if path.is_file()]
        return (kept[0] if kept else self._folder() / "data").read_bytes()

    def _folder(self):
        return self.site.data / "uploads" / self.id[-2:] / self.id


def some_bytes(length: int, seed: int = 1) -> bytes:
    """The same bytes each time."""
    return random.Random(seed).randbytes(length)
