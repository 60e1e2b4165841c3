"""Copies for looking at, and the same photo found again."""

import io
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from media import faults, fonts
from media.likeness import ALIKE, bands, bits_apart, is_plain, likeness
from media.render import public_copy, thumbnail, watermarked
from tests.media.makers import a_picture, as_file, some_exif

COPIES = [thumbnail, public_copy, lambda source: watermarked(source, ["汉台区 2026-06-01 09:30"])]
INT64 = st.integers(-(2**63), 2**63 - 1)


def shown(data):
    return Image.open(io.BytesIO(data))


def difference(one, other):
    return np.abs(np.asarray(one, dtype=int) - np.asarray(other, dtype=int)).mean()


@pytest.fixture
def chinese():
    try:
        return fonts.chinese_font(20)
    except faults.NoFont:
        pytest.skip("no Chinese font is installed")


@pytest.mark.parametrize("copy", COPIES)
def test_a_copy_carries_no_metadata(copy, chinese):
    exif, profile = some_exif(), ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    source = as_file(a_picture(), exif=exif.tobytes(), comment=b"taken by Li Wei", icc_profile=profile)
    data = copy(source)
    for told in (b"Lot", b"Field 3", b"Li Wei", b"Exif", b"ICC_PROFILE", b"http"):
        assert told not in data
    assert set(shown(data).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("copy", COPIES)
def test_a_comment_is_left_behind_also_where_no_colours_are_converted(copy, chinese):
    assert b"Li Wei" not in copy(as_file(a_picture(), comment=b"taken by Li Wei"))


def test_a_copy_of_a_png_carries_none_of_its_texts():
    text = PngInfo()
    text.add_text("Author", "Li Wei")
    assert b"Li Wei" not in public_copy(as_file(a_picture(), "PNG", pnginfo=text))


@pytest.mark.parametrize(("orientation", "turned"), [(3, 180), (6, -90), (8, 90)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_copy_is_upright(kind, orientation, turned):
    picture = a_picture(400, 300)
    copy = shown(public_copy(as_file(picture, kind, exif=some_exif(orientation=orientation).tobytes())))
    upright = picture.rotate(turned, expand=True)
    assert copy.size == upright.size
    assert difference(copy, upright) < 6


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "I;16"])
def test_every_kind_of_picture_gets_a_thumbnail(mode):
    source = as_file(a_picture(800, 600).convert("L").convert(mode) if mode != "P" else a_picture().convert("P"), "PNG")
    small = shown(thumbnail(source, 100))
    assert (max(small.size), small.mode) == (100, "RGB")


def test_what_is_transparent_is_shown_on_white():
    assert shown(thumbnail(as_file(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"))).getpixel((25, 25)) == (255,) * 3


def test_a_watermark_is_written_below_in_chinese_and_leaves_the_rest(chinese):
    picture = a_picture(1200, 900)
    marked = shown(watermarked(as_file(picture, quality=95), ["汉台区市场监管局 · 现场检查", "2026-06-01 09:30"]))
    assert marked.size == picture.size
    assert difference(marked.crop((0, 0, 1200, 700)), picture.crop((0, 0, 1200, 700))) < 3
    assert difference(marked.crop((0, 800, 1200, 900)), picture.crop((0, 800, 1200, 900))) > 10
    drawn = [bytes(chinese.getmask(letter)) for letter in "汉台市"]
    assert len(set(drawn)) == 3, "boxes in place of characters"


def test_a_line_too_long_for_a_photo_is_made_smaller(chinese):
    marked = shown(watermarked(as_file(Image.new("RGB", (300, 300), "black")), ["很长的一行文字" * 6]))
    right = np.asarray(marked.convert("L"))[:, 296:]
    assert right.max() < 60


def test_a_font_that_is_not_there_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("FIELDLOT_FONT", str(tmp_path / "none.ttf"))
    fonts._found.cache_clear()
    with pytest.raises(faults.NoFont):
        fonts._found()
    monkeypatch.undo()
    fonts._found.cache_clear()


def test_what_is_hidden_cannot_be_seen():
    chance = np.random.default_rng(3).integers(0, 255, (300, 400, 3), dtype=np.uint8)
    picture = Image.fromarray(chance)
    box = (100, 50, 260, 210)
    copy = shown(public_copy(as_file(picture, "PNG"), hide=[box, (390, 290, 999, 999), (50, 50, 10, 10)]))
    hidden = np.asarray(copy.crop(box).convert("L"), dtype=float)
    squares = hidden.reshape(8, 20, 8, 20).std(axis=(1, 3))
    assert squares.mean() < 6
    beside = (0, 220, 300, 280)
    assert difference(copy.crop(beside).convert("L"), picture.crop(beside).convert("L")) < 12


@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_what_is_hidden_is_hidden_at_its_place_also_in_a_scaled_and_turned_photo(orientation):
    face, size = (900, 300, 1100, 500), (3200, 2400)
    upright = Image.new("RGB", size, "black")
    upright.paste(Image.effect_noise((200, 200), 200).convert("RGB"), face[:2])
    stored = upright.rotate({1: 0, 3: 180, 6: 90}[orientation], expand=True)
    source = as_file(stored, quality=95, exif=some_exif(orientation=orientation).tobytes())
    bare, hidden = (shown(public_copy(source, hide=hide)).convert("L") for hide in ([], [face]))
    place = tuple(side // 2 for side in face)
    assert bare.size == hidden.size == (1600, 1200)
    assert np.asarray(bare.crop(place)).std() > 30
    assert np.asarray(hidden.crop(place)).std() < 25
    assert np.asarray(hidden.crop((0, 0, 440, 1200))).max() < 10


def test_the_same_photo_is_known_after_scaling_and_recompression():
    for seed in range(10):
        picture = a_picture(1600, 1200, seed)
        first = likeness(as_file(picture, quality=92))
        for copy in (as_file(picture.resize((640, 480)), quality=40), as_file(picture, "WEBP", quality=50)):
            assert bits_apart(first, likeness(copy)) <= ALIKE


def test_different_photos_are_told_apart():
    hashes = [likeness(as_file(a_picture(seed=seed))) for seed in range(40)]
    apart = [bits_apart(a, b) for i, a in enumerate(hashes) for b in hashes[:i]]
    assert min(apart) > ALIKE


def test_a_covered_lens_shows_nothing_that_could_be_compared():
    noise = np.random.default_rng(1).normal(12, 1.5, (480, 640, 3)).clip(0, 255).astype(np.uint8)
    assert is_plain(as_file(Image.fromarray(noise)))
    assert not is_plain(as_file(a_picture()))


@given(hash_=INT64, flipped=st.sets(st.integers(0, 63), max_size=ALIKE))
def test_hashes_that_are_alike_share_a_band(hash_, flipped):
    other = hash_ ^ sum(1 << bit for bit in flipped)
    assert bits_apart(hash_, other) == len(flipped)
    assert any(a == b for a, b in zip(bands(hash_), bands(other), strict=True))


def test_the_bands_hold_every_bit():
    hash_ = random.Random(1).getrandbits(63)
    assert sum(band.bit_count() for band in bands(hash_)) == hash_.bit_count()
    assert all(0 <= band < 1024 for band in bands(-1))


@pytest.mark.parametrize("look", [thumbnail, public_copy, likeness, is_plain])
def test_what_is_no_photo_has_no_copy(look):
    with pytest.raises(faults.NotAnImage):
        look(io.BytesIO(b"<svg/>"))
