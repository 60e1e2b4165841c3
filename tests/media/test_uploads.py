"""An upload, one step after the other: what may follow what, and what is refused."""

import hashlib
import io
import time

import pytest

from media import faults
from media.store import FolderStore
from media.uploads import State, Uploads
from tests.media.makers import ID, LARGEST, Cut, begun, sent, sha256, some_bytes

DATA = some_bytes(10_000)


def whole(folder, data=DATA):
    uploads = begun(folder, data)
    sent(uploads, 0, data)
    return uploads


def test_pieces_sent_in_order_make_the_whole(tmp_path):
    uploads = begun(tmp_path, DATA)
    assert sent(uploads, 0, DATA[:4000]).offset == 4000
    done = sent(uploads, 4000, DATA[4000:])
    assert done.whole
    assert uploads.open(ID).read() == DATA
    assert uploads.finish(ID).matches


def test_announcing_again_finds_what_is_there(tmp_path):
    uploads = begun(tmp_path, DATA)
    sent(uploads, 0, DATA[:4000])
    again = uploads.create(ID, length=len(DATA), sha256=sha256(DATA).upper(), facts={"task": "another"})
    assert (again.offset, again.facts) == (4000, {"task": "t1"})


def test_an_id_announced_with_other_bytes_is_refused(tmp_path):
    uploads = begun(tmp_path, DATA)
    with pytest.raises(faults.AnotherUpload):
        uploads.create(ID, length=len(DATA), sha256=sha256(b"other"), facts={})


@pytest.mark.parametrize(
    ("id_", "length", "digest"),
    [("../../etc", 5, "0" * 64), (ID, -1, "0" * 64), (ID, 5, "0x" + "0" * 62), (ID, 5, ""), ("a/b", 5, "0" * 64)],
)
def test_a_senseless_announcement_is_refused_and_leaves_nothing(tmp_path, id_, length, digest):
    with pytest.raises(faults.BadAnnouncement):
        Uploads(tmp_path, LARGEST).create(id_, length=length, sha256=digest, facts={})
    assert list(tmp_path.iterdir()) == []


def test_a_piece_at_another_offset_is_refused_and_told_the_right_one(tmp_path):
    uploads = begun(tmp_path, DATA)
    sent(uploads, 0, DATA[:4000])
    for offset in (0, 3999, 4001):
        with pytest.raises(faults.OffsetMoved) as told:
            sent(uploads, offset, DATA[4000:])
        assert told.value.facts == {"offset": 4000}


def test_what_arrived_of_a_cut_piece_is_kept(tmp_path):
    uploads = begun(tmp_path, DATA)
    with pytest.raises(ConnectionResetError):
        uploads.append(ID, 0, Cut(DATA[:3500]))
    assert uploads.get(ID).offset == 3500
    assert sent(uploads, 3500, DATA[3500:]).whole
    assert uploads.finish(ID).matches


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "md5"])
def test_a_piece_whose_checksum_holds_is_taken(tmp_path, algorithm):
    uploads = begun(tmp_path, DATA)
    checksum = (algorithm, hashlib.new(algorithm, DATA).digest())
    assert uploads.append(ID, 0, io.BytesIO(DATA), checksum).whole


def test_a_piece_whose_checksum_differs_leaves_nothing(tmp_path):
    uploads = begun(tmp_path, DATA)
    checksum = ("sha1", hashlib.sha1(DATA).digest())  # noqa: S324
    for source in (io.BytesIO(DATA[:-1] + b"x"), Cut(DATA[:5000])):
        with pytest.raises(faults.ChecksumDiffers):
            uploads.append(ID, 0, source, checksum)
    with pytest.raises(faults.UnknownChecksum):
        uploads.append(ID, 0, io.BytesIO(DATA), ("crc32", b"1234"))
    assert uploads.get(ID).offset == 0


def test_more_than_was_announced_is_refused(tmp_path):
    uploads = begun(tmp_path, DATA)
    with pytest.raises(faults.TooMuch):
        sent(uploads, 0, DATA + b"x")
    assert uploads.get(ID).offset == 0
    with pytest.raises(faults.TooMuch):
        uploads.create("another", length=LARGEST + 1, sha256="0" * 64, facts={})


