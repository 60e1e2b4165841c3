"""Faces are found and made unrecognisable in the public copy, upright or turned, whatever the photo's size."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter
from PIL.ExifTags import Base

from media import faults
from media.faces import private_boxes
from media.render import public_copy
from tests.media.makers import a_picture, as_file

PLACE = (900, 500)
SIZE = 320


def a_face(size: int = SIZE) -> Image.Image:
    """A face of our own drawing, with the shades by which faces are found."""
    image = Image.new("L", (size, size), 200)
    draw, s = ImageDraw.Draw(image), size / 100
    for shape, shade in [((15, 2, 85, 98), 225), ((14, 0, 86, 40), 60), ((18, 18, 82, 60), 225), ((44, 61, 56, 67), 150),
                         ((35, 73, 65, 82), 120)]:  # fmt: skip
        draw.ellipse([edge * s for edge in shape], fill=shade)
    for x in (34, 66):
        draw.rectangle([(x - 11) * s, 30 * s, (x + 11) * s, 34 * s], fill=80)
        draw.ellipse([(x - 10) * s, 36 * s, (x + 10) * s, 48 * s], fill=150)
        draw.ellipse([(x - 7) * s, 38 * s, (x + 7) * s, 47 * s], fill=40)
    return image.filter(ImageFilter.GaussianBlur(size / 60))


def a_scene(turned: bool = False) -> io.BytesIO:
    """A photo of 2400 × 1600 pixels with that face in it; ``turned``: lying, with an EXIF orientation that says so."""
    scene, exif, out = Image.new("RGB", (2400, 1600), (190, 190, 190)), Image.Exif(), io.BytesIO()
    scene.paste(a_face().convert("RGB"), PLACE)
    if turned:
        scene, exif[Base.Orientation] = scene.transpose(Image.Transpose.ROTATE_90), 6
    scene.save(out, "JPEG", quality=92, exif=exif)
    out.seek(0)
    return out


def covers(boxes) -> bool:
    x, y = PLACE[0] + SIZE // 2, PLACE[1] + SIZE // 2
    return any(left < x < right and top < y < bottom for left, top, right, bottom in boxes)


@pytest.mark.parametrize("turned", [False, True])
def test_a_face_is_found_where_it_is_however_the_phone_was_held(turned):
    assert covers(private_boxes(a_scene(turned)))


def test_a_wall_without_anybody_hides_nothing():
    assert private_boxes(as_file(Image.new("RGB", (1600, 1200), (200, 190, 180)))) == []


def test_the_public_copy_shows_no_face_any_more():
    boxes = private_boxes(a_scene())
    shown = np.asarray(
        Image.open(io.BytesIO(public_copy(a_scene(), boxes))).convert("L").resize((2400, 1600)), dtype=int
    )
    before = np.asarray(Image.open(a_scene()).convert("L"), dtype=int)
    x, y = PLACE[0] + SIZE // 2, PLACE[1] + SIZE // 2
    assert np.abs(shown - before)[y - 60 : y + 60, x - 60 : x + 60].mean() > 10


def test_what_is_no_photo_is_refused():
    with pytest.raises(faults.NotAnImage):
        private_boxes(io.BytesIO(b"no photo at all"))


def test_a_busy_picture_ends_in_boxes_within_its_edges():
    picture = a_picture()
    for left, top, right, bottom in private_boxes(as_file(picture)):
        assert 0 <= left < right <= picture.width
        assert 0 <= top < bottom <= picture.height
