"""What is looked at in evidence once it has arrived: kinds, copies, doubts, the same photo anywhere in the city."""

import io
import runpy
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import text

from backend import migrations
from backend.inspections import evidence
from backend.inspections.likenesses import ALIKE_ONES, alike_ones
from backend.inspections.models import EvidenceState
from backend.times import utc_now
from media.likeness import bands, likeness, pieces
from media.looking import look_at
from media.store import open_store
from tests.inspections.makers import codes, sent_file, tasks_of_one_officer
from tests.media.makers import a_bucket, a_picture, as_file, some_exif

RECORDINGS = {
    "video/mp4": b"\0\0\0\x20ftypisom\0\0\2\0", "audio/mp4": b"\0\0\0\x1cftypM4A \0\0\0\0", "video/webm": b"\x1a\x45\xdf\xa3",
    "audio/ogg": b"OggS\0\2\0\0", "audio/mpeg": b"ID3\4\0", "audio/wav": b"RIFF\x24\0\0\0WAVEfmt ",
}  # fmt: skip


@pytest.fixture
def visits(session, tmp_path, monkeypatch):
    monkeypatch.setattr(evidence, "store", lambda: open_store(f"file://{tmp_path}"))
    return tasks_of_one_officer(session)


@pytest.mark.parametrize("kind", ["JPEG", "HEIF", "PNG"])
def test_a_photo_gets_its_small_copy_and_one_with_a_watermark(session, visits, kind):
    actor, (task, _) = visits
    kept = sent_file(session, actor, task, as_file(a_picture(800, 600), kind).getvalue())
    assert (kept.state, codes(kept)) == (EvidenceState.KEPT, [])
    for copy in (kept.thumbnail, kept.watermarked):
        with evidence.store().open(copy) as file, Image.open(file) as image:
            assert image.format == "JPEG"


@pytest.mark.parametrize(("mime", "start"), RECORDINGS.items())
def test_sound_and_video_are_kept_as_they_are_without_a_fault(session, visits, mime, start):
    actor, (task, _) = visits
    kept = sent_file(session, actor, task, start + b"\1" * 4000)
    assert (kept.mime, kept.state, codes(kept), kept.thumbnail) == (mime, EvidenceState.KEPT, [], None)


def test_all_of_it_works_with_a_bucket_as_well(session, visits, monkeypatch):
    actor, (task, _) = visits
    with a_bucket(monkeypatch) as bucket:
        monkeypatch.setattr(evidence, "store", lambda: bucket)
        kept = sent_file(session, actor, task, as_file(a_picture()).getvalue())
        assert all(bucket.has(sha256) for sha256 in (kept.sha256, kept.thumbnail, kept.watermarked))
        sound = sent_file(session, actor, task, RECORDINGS["audio/ogg"] + bytes(9_000_000))
        assert (sound.mime, bucket.size(sound.sha256)) == ("audio/ogg", sound.size)


def test_what_is_nothing_known_is_kept_and_flagged(session, visits):
    actor, (task, _) = visits
    kept = sent_file(session, actor, task, b"<html>not a photo")
    assert (kept.mime, kept.state, codes(kept)) == (evidence.UNKNOWN, EvidenceState.KEPT, ["not-an-image"])


def test_a_file_in_quarantine_stays_there_untouched(session, visits):
    actor, (task, _) = visits
    kept = sent_file(session, actor, task, as_file(a_picture()).getvalue(), whole=False)
    assert (kept.state, kept.thumbnail) == (EvidenceState.QUARANTINED, None)


def test_the_same_photo_at_another_visit_is_found_though_scaled_and_written_anew(session, visits):
    actor, (first, second) = visits
    original = a_picture(1200, 900, seed=5)
    kept = sent_file(session, actor, first, as_file(original, quality=92).getvalue())
    again = sent_file(session, actor, second, as_file(original.resize((640, 480)), quality=60).getvalue())
    (flag,) = again.flags
    assert (flag["code"], flag["evidence"], flag["task"]) == ("seen_before", str(kept.id), first.number)
    other = sent_file(session, actor, second, as_file(a_picture(1200, 900, seed=6)).getvalue())
    assert codes(other) == []


