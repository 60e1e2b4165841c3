"""Many writers of one upload: in threads and in processes, one wins at each offset and none mixes its bytes with another's."""

import io
import multiprocessing
import threading
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from media import faults
from media.store import FolderStore
from media.uploads import Uploads
from tests.media.makers import ID, LARGEST, Slow, begun, sent, sha256, some_bytes

WRITERS, PIECE, PIECES = 12, 3000, 40


def write_and_count_wins(folder, writer):
    """Write one's own letter wherever the upload stands, until it is whole."""
    uploads, wins = Uploads(folder, LARGEST), 0
    while not (upload := uploads.get(ID)).whole:
        try:
            uploads.append(ID, upload.offset, io.BytesIO(bytes([65 + writer]) * PIECE))
            wins += 1
        except faults.OffsetMoved:
            pass
    return wins


@pytest.mark.parametrize("pool", ["threads", "processes"])
def test_of_twelve_racing_writers_one_wins_at_each_offset(tmp_path, pool):
    uploads = begun(tmp_path, b"?" * (PIECE * PIECES))
    started = (
        ThreadPoolExecutor(WRITERS)
        if pool == "threads"
        else ProcessPoolExecutor(WRITERS, multiprocessing.get_context("spawn"))
    )
    with started as workers:
        wins = list(workers.map(write_and_count_wins, [tmp_path] * WRITERS, range(WRITERS)))
    written = uploads.open(ID).read()
    letters = [set(written[at : at + PIECE]) for at in range(0, len(written), PIECE)]
    assert len(letters) == sum(wins) == PIECES
    assert all(len(letter) == 1 for letter in letters)
    assert Counter(letter.pop() - 65 for letter in letters) == Counter({w: n for w, n in enumerate(wins) if n})


def test_twelve_writers_at_the_same_moment_and_offset_are_one_winner_and_eleven_refused(tmp_path):
    uploads, start = begun(tmp_path, b"?" * PIECE), threading.Barrier(WRITERS)

    def write(writer):
        start.wait()
        try:
            return sent(uploads, 0, bytes([65 + writer]) * PIECE).whole
        except faults.OffsetMoved:
            return False

    with ThreadPoolExecutor(WRITERS) as workers:
        won = list(workers.map(write, range(WRITERS)))
    assert won.count(True) == 1
    assert uploads.open(ID).read() == bytes([65 + won.index(True)]) * PIECE


def test_a_stale_slow_writer_cannot_touch_what_a_later_one_committed(tmp_path):
    data = some_bytes(20_000)
    uploads, stale = begun(tmp_path, data), Slow(b"x" * 8000)
    with ThreadPoolExecutor(1) as workers:
        slow = workers.submit(uploads.append, ID, 0, stale)
        assert stale.waiting.wait(20)
        assert sent(uploads, 0, data[:12_000]).offset == 12_000
        stale.go.set()
        with pytest.raises(faults.OffsetMoved) as told:
            slow.result(20)
    assert told.value.facts == {"offset": 12_000}
    assert sent(uploads, 12_000, data[12_000:]).whole
    assert uploads.finish(ID).matches


def test_a_slow_writer_holds_nobody_up(tmp_path):
    data, other = some_bytes(20_000), "other-upload"
    uploads, slow = begun(tmp_path, data), Slow(data)
    begun(tmp_path, data, other)
    with ThreadPoolExecutor(1) as workers:
        waiting = workers.submit(uploads.append, ID, 0, slow)
        assert slow.waiting.wait(20)
        assert uploads.get(ID).offset == 0
        assert sent(uploads, 0, data, other).whole
        slow.go.set()
        assert waiting.result(20).whole


def test_an_upload_removed_under_a_slow_writer_stays_removed(tmp_path):
    data = some_bytes(20_000)
    uploads, slow = begun(tmp_path, data), Slow(data)
    with ThreadPoolExecutor(1) as workers:
        waiting = workers.submit(uploads.append, ID, 0, slow)
        assert slow.waiting.wait(20)
        uploads.remove(ID)
        slow.go.set()
        with pytest.raises(faults.NoSuchUpload):
            waiting.result(20)
    with pytest.raises(faults.NoSuchUpload):
        uploads.get(ID)


def test_twelve_announcements_at_once_make_one_upload(tmp_path):
    with ThreadPoolExecutor(WRITERS) as workers:
        made = list(workers.map(lambda _: begun(tmp_path, b"abc").get(ID).created, range(WRITERS)))
    assert len(set(made)) == 1
    assert list(tmp_path.glob(".draft-*")) == []


def test_twelve_announcements_at_once_do_not_exceed_the_allowance(tmp_path):
    uploads = Uploads(tmp_path, LARGEST, allowance=5000)

    def announce(number):
        try:
            return uploads.create(f"upload-{number}", length=1000, sha256="0" * 64, facts={}, owner="phone")
        except faults.AllowanceSpent:
            return None

    with ThreadPoolExecutor(WRITERS) as workers:
        made = [upload for upload in workers.map(announce, range(WRITERS)) if upload]
    assert len(made) == 5


def test_an_upload_that_becomes_whole_while_expiry_runs_is_never_lost(tmp_path):
    for number in range(30):
        id_ = f"upload-{number}"
        uploads = begun(tmp_path, b"x" * 100, id_)
        with ThreadPoolExecutor(2) as workers:
            sending = workers.submit(sent, uploads, 0, b"x" * 100, id_)
            expiring = workers.submit(uploads.expire, time.time() + 60)
        if id_ not in expiring.result():
            assert sending.result().whole
            assert uploads.finish(id_).matches
        else:
            assert isinstance(sending.exception(), faults.NoSuchUpload)


def test_twelve_writers_of_the_same_blob_keep_one(tmp_path):
    data = some_bytes(300_000)
    with ThreadPoolExecutor(WRITERS) as workers:
        names = set(workers.map(lambda _: FolderStore(tmp_path).put(io.BytesIO(data)), range(WRITERS)))
    assert names == {sha256(data)}
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
