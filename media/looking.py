"""One look at a photo: what it is, what it says of itself, what it looks like, and its small copy, decoded once."""

from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image

from media.exif import Exif, read_exif
from media.likeness import likeness_of
from media.render import SIDE, as_jpeg, upright
from media.sniff import sniff


@dataclass(frozen=True)
class Look:
    """A photo's MIME type, its own words, its perceptual hash (means nothing where ``plain``), and a JPEG of it."""

    mime: str
    exif: Exif
    likeness: int
    plain: bool
    thumbnail: bytes


def look_at(source: BinaryIO) -> Look:
    """Look at the photo in ``source``. Raises NotAnImage, TooManyPixels, TooManyBytes."""
    mime = sniff(source).mime
    small, _ = upright(source, SIDE)
    likeness, plain = likeness_of(small)
    return Look(mime, read_exif(source), likeness, plain, as_jpeg(small, quality=78))


def get_ready() -> None:
    """Load Pillow's formats, for processes that are forked anew for each photo and would each do so again."""
    Image.init()
