"""A bundle is checked by a script that knows nothing of us, and no single change of it goes unnoticed."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from backend.draws import bundles, rounds
from backend.draws import lots as lots_
from backend.public import verify_draw
from tests.draws.opened import changes, opened
from tests.makers import Ceremony, a_scored_district

SCRIPT = Path(verify_draw.__file__)
# Opened lots as they were: the entities of a round whose first attempt was void, and teams with two replacements.
KEPT = Path(__file__).parents[1] / "verifier" / "bundles"


@pytest.fixture
def ceremony(session):
    return Ceremony(session, a_scored_district(session))


def verdict(bundle, folder):
    """How the script ends when a stranger runs it: isolated, with the standard library alone."""
    file = folder / "bundle.json"
    file.write_text(json.dumps(bundle, ensure_ascii=False))
    return subprocess.run([sys.executable, "-I", "-S", str(SCRIPT), str(file)], capture_output=True, text=True)


def passes(bundle):
    """The same checks in this process, for thousands of bundles."""
    try:
        return all(good for _, good in verify_draw.checks(json.loads(json.dumps(bundle))))
    except Exception:  # noqa: BLE001 - the script fails a bundle whatever is wrong with it
        return False


def test_both_bundles_pass_a_strangers_check(session, ceremony, drain, tmp_path):
    for bundle in opened(session, ceremony, drain):
        told = verdict(bundle, tmp_path)
        assert told.returncode == 0, told.stdout
        assert told.stdout.splitlines()[-1] == "PASS"
        assert all(line.startswith(("pass ", "  ", "PASS")) for line in told.stdout.splitlines())
        assert verdict({**bundle, "lot": "another"}, tmp_path).stdout.splitlines()[-1] == "FAIL"


def test_the_script_is_short_and_needs_nothing_else():
    text = SCRIPT.read_text()
    assert len(text.splitlines()) <= 150
    imported = {
        name.strip() for line in text.splitlines() if line.startswith("import ") for name in line[7:].split(",")
    }
    assert imported <= sys.stdlib_module_names


def test_a_change_of_any_field_is_caught(session, ceremony, drain):
    for bundle in opened(session, ceremony, drain):
        everything = list(changes(bundle))
        kept = random.Random(7).sample(everything, 100)
        assert [what for what, changed in kept if passes(changed)] == []


@pytest.mark.long
def test_every_change_of_every_field_is_caught(session, ceremony, drain):
    for bundle in opened(session, ceremony, drain):
        assert [what for what, changed in changes(bundle) if passes(changed)] == []


def test_there_is_no_bundle_before_the_seed_is_public(session, ceremony):
    round_ = ceremony.a_round()
    rounds.freeze_pool(session, actor=ceremony.operator, round_id=round_.id)
    lot = lots_.commit_entities(session, actor=ceremony.operator, round_id=round_.id)
    with pytest.raises(bundles.NotOpened):
        bundles.bundle(session, lot.name)


def test_a_head_whose_key_or_signature_is_no_point_of_the_curve_is_refused(session, ceremony, drain):
    bundle, _ = opened(session, ceremony, drain)
    for field in ("key", "signature"):
        whole = bundle["heads"][0][field]
        for digits in range(64):
            bundle["heads"][0][field] = f"{digits:02x}" + whole[2:]
            assert passes(bundle) == (bundle["heads"][0][field] == whole)
        bundle["heads"][0][field] = whole


@pytest.mark.parametrize("kind", ["entities", "teams"])
def test_no_record_of_any_attempt_can_be_left_out(kind):
    bundle = json.loads((KEPT / f"{kind}.json").read_text())
    assert passes(bundle)
    for at, entry in enumerate(bundle["entries"]):
        shorter = {**bundle, "entries": bundle["entries"][:at] + bundle["entries"][at + 1 :]}
        assert not passes(shorter), entry["record"]
