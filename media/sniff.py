"""What bytes really are, whatever their name says: told by content, with limits against bombs."""

import io
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError
from pillow_heif import register_heif_opener

from media.faults import NotAnImage, TooManyPixels

register_heif_opener()
MOST_PIXELS = 120_000_000
KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/heic", "MPO": "image/jpeg"}


@dataclass(frozen=True)
class Sniffed:
    """An image by its own account: its type, and its size in pixels."""

    mime: str
    width: int
    height: int


def sniff(source: BinaryIO) -> Sniffed:
    """The type of an image by its content. Raises NotAnImage, TooManyPixels; reads no more than the header."""
    try:
        with Image.open(source, formats=list(KINDS)) as image:
            found = Sniffed(KINDS[image.format or ""], *image.size)
    except Image.DecompressionBombError as bomb:
        raise TooManyPixels(limit=MOST_PIXELS) from bomb
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as wrong:
        raise NotAnImage(why=str(wrong)[:200]) from wrong
    if found.width * found.height > MOST_PIXELS:
        raise TooManyPixels(pixels=found.width * found.height, limit=MOST_PIXELS)
    return found


def must_decode(data: bytes) -> None:
    """Raise NotAnImage unless the whole image can be decoded."""
    try:
        with Image.open(io.BytesIO(data), formats=list(KINDS)) as image:
            image.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as wrong:
        raise NotAnImage(why=str(wrong)[:200]) from wrong
