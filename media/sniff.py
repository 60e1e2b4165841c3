"""What bytes really are, whatever their name says: told by content, with limits against bombs."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image
from pillow_heif import register_heif_opener

from media.faults import MediaFault, NotAnImage, TooManyBytes, TooManyPixels

register_heif_opener()
MOST_PIXELS = 120_000_000
Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # Pillow itself warns above its limit, and refuses twice that
MOST_BYTES = 64 * 1024 * 1024
KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/heic", "MPO": "image/jpeg"}
BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"%PDF-", "application/pdf"),
)
RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
BRANDS = {b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"qt  ": "video/quicktime", b"avif": "image/avif"}
MOST_OF_RECORDING = {"audio": 128 * 2**20, "video": 512 * 2**20}
"""Bytes: two hours of sound, ten minutes of video from a phone"""
MPEG_AUDIO = (0xFB, 0xF3, 0xF2, 0xFA)


@dataclass(frozen=True)
class Sniffed:
    """An image by its own account: its type, and its size in pixels."""

    mime: str
    width: int
    height: int


def kind_of(source: BinaryIO) -> str | None:
    """The MIME type that the first bytes tell: photo, video, sound or PDF; None for anything else. Rewinds ``source``."""
    source.seek(0)
    start = source.read(16)
    source.seek(0)
    for beginning, mime in BEGINNINGS:
        if start.startswith(beginning):
            return mime
    if start[:4] == b"RIFF":
        return RIFF.get(start[8:12])
    if start[4:8] == b"ftyp":
        brand = start[8:12]
        return "image/heic" if brand in HEIC else BRANDS.get(brand, "video/mp4")
    return "audio/mpeg" if len(start) > 1 and start[0] == 0xFF and start[1] in MPEG_AUDIO else _aac(start)


def is_recording(mime: str) -> bool:
    """Sound or video, which is kept as it came and never opened here."""
    return mime.partition("/")[0] in MOST_OF_RECORDING


def must_fit(source: BinaryIO, mime: str) -> None:
    """Raise TooManyBytes where a file is longer than anything a phone makes of its kind. Rewinds ``source``."""
    length, limit = source.seek(0, os.SEEK_END), MOST_OF_RECORDING.get(mime.partition("/")[0], MOST_BYTES)
    source.seek(0)
    if length > limit:
        raise TooManyBytes(bytes=length, limit=limit)


def sniff(source: BinaryIO) -> Sniffed:
    """The type and size of an image by its content, decoding no pixel. Raises NotAnImage, TooManyPixels, TooManyBytes."""
    with opened(source) as image:
        return Sniffed(KINDS[image.format or ""], *image.size)


def must_decode(data: bytes) -> None:
    """Raise NotAnImage unless the whole image can be decoded; TooManyPixels, TooManyBytes."""
    with opened(io.BytesIO(data)) as image:
        image.load()


@contextmanager
def opened(source: BinaryIO) -> Iterator[Image.Image]:
    """An image of an accepted kind and size, from the beginning of ``source``; no pixel is decoded before it is looked at.

    Raises NotAnImage, TooManyPixels, TooManyBytes, also for what turns out to be wrong inside the block.
    """
    if (length := source.seek(0, os.SEEK_END)) > MOST_BYTES:
        raise TooManyBytes(bytes=length, limit=MOST_BYTES)
    source.seek(0)
    try:
        with Image.open(source, formats=list(KINDS)) as image:
            if (pixels := image.width * image.height) > MOST_PIXELS:
                raise TooManyPixels(pixels=pixels, limit=MOST_PIXELS)
            yield image
    except (MediaFault, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise TooManyPixels(limit=MOST_PIXELS) from bomb
    except Exception as wrong:  # decoders raise anything on junk, and all of it means the same
        if isinstance(wrong, OSError) and wrong.errno:
            raise  # the disk's fault, not the photo's
        raise NotAnImage(why=str(wrong)[:200]) from wrong


def _aac(start: bytes) -> str | None:
    return "audio/aac" if len(start) > 1 and start[0] == 0xFF and start[1] in (0xF1, 0xF9) else None
