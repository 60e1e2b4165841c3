"""What a photo is and says, whatever its name or header claims."""

import io
import struct
import warnings
import zlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from media import faults
from media.exif import Exif, read_exif
from media.sniff import MOST_BYTES, Sniffed, kind_of, must_decode, sniff
from tests.media.makers import a_picture, as_file, some_bytes, some_exif

KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/heic"}


def a_bomb(width, height):
    """A PNG whose header promises more pixels than anyone wants to decode, in a hundred bytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("kind", "mime"), KINDS.items())
def test_a_photo_is_known_by_its_content(kind, mime):
    photo = as_file(a_picture(320, 240), kind)
    assert sniff(photo) == Sniffed(mime, 320, 240)
    assert kind_of(photo) == mime
    must_decode(photo.getvalue())


@pytest.mark.parametrize(
    ("start", "mime"),
    [
        (b"\0\0\0\x20ftypisom\0\0\2\0", "video/mp4"),
        (b"\0\0\0\x14ftypqt  \0\0\2\0", "video/quicktime"),
        (b"\0\0\0\x1cftypM4A \0\0\0\0", "audio/mp4"),
        (b"\x1a\x45\xdf\xa3\x01\0\0\0", "video/webm"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
        (b"OggS\0\2\0\0", "audio/ogg"),
        (b"#!AMR\n", "audio/amr"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"%PDF-1.7", "application/pdf"),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_video_and_sound_are_known_but_are_no_photo(start, mime):
    assert kind_of(io.BytesIO(start)) == mime
    with pytest.raises(faults.NotAnImage):
        sniff(io.BytesIO(start))


@pytest.mark.parametrize("size", [(12_000, 12_000), (40_000, 40_000)])
def test_a_decompression_bomb_is_refused_before_it_goes_off(size):
    bomb = a_bomb(*size)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for look in (sniff, lambda source: must_decode(source.read())):
            with pytest.raises(faults.TooManyPixels):
                look(io.BytesIO(bomb))


def test_a_file_too_large_for_a_photo_is_refused_unread():
    class Endless(io.BytesIO):
        def seek(self, offset, whence=0):
            return MOST_BYTES + 1 if whence == io.SEEK_END else super().seek(offset, whence)

    with pytest.raises(faults.TooManyBytes):
        sniff(Endless(b"\xff\xd8\xff"))


@pytest.mark.parametrize("kept", [0.02, 0.5, 0.95])
def test_half_a_photo_does_not_decode(kept):
    photo = as_file(a_picture()).getvalue()
    with pytest.raises(faults.NotAnImage):
        must_decode(photo[: int(len(photo) * kept)])


@given(junk=st.binary(max_size=300), start=st.sampled_from([b"", b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"RIFF"]))
@example(junk=some_bytes(200), start=b"\0\0\0\x18ftypheic")
def test_junk_is_a_clear_no_and_says_nothing(junk, start):
    with pytest.raises(faults.MediaFault):
        must_decode(start + junk)
    assert read_exif(io.BytesIO(start + junk)) == Exif()


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "HEIF", "PNG"])
def test_a_photo_tells_when_where_and_by_what_it_was_taken(kind):
    told = read_exif(as_file(a_picture(), kind, exif=some_exif().tobytes()))
    assert told.taken_at == datetime(2026, 6, 1, 9, 30, tzinfo=timezone(timedelta(hours=8)))
    assert (told.lon, told.lat) == (pytest.approx(107.0318, abs=1e-6), pytest.approx(33.0676, abs=1e-6))
    assert (told.device, told.software, told.accuracy_m) == ("Lot Field 3", "camera 1.2", 12.5)
    assert told.fixed_at == datetime(2026, 6, 1, 1, 30, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"offset": "+09:00"}, datetime(2026, 6, 1, 0, 30, tzinfo=UTC)),
        ({"offset": "nonsense"}, datetime(2026, 6, 1, 1, 30, tzinfo=UTC)),
        ({"time": "0000:00:00 00:00:00"}, None),
        ({"time": "2026:06:01 09:30:00\0\0"}, datetime(2026, 6, 1, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_time_is_taken_as_it_is_meant_or_not_at_all(written, told):
    assert read_exif(as_file(a_picture(), exif=some_exif(**written).tobytes())).taken_at == told


@pytest.mark.parametrize("lat", [(95.0, 0.0, 0.0), (IFDRational(1, 0),) * 3, (1.0, 2.0)])
def test_a_place_that_is_none_is_not_told(lat):
    told = read_exif(as_file(a_picture(), exif=some_exif(lat=lat).tobytes()))
    assert (told.lon, told.lat) == (None, None)
    assert told.device == "Lot Field 3"


def test_padding_in_a_header_does_not_reach_a_database():
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Lot\0\0\0", "Field\x07 3" + "x" * 200
    told = read_exif(as_file(a_picture(), exif=exif.tobytes())).device
    assert told.startswith("Lot Field 3x")
    assert len(told) == 80
    assert told.isprintable()
