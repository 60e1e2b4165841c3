"""Copies of photos for looking at: thumbnail, copy with a watermark, copy for the public; upright, without any metadata."""

import io
from collections.abc import Sequence
from math import ceil, floor
from typing import BinaryIO

from PIL import Image, ImageCms, ImageDraw, ImageOps
from PIL.ExifTags import Base

from media.fonts import chinese_font
from media.sniff import opened

SIDE = 480
PUBLIC_SIDE = 1600
WATERMARKED_SIDE = 2000
MOSAIC = 8
"""Squares across the shorter side of what is hidden: too few to tell a face or read a plate"""
EDGE = 2
"""Pixels by which scaling may have carried what is hidden over its border"""
LYING = (5, 6, 7, 8)
"""EXIF orientations in which width and height change places"""
Box = tuple[int, int, int, int]


def thumbnail(source: BinaryIO, side: int = SIDE) -> bytes:
    """A JPEG of at most ``side`` pixels, its orientation applied, nothing of the metadata left.

    Raises NotAnImage, TooManyPixels, TooManyBytes, as everything here does.
    """
    return as_jpeg(_upright(source, side), quality=78)


def watermarked(source: BinaryIO, lines: Sequence[str], side: int = WATERMARKED_SIDE) -> bytes:
    """A JPEG with lines of text on a dark band along its lower edge. The original stays as it is. Raises NoFont."""
    image = _upright(source, side)
    _write_band(image, [line for line in lines if line.strip()])
    return as_jpeg(image, quality=88)


def public_copy(source: BinaryIO, hide: Sequence[Box] = (), side: int = PUBLIC_SIDE) -> bytes:
    """A JPEG for the public: no metadata, and every box of ``hide`` made unrecognisable.

    Boxes are (left, top, right, bottom) in pixels of the upright image at its full size. ``media.faces`` proposes some.
    """
    image, full = upright(source, side)
    for box in hide:
        _hide(image, _scaled(box, full, image.size))
    return as_jpeg(image, quality=85)


def upright(source: BinaryIO, side: int) -> tuple[Image.Image, tuple[int, int]]:
    """The image as it is looked at, at most ``side`` pixels, without metadata; and its full size, upright, in pixels."""
    full = _upright_size(source)
    return _upright(source, side), full


def _upright_size(source: BinaryIO) -> tuple[int, int]:
    with opened(source) as image:
        width, height = image.size
        return (height, width) if image.getexif().get(Base.Orientation) in LYING else (width, height)


def _upright(source: BinaryIO, side: int) -> Image.Image:
    """The image as it is looked at, at most ``side`` pixels, in sRGB on white, with nothing but its pixels."""
    with opened(source) as image:
        # A JPEG can be decoded at a half, a quarter or an eighth of its size, which is most of the work saved.
        image.draft("RGB", _fitting(image.size, side))
        flat, profile = _on_white(image), image.info.get("icc_profile")
        flat.thumbnail((side, side), reducing_gap=None)
        shown = _in_srgb(ImageOps.exif_transpose(flat), profile)
    shown.info = {}
    return shown


def _fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size at which the longer side is ``side``; a decoder asked for a square would keep twice as many pixels."""
    scale = min(1.0, side / max(size))
    return ceil(size[0] * scale), ceil(size[1] * scale)


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    paper = Image.new("RGBA", image.size, "white")
    flat = Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
    flat.info = dict(image.info)  # which way is up stands there
    return flat


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Phones with wide colours say so in a profile, which goes with the rest of the metadata: convert first."""
    if not profile:
        return image
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _scaled(box: Box, full: tuple[int, int], small: tuple[int, int]) -> Box:
    edge, x, y = 0 if full == small else EDGE, small[0] / full[0], small[1] / full[1]
    left, top, right, bottom = box
    return floor(left * x) - edge, floor(top * y) - edge, ceil(right * x) + edge, ceil(bottom * y) + edge


def _hide(image: Image.Image, box: Box) -> None:
    left, top, right, bottom = box
    within = (max(0, left), max(0, top), min(image.width, right), min(image.height, bottom))
    if within[0] >= within[2] or within[1] >= within[3]:
        return
    part = image.crop(within)
    square = max(1, min(part.size) // MOSAIC)
    few = part.resize((max(1, part.width // square), max(1, part.height // square)), Image.Resampling.BOX)
    image.paste(few.resize(part.size, Image.Resampling.NEAREST), within)


def _write_band(image: Image.Image, lines: Sequence[str]) -> None:
    if not lines:
        return
    size = max(12, min(image.size) // 28)
    font, step = chinese_font(size), round(size * 1.4)
    longest = max(font.getlength(line) for line in lines)
    if longest > (room := image.width - size):
        size = max(6, int(size * room / longest))
        font, step = chinese_font(size), round(size * 1.4)
    top = max(0, image.height - step * len(lines) - size // 2)
    band = Image.new("RGB", (image.width, image.height - top), "black")
    image.paste(Image.blend(image.crop((0, top, *image.size)), band, 0.55), (0, top))
    draw = ImageDraw.Draw(image)
    for row, line in enumerate(lines):
        draw.text((size // 2, top + size // 4 + row * step), line, font=font, fill="white")


def as_jpeg(image: Image.Image, quality: int) -> bytes:
    """The image as a JPEG file; what is in ``image.info`` besides pixels does not go along."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()
