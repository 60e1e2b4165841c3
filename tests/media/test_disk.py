"""Locks and small files on disk, under kills and replacements."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from media.disk import locked, make_folder, write_whole


def waiting_for(place, act):
    """What happens to one who waits for the lock of a file, to which ``act`` happens meanwhile: the bytes it then finds."""
    begun = threading.Event()

    def wait():
        begun.set()
        with locked(place):
            return place.read_bytes()

    with ThreadPoolExecutor(1) as workers:
        with locked(place):
            waiter = workers.submit(wait)
            assert begun.wait(10)
            time.sleep(0.05)
            act()
        return waiter.result(10)


def test_who_waits_for_a_file_that_goes_is_told_so(tmp_path):
    place = tmp_path / "info"
    write_whole(place, b"first")
    with pytest.raises(FileNotFoundError):
        waiting_for(place, place.unlink)


def test_who_waits_for_a_file_that_is_replaced_waits_for_the_new_one(tmp_path):
    place, other = tmp_path / "info", threading.Event()
    write_whole(place, b"first")

    def hold_the_new_one():
        write_whole(place, b"second")
        keeper.submit(keep)
        assert other.wait(10)

    def keep():
        with locked(place):
            other.set()
            time.sleep(0.2)
            place.write_bytes(b"third")

    with ThreadPoolExecutor(1) as keeper:
        assert waiting_for(place, hold_the_new_one) == b"third"


def test_a_small_file_is_never_seen_half_written(tmp_path):
    place, seen = tmp_path / "info", set()
    versions = [bytes([65 + n]) * 5000 for n in range(30)]
    write_whole(place, versions[0])
    with ThreadPoolExecutor(1) as workers:
        writer = workers.submit(lambda: [write_whole(place, version) for version in versions])
        while not writer.done():
            seen.add(place.read_bytes())
    assert seen <= set(versions)
    assert list(tmp_path.glob(".draft-*")) == []


def test_many_may_make_the_same_folder_at_once(tmp_path):
    with ThreadPoolExecutor(8) as workers:
        list(workers.map(lambda _: make_folder(tmp_path / "a" / "b" / "c"), range(8)))
    assert (tmp_path / "a" / "b" / "c").is_dir()
