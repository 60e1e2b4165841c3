"""The same photo used twice: a 64-bit perceptual hash that survives scaling and recompression."""

from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps

SIDE = 32
ALIKE = 6
"""At most this many of 64 bits differ between two copies of one photo"""


def likeness(source: BinaryIO) -> int:
    """The pHash: signs of the low frequencies of the grey image, as a signed 64-bit integer."""
    with Image.open(source) as image:
        image.draft("L", (SIDE * 4, SIDE * 4))
        grey = ImageOps.exif_transpose(image).convert("L").resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    n = np.arange(SIDE)
    basis = np.cos(np.pi / SIDE * (n[None, :] + 0.5) * n[:, None])
    low = (basis @ np.asarray(grey, dtype=float) @ basis.T)[:8, :8].ravel()
    bits = low > np.median(low[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), signed=True)


def bits_apart(one: int, other: int) -> int:
    """In how many of the 64 bits two hashes differ."""
    return ((one ^ other) & (2**64 - 1)).bit_count()
