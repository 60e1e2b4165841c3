"""Faces and number plates in a photo, found without a network by the cascades that come with OpenCV.

They find faces that look at the camera or stand in profile, and plates seen from the front, in fair light. They miss faces that are
turned away, covered, small (under 1/40 of the photo's longer side), and many plates; so nothing goes public on their word alone.
"""

from functools import cache
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
from cv2.typing import MatLike
from PIL import Image

from media.render import Box, upright

SIDE = 1280
"""Pixels of the longer side in which is searched: smaller faces tell nobody, larger pictures only cost time"""
SMALLEST = SIDE // 40
MARGIN = 0.15
"""Of its size by which a found box is widened: hair, chin and ears belong to a face"""
FACES = ("haarcascade_frontalface_default.xml", "haarcascade_frontalface_alt2.xml", "haarcascade_profileface.xml")
PLATES = ("haarcascade_russian_plate_number.xml", "haarcascade_license_plate_rus_16stages.xml")


def private_boxes(source: BinaryIO) -> list[Box]:
    """Where faces and plates seem to be: (left, top, right, bottom) in pixels of the upright image at its full size.

    May hold too much, and may miss some. Raises NotAnImage, TooManyPixels, TooManyBytes.
    """
    image, full = upright(source, SIDE)
    scale = full[0] / image.width
    return [_widened(box, scale, full) for box in _found(image)]


def _found(image: Image.Image) -> list[Box]:
    grey = cv2.equalizeHist(np.asarray(image.convert("L")))
    seen = [box for name in (*FACES, *PLATES) for box in _seen(name, grey)]
    mirrored = [_mirrored(box, image.width) for box in _seen(FACES[-1], np.ascontiguousarray(grey[:, ::-1]))]
    return sorted({*seen, *mirrored})


def _seen(name: str, grey: MatLike) -> list[Box]:
    found = _cascade(name).detectMultiScale(grey, scaleFactor=1.1, minNeighbors=4, minSize=(SMALLEST, SMALLEST // 3))
    return [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h in found]


def _mirrored(box: Box, width: int) -> Box:
    left, top, right, bottom = box
    return width - right, top, width - left, bottom


def _widened(box: Box, scale: float, full: tuple[int, int]) -> Box:
    left, top, right, bottom = (edge * scale for edge in box)
    x, y = (right - left) * MARGIN, (bottom - top) * MARGIN
    return max(0, int(left - x)), max(0, int(top - y)), min(full[0], int(right + x)), min(full[1], int(bottom + y))


@cache
def _cascade(name: str) -> cv2.CascadeClassifier:
    return cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / name))