def test_other_bytes_than_announced_are_quarantined_and_kept(tmp_path):
    uploads = begun(tmp_path / "uploads", DATA)
    wrong = DATA[:-1] + bytes([DATA[-1] ^ 1])
    sent(uploads, 0, wrong)
    verdict = uploads.finish(ID)
    assert (verdict.matches, verdict.sha256) == (False, sha256(wrong))
    assert uploads.get(ID).state is State.QUARANTINED
    store = FolderStore(tmp_path / "store")
    store.put(io.BytesIO(wrong))
    with pytest.raises(faults.Quarantined):
        uploads.settle(ID, store)
    assert uploads.expire(time.time() + 1) == []
    assert uploads.open(ID).read() == wrong


def test_an_unfinished_upload_cannot_be_judged(tmp_path):
    uploads = begun(tmp_path, DATA)
    sent(uploads, 0, DATA[:10])
    with pytest.raises(faults.NotWhole):
        uploads.finish(ID)


def test_finished_evidence_can_be_neither_removed_nor_expired(tmp_path):
    uploads = whole(tmp_path)
    with pytest.raises(faults.Finished):
        uploads.remove(ID)
    assert uploads.expire(time.time() + 1) == []
    assert uploads.open(ID).read() == DATA


def test_an_unfinished_upload_can_be_removed_and_announced_anew(tmp_path):
    uploads = begun(tmp_path, DATA)
    sent(uploads, 0, DATA[:10])
    uploads.remove(ID)
    for question in (uploads.get, uploads.remove, uploads.open, uploads.finish):
        with pytest.raises(faults.NoSuchUpload):
            question(ID)
    assert begun(tmp_path, DATA).get(ID).offset == 0


def test_only_old_unfinished_uploads_expire(tmp_path):
    uploads = whole(tmp_path)
    uploads.create("unfinished", length=5, sha256="0" * 64, facts={})
    assert uploads.expire(time.time() - 60) == []
    assert uploads.expire(time.time() + 60) == ["unfinished"]
    assert uploads.get(ID).whole


def test_a_settled_upload_answers_as_whole_without_its_bytes(tmp_path):
    uploads, store = whole(tmp_path / "uploads"), FolderStore(tmp_path / "store")
    with pytest.raises(FileNotFoundError):
        uploads.settle(ID, store)
    assert uploads.open(ID).read() == DATA
    store.put(uploads.open(ID))
    uploads.settle(ID, store)
    uploads.settle(ID, store)
    assert (uploads.get(ID).whole, uploads.get(ID).state) == (True, State.SETTLED)
    assert sent(uploads, len(DATA), b"").whole
    assert uploads.expire(time.time() + 1) == [ID]


def test_an_empty_upload_is_whole_at_once(tmp_path):
    uploads = begun(tmp_path, b"")
    assert uploads.finish(ID).matches


def test_an_owner_cannot_have_more_under_way_than_allowed(tmp_path):
    uploads = Uploads(tmp_path, LARGEST, allowance=15_000)
    first = {"length": len(DATA), "sha256": sha256(DATA), "facts": {}}
    uploads.create("first", **first, owner="phone 1")
    uploads.create("first", **first, owner="phone 1")
    with pytest.raises(faults.AllowanceSpent) as told:
        uploads.create("second", **first, owner="phone 1")
    assert told.value.facts == {"limit": 15_000, "used": 10_000, "asked": 10_000}
    uploads.create("other", **first, owner="phone 2")
    uploads.append("first", 0, io.BytesIO(DATA))
    assert uploads.create("second", **first, owner="phone 1").offset == 0
    uploads.remove("second")
    assert uploads.create("third", **first, owner="phone 1").offset == 0


def test_an_upload_that_would_fill_the_disk_is_refused_beforehand(tmp_path):
    uploads = Uploads(tmp_path, LARGEST, spare=2**60)
    with pytest.raises(faults.NoRoom):
        uploads.create(ID, length=1, sha256="0" * 64, facts={})
