"""The soak in its short form, and that its counting finds what is lost, doubled or altered."""

import subprocess
import sys

import pytest

from backend.soak.count import differing

SHORT = ["--submissions", "60", "--phones", "6", "--tasks", "12", "--kills", "1", "--minutes", "6"]


@pytest.mark.long
def test_phones_behind_a_bad_network_lose_nothing_while_every_part_is_killed_once():
    done = subprocess.run(
        [sys.executable, "-m", "backend.soak", *SHORT], capture_output=True, text=True, timeout=1500, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "60 submissions, receipts, photos and arrivals: nothing lost, nothing twice" in done.stdout
    for part in ("web", "worker", "postgres", "redis"):
        assert f"kill -9 of {part}: 1 times" in done.stdout, done.stdout


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([("a", 1)], ["photo lost: b"]),
        ([("a", 1), ("b", 3)], ["photo altered: b"]),
        ([("a", 1), ("b", 2), ("c", 1)], ["photo that no phone remembers: c"]),
        ([("a", 1), ("b", 2), ("b", 2)], ["photo doubled: 1"]),
        ([("a", 1), ("b", 2)], []),
    ],
)
def test_the_count_tells_what_differs_from_the_phones_memory(found, told):
    assert list(differing("photo", {"a": 1, "b": 2}, found)) == told
