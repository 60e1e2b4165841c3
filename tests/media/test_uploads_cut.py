"""What must hold of every upload, however it was cut, repeated, killed or starved of disk."""

import hashlib
import io
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media import faults
from tests.media.makers import ID, Cut, begun, sha256, some_bytes

SENDER = """
import io, sys
from pathlib import Path
from media.uploads import Uploads
uploads, piece, data = Uploads(Path(sys.argv[1]), 2**30), int(sys.argv[2]), Path(sys.argv[3]).read_bytes()
while not (upload := uploads.get(sys.argv[4])).whole:
    done = uploads.append(upload.id, upload.offset, io.BytesIO(data[upload.offset : upload.offset + piece]))
    print(done.offset, flush=True)
"""
LISTENER = """
import sys
from pathlib import Path
from media.uploads import Uploads
uploads = Uploads(Path(sys.argv[1]), 2**30)
print("ready", flush=True)
uploads.append(sys.argv[2], int(sys.argv[3]), sys.stdin.buffer.raw)
"""
STARVED = """
import io, resource, sys
from pathlib import Path
from media.faults import NoRoom
from media.uploads import Uploads
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
uploads = Uploads(Path(sys.argv[1]), 2**30)
uploads.append(sys.argv[2], 0, io.BytesIO(b"a" * 60_000))
for length in (80_000, 120_000):
    try:
        uploads.append(sys.argv[2], 60_000, io.BytesIO(b"b" * length))
    except NoRoom:
        print("no room")
"""


def python(program, *arguments, **how):
    return subprocess.Popen([sys.executable, "-c", program, *map(str, arguments)], **how)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), length=st.integers(0, 5000))
def test_any_cut_of_an_upload_yields_the_same_bytes(data, length):
    original = some_bytes(length, seed=length)
    with tempfile.TemporaryDirectory() as folder:
        uploads = begun(Path(folder), original)
        for _ in range(30):
            at, size = data.draw(st.integers(0, length)), data.draw(st.integers(0, length))
            kind = data.draw(st.sampled_from(["sent", "cut", "summed", "wrong sum"]))
            piece, before = original[at : at + size], uploads.get(ID).offset
            after = _try(uploads, kind, at, piece)
            assert after in ((before, at + len(piece)) if at == before else (before,))
        rest = uploads.get(ID).offset
        uploads.append(ID, rest, io.BytesIO(original[rest:]))
        assert uploads.open(ID).read() == original
        assert uploads.finish(ID).matches


def _try(uploads, kind, at, piece):
    sums = {"summed": ("sha256", hashlib.sha256(piece).digest()), "wrong sum": ("md5", b"nonsense")}
    with suppress(faults.OffsetMoved, faults.ChecksumDiffers, ConnectionResetError):
        uploads.append(ID, at, Cut(piece) if kind == "cut" else io.BytesIO(piece), sums.get(kind))
    return uploads.get(ID).offset


def test_whatever_moment_a_writer_is_killed_nothing_acknowledged_is_lost(tmp_path):
    original, chance = some_bytes(8_000_000), random.Random(7)
    (tmp_path / "original").write_bytes(original)
    uploads, kills = begun(tmp_path / "uploads", original), 0
    while not uploads.get(ID).whole:
        arguments = (tmp_path / "uploads", 200_000, tmp_path / "original", ID)
        with python(SENDER, *arguments, stdout=subprocess.PIPE, text=True) as sender:
            told = [sender.stdout.readline()]
            time.sleep(chance.uniform(0, 0.008))
            sender.send_signal(signal.SIGKILL)
            told += sender.stdout.read().split()
        acknowledged = max((int(line) for line in told if line.strip()), default=0)
        offset, kills = uploads.get(ID).offset, kills + 1
        assert offset >= acknowledged
        assert uploads.open(ID).read() == original[:offset]
    assert kills > 1
    assert uploads.finish(ID).matches


@pytest.mark.parametrize("before", [0, 50_000])
def test_what_a_killed_writer_had_received_is_taken_in(tmp_path, before):
    original = some_bytes(200_000)
    uploads = begun(tmp_path, original)
    uploads.append(ID, 0, io.BytesIO(original[:before]))
    with python(LISTENER, tmp_path, ID, before, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as listener:
        assert listener.stdout.readline() == b"ready\n"
        listener.stdin.write(original[before : before + 60_000])
        listener.stdin.flush()
        _until(lambda: _spooled(tmp_path) == 60_000)
        assert uploads.get(ID).offset == before
        listener.send_signal(signal.SIGKILL)
        listener.wait()
    assert uploads.get(ID).offset == before + 60_000
    assert _spooled(tmp_path) == 0
    uploads.append(ID, before + 60_000, io.BytesIO(original[before + 60_000 :]))
    assert uploads.finish(ID).matches


def test_a_full_disk_is_told_and_leaves_the_upload_as_it_was(tmp_path):
    original = b"a" * 60_000 + b"b" * 140_000
    uploads = begun(tmp_path, original)
    with python(STARVED, tmp_path, ID, stdout=subprocess.PIPE, text=True) as starved:
        assert starved.communicate(timeout=60)[0] == "no room\nno room\n"
    assert uploads.get(ID).offset == 60_000
    assert uploads.open(ID).read() == original[:60_000]
    uploads.append(ID, 60_000, io.BytesIO(original[60_000:]))
    assert uploads.finish(ID).sha256 == sha256(original)


def _spooled(folder):
    return sum(path.stat().st_size for path in folder.glob("*/*/spool-*"))


def _until(holds):
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)
