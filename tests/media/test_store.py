"""A store keeps bytes under their hash, once, whole or not at all."""

import io
import os
import signal
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import faults
from media.store import FolderStore, open_store
from tests.media.makers import Cut, sha256, some_bytes

WRITER = """
import sys
from pathlib import Path
from media.store import FolderStore
print("ready", flush=True)
FolderStore(Path(sys.argv[1])).put(sys.stdin.buffer.raw)
"""


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@given(data=st.binary(max_size=3000))
def test_what_is_put_can_be_read_by_its_hash(tmp_path_factory, data):
    store = FolderStore(tmp_path_factory.mktemp("store"))
    name = store.put(io.BytesIO(data))
    assert name == sha256(data)
    assert (store.has(name), store.size(name), store.open(name).read()) == (True, len(data), data)


def test_the_same_bytes_are_written_once(tmp_path):
    store, data = FolderStore(tmp_path), some_bytes(1000)
    name = store.put(io.BytesIO(data))
    first = files(tmp_path)[0].stat()
    (tmp_path / "given").write_bytes(data)
    assert store.put(tmp_path / "given") == name
    assert store.open(name).fileno() > 0
    assert [path.stat().st_ino for path in files(tmp_path) if path.name == name] == [first.st_ino]


def test_a_blob_is_not_writable(tmp_path):
    FolderStore(tmp_path).put(io.BytesIO(b"evidence"))
    assert files(tmp_path)[0].stat().st_mode & 0o222 == 0


def test_bytes_of_another_hash_than_named_are_not_kept(tmp_path):
    with pytest.raises(faults.DigestDiffers) as told:
        FolderStore(tmp_path).put(io.BytesIO(b"evidence"), sha256(b"other"))
    assert told.value.facts == {"announced": sha256(b"other"), "found": sha256(b"evidence")}
    assert files(tmp_path) == []


def test_a_source_that_breaks_off_leaves_nothing(tmp_path):
    with pytest.raises(ConnectionResetError):
        FolderStore(tmp_path).put(Cut(some_bytes(5000)))
    assert files(tmp_path) == []


@pytest.mark.parametrize("name", ["", "../../../etc/passwd", "0" * 63, "G" * 64, "0" * 64])
def test_what_is_not_there_is_not_found(tmp_path, name):
    store = FolderStore(tmp_path)
    assert not store.has(name)
    for question in (store.open, store.size, store.address):
        with pytest.raises(FileNotFoundError):
            question(name)


def test_a_blob_that_the_disk_cut_short_is_made_good(tmp_path):
    store, data = FolderStore(tmp_path), some_bytes(1000)
    name = store.put(io.BytesIO(data))
    place = files(tmp_path)[0]
    place.chmod(0o640)
    os.truncate(place, 10)
    store.put(io.BytesIO(data))
    assert store.open(name).read() == data


def test_a_killed_writer_leaves_no_blob_and_its_draft_is_swept(tmp_path):
    how = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], **how) as writer:
        assert writer.stdout.readline() == b"ready\n"
        writer.stdin.write(some_bytes(50_000))
        writer.stdin.flush()
        time.sleep(0.2)
        writer.send_signal(signal.SIGKILL)
    store = FolderStore(tmp_path)
    assert [path.name[:7] for path in files(tmp_path)] == [".draft-"]
    assert store.sweep(time.time() - 60) == 0
    assert store.sweep(time.time() + 60) == 1
    assert files(tmp_path) == []


def test_a_store_is_opened_by_its_url(tmp_path):
    folder = tmp_path / "with space 证据"
    name = open_store(folder.as_uri()).put(io.BytesIO(b"x"))
    assert FolderStore(folder).address(name).startswith("file:///")


@pytest.mark.parametrize("url", ["", "/plain/path", "file:", "http://host/x", "s3:///prefix", "file://otherhost/x"])
def test_a_url_that_names_no_store_says_which_do(url):
    with pytest.raises(faults.StoreUrlUnknown) as told:
        open_store(url)
    assert "file:///folder" in told.value.facts["known"]
