"""Uploads and photos for tests: real bytes, drawn by Pillow and sent in pieces."""

import hashlib
import io
import random
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer
from PIL import Image, ImageDraw
from PIL.ExifTags import GPS, IFD, Base

from media.s3 import S3Store
from media.store import open_store
from media.uploads import Upload, Uploads

LARGEST = 64 * 2**20
ID = "0198c2f0-aaaa-7000-8000-000000000001"


def some_bytes(length: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(length)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def begun(folder: Path, data: bytes, id_: str = ID) -> Uploads:
    """Uploads with one upload of ``data`` announced."""
    uploads = Uploads(folder, LARGEST)
    uploads.create(id_, length=len(data), sha256=sha256(data), facts={"task": "t1"})
    return uploads


def sent(uploads: Uploads, offset: int, data: bytes, id_: str = ID) -> Upload:
    return uploads.append(id_, offset, io.BytesIO(data))


class Cut(io.RawIOBase):
    """A connection that delivers some bytes and then breaks off."""

    def __init__(self, data: bytes) -> None:
        self.left = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        if piece := self.left.read(min(size, 1000)):
            return piece
        raise ConnectionResetError("cut")


class Slow(io.RawIOBase):
    """A connection that delivers its first half, and the rest only when it is let go."""

    def __init__(self, data: bytes) -> None:
        self.halves = [data[: len(data) // 2], data[len(data) // 2 :]]
        self.waiting, self.go = threading.Event(), threading.Event()

    def read(self, size: int = -1) -> bytes:  # noqa: ARG002
        if len(self.halves) == 1:
            self.waiting.set()
            assert self.go.wait(20)
        return self.halves.pop(0) if self.halves else b""


def a_picture(width: int = 640, height: int = 480, seed: int = 1) -> Image.Image:
    """Coloured shapes: no two seeds look alike."""
    chance = random.Random(seed)
    image = Image.new("RGB", (width, height), tuple(chance.randrange(256) for _ in range(3)))
    draw = ImageDraw.Draw(image)
    for _ in range(14):
        x, y = chance.randrange(width), chance.randrange(height)
        size = chance.randrange(height // 10, height // 2)
        draw.ellipse((x - size, y - size, x + size, y + size), fill=tuple(chance.randrange(256) for _ in range(3)))
    return image


def some_exif(**more: object) -> Image.Exif:
    """Taken in Hantai on 1 June 2026 at 09:30 by a phone of the house Lot."""
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model], exif[Base.Software] = "Lot", "Field 3", "camera 1.2"
    exif[Base.Orientation] = more.get("orientation", 1)
    details, place = exif.get_ifd(IFD.Exif), exif.get_ifd(IFD.GPSInfo)
    details[Base.DateTimeOriginal] = more.get("time", "2026:06:01 09:30:00")
    if "offset" in more:
        details[Base.OffsetTimeOriginal] = more["offset"]
    place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = more.get("south", "N"), more.get("lat", (33.0, 4.0, 3.36))
    place[GPS.GPSLongitudeRef], place[GPS.GPSLongitude] = "E", (107.0, 1.0, 54.48)
    place[GPS.GPSHPositioningError] = 12.5
    place[GPS.GPSDateStamp], place[GPS.GPSTimeStamp] = "2026:06:01", (1.0, 30.0, 2.0)
    return exif


def as_file(image: Image.Image, kind: str = "JPEG", **how: object) -> io.BytesIO:
    out = io.BytesIO()
    image.save(out, kind, **how)
    out.seek(0)
    return out


@contextmanager
def a_bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Store]:
    """A store in an empty bucket, which keeps every version, of a server in this process."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())
    # moto's buckets outlive its server within one process: each test has its own
    store = open_store(f"s3://evidence-{secrets.token_hex(8)}/city?endpoint={endpoint}&region=us-east-1")
    store.client.create_bucket(Bucket=store.bucket)
    store.client.put_bucket_versioning(Bucket=store.bucket, VersioningConfiguration={"Status": "Enabled"})
    try:
        yield store
    finally:
        server.stop()
