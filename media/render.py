"""Copies of photos for looking at: a thumbnail, upright and without any metadata."""

import io
from typing import BinaryIO

from PIL import Image, ImageOps

SIDE = 480


def thumbnail(source: BinaryIO, side: int = SIDE) -> bytes:
    """A JPEG of at most ``side`` pixels, its orientation applied, nothing of the EXIF left."""
    with Image.open(source) as image:
        image.draft("RGB", (side * 2, side * 2))
        small = ImageOps.exif_transpose(image).convert("RGB")
    small.thumbnail((side, side))
    clean = Image.new("RGB", small.size)
    clean.paste(small)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=78)
    return out.getvalue()