def test_the_same_photo_twice_within_a_visit_or_of_nothing_is_no_doubt(session, visits):
    actor, (first, second) = visits
    photo, black = (
        as_file(a_picture()).getvalue(),
        [Image.new("RGB", (s, s), (n, n, n)) for s, n in ((300, 3), (320, 9))],
    )
    assert codes(sent_file(session, actor, first, photo)) == codes(sent_file(session, actor, first, photo)) == []
    dark = [as_file(image).getvalue() for image in black]
    assert codes(sent_file(session, actor, first, dark[0])) == codes(sent_file(session, actor, second, dark[1])) == []


def test_two_signatures_may_look_alike(session, visits):
    actor, (first, second) = visits
    drawn = a_picture(500, 200)
    signed = [as_file(drawn.resize(size), "PNG").getvalue() for size in ((500, 200), (400, 160))]
    assert codes(sent_file(session, actor, first, signed[0], purpose="signature")) == []
    kept = sent_file(session, actor, second, signed[1], purpose="signature")
    assert (codes(kept), kept.mime, kept.watermarked) == ([], "image/png", None)
    assert kept.thumbnail


def test_the_same_recording_at_another_visit_is_found_by_its_bytes(session, visits):
    actor, (first, second) = visits
    sound = RECORDINGS["audio/ogg"] + b"\7" * 900
    sent_file(session, actor, first, sound)
    assert codes(sent_file(session, actor, second, sound)) == ["seen_before"]


def test_what_a_photo_says_of_itself_is_compared_with_its_phone(session, visits):
    actor, (task, _) = visits
    old = as_file(a_picture(seed=9), exif=some_exif().tobytes()).getvalue()
    kept = sent_file(session, actor, task, old, at=utc_now(), lon=107.3, lat=33.0676)
    assert codes(kept) == ["exif_time_differs", "exif_satellites_differ", "exif_place_differs"]
    exif = some_exif()
    exif[0x0131] = "Adobe Photoshop 27"
    edited = as_file(a_picture(seed=10), exif=exif.tobytes()).getvalue()
    assert codes(sent_file(session, actor, task, edited)) == ["edited"]


@effort(max_examples=25)
@given(
    seed=st.integers(0, 10**6),
    scale=st.floats(0.35, 1.0),
    quality=st.integers(40, 95),
    kind=st.sampled_from(["JPEG", "WEBP"]),
)
def test_every_copy_of_a_photo_shares_a_piece_with_it(seed, scale, quality, kind):
    picture = a_picture(800, 600, seed)
    copy = picture.resize((round(800 * scale), round(600 * scale)), Image.Resampling.BICUBIC)
    one, other = (look_at(as_file(image, kind, quality=quality)).likeness for image in (picture, copy))
    assert set(pieces(one)) & set(pieces(other))


@given(st.integers(-(2**63), 2**63 - 1))
def test_pieces_tell_their_place_and_fit_a_small_column(hash_):
    assert [piece & 1023 for piece in pieces(hash_)] == bands(hash_)
    assert [piece >> 10 for piece in pieces(hash_)] == list(range(7))
    assert max(pieces(hash_)) < 2**15


def test_likenesses_of_before_were_cut_as_they_are_cut_now():
    migration = Path(migrations.__path__[0]) / "versions" / "0018_evidence_checks.py"
    cuts = runpy.run_path(str(migration))["CUTS"]
    assert [(1 << (end - start)) - 1 for start, end in pairwise(cuts)] == bands(-1)
    assert bands(1 << cuts[3]) == [0, 0, 0, 1, 0, 0, 0]


def test_one_look_sees_the_same_likeness_as_the_whole_picture():
    file = as_file(a_picture(1600, 1200, 4))
    assert (look_at(file).likeness ^ likeness(file)).bit_count() <= 2
    assert look_at(io.BytesIO(as_file(Image.new("RGB", (64, 64))).getvalue())).plain


def test_the_search_reads_the_index_alone(session, visits):
    actor, (task, _) = visits
    kept = sent_file(session, actor, task, as_file(a_picture(seed=3)).getvalue(), at=utc_now() - timedelta(hours=1))
    asked = {"likeness": kept.likeness, "pieces": pieces(kept.likeness), "alike": 6, "most": 5}
    plan = "\n".join(session.scalars(text(f"explain {ALIKE_ONES.text}"), asked))
    assert "likeness_pieces_pkey" in plan
    assert "Seq Scan" not in plan
    near = kept.likeness ^ 0b111011  # five bits further
    assert alike_ones(session, near) == [(kept.id, 5)]
