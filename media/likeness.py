"""The same photo used twice: a 64-bit perceptual hash that survives scaling and recompression."""

from itertools import pairwise
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps

from media.sniff import opened

SIDE = 32
ALIKE = 6
"""At most this many of 64 bits differ between two copies of one photo"""
PIECE_BITS = 10
"""No band is longer (64 bits in ALIKE + 1 bands)"""
PLAIN = 4.0
"""Grey levels (of 256) of spread under which an image shows nothing by which it could be told from another"""


def likeness(source: BinaryIO) -> int:
    """The pHash: signs of the low frequencies of the grey image, as a signed 64-bit integer.

    Raises NotAnImage, TooManyPixels, TooManyBytes.
    """
    return _hashed(_small_grey(source))


def is_plain(source: BinaryIO) -> bool:
    """Does the image show next to nothing, as a lens covered by a thumb does? Then its likeness to others means nothing."""
    return float(_small_grey(source).std()) < PLAIN


def likeness_of(image: Image.Image) -> tuple[int, bool]:
    """Both at once of an upright image that is open already, of any size over SIDE: its pHash, and is it plain?"""
    grey = np.asarray(image.convert("L").resize((SIDE, SIDE), Image.Resampling.LANCZOS), dtype=float)
    return _hashed(grey), float(grey.std()) < PLAIN


def bits_apart(one: int, other: int) -> int:
    """In how many of the 64 bits two hashes differ."""
    return ((one ^ other) & (2**64 - 1)).bit_count()


def bands(hash_: int) -> list[int]:
    """The hash cut into ALIKE + 1 pieces: two hashes at most ALIKE bits apart are equal in one at least, at the same place.

    So the whole city's photos can be searched by plain indexes, and only what shares a piece need be compared.
    """
    cuts = [round(place * 64 / (ALIKE + 1)) for place in range(ALIKE + 2)]
    return [(hash_ >> start) & ((1 << (end - start)) - 1) for start, end in pairwise(cuts)]


def pieces(hash_: int) -> list[int]:
    """The bands as numbers that also tell their place, under 2^15: keys for one index over all photos."""
    return [place << PIECE_BITS | band for place, band in enumerate(bands(hash_))]


def _small_grey(source: BinaryIO) -> np.ndarray:
    with opened(source) as image:
        image.draft("L", (SIDE * 4, SIDE * 4))
        grey = ImageOps.exif_transpose(image).convert("L").resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    return np.asarray(grey, dtype=float)


def _hashed(grey: np.ndarray) -> int:
    low = _frequencies(grey)
    bits = low > np.median(low[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), signed=True)


def _frequencies(grey: np.ndarray) -> np.ndarray:
    n = np.arange(SIDE)
    basis = np.cos(np.pi / SIDE * (n[None, :] + 0.5) * n[:, None])
    return (basis @ grey @ basis.T)[:8, :8].ravel()
