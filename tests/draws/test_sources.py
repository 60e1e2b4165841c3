"""What a seed is made of: every source committed before it is known, entered in its order, and part of the seed."""

from dataclasses import asdict, replace
from datetime import timedelta
from hashlib import sha256
from json import dumps

import pytest

from backend.config import settings
from backend.draws import acts, beacon, drand, log, lots, nonces, rounds, rules, sources
from backend.draws.sources import Sources
from backend.problems import BadInput, Conflict, NotAllowed
from backend.times import utc_now
from tests.makers import DICE, Ceremony, a_scored_district

SECRET = b"the beacon of an isolated network"
NONCE = "5a" * 32


@pytest.fixture
def ceremony(session):
    return Ceremony(session, a_scored_district(session))


@pytest.fixture
def own_chain(tmp_path, monkeypatch):
    """A chain of one's own with a round every second, as an isolated network keeps it."""
    chain = drand.own_chain(SECRET, genesis=1_700_000_000, period=1)
    file = tmp_path / "beacon.json"
    file.write_text(dumps(asdict(chain)))
    monkeypatch.setattr(beacon, "settings", lambda: replace(settings(), beacon=file))
    monkeypatch.setattr(beacon, "MARGIN_S", -2)
    return chain


@pytest.fixture
def frozen(session, ceremony):
    round_ = ceremony.a_round()
    rounds.freeze_pool(session, actor=ceremony.operator, round_id=round_.id)
    return round_


def seed_record(session, lot):
    return next(e.record for e in log.entries(session, lot.name) if e.type == "seed")


def test_a_seed_of_dice_beacon_and_both_nonces(session, ceremony, frozen, own_chain):
    witness, operator = ceremony.witnesses[0], ceremony.operator
    offer = {"actor": witness, "round_id": frozen.id, "kind": "entities"}
    nonces.offer_nonce(session, **offer, digest=sha256(bytes.fromhex(NONCE)).hexdigest())
    lot = lots.commit_entities(session, actor=operator, round_id=frozen.id, sources=Sources(drand=True))
    assert lot.seed_plan["drand"]["chain"] == own_chain.chain
    ceremony.dice(lot)
    with pytest.raises(sources.SourcesMissing, match="drand, witness@"):
        lots.hold_draw(session, actor=operator, lot_id=lot.id)
    signature = drand.sign(SECRET, lot.seed_plan["drand"]["round"])
    beacon.enter_drand(session, actor=operator, lot_id=lot.id, signature=f" {signature.upper()}\n")
    nonces.reveal_nonce(session, actor=witness, lot_id=lot.id, nonce=NONCE)
    lots.hold_draw(session, actor=operator, lot_id=lot.id)
    seed = seed_record(session, lot)
    assert seed["nonces"][f"witness@{ceremony.unit.code}"] == NONCE
    assert seed["seed"] == rules.seed_of(lot.commit_hash, DICE, drand.randomness_of(signature), seed["nonces"])


def test_a_draw_needs_no_dice_where_the_beacon_is_planned(session, ceremony, frozen, own_chain):
    plan = Sources(dice=False, drand=True)
    lot = lots.commit_entities(session, actor=ceremony.operator, round_id=frozen.id, sources=plan)
    signature = drand.sign(SECRET, lot.seed_plan["drand"]["round"])
    beacon.enter_drand(session, actor=ceremony.operator, lot_id=lot.id, signature=signature)
    with pytest.raises(Conflict):
        sources.enter_dice(session, actor=ceremony.operator, lot_id=lot.id, dice=DICE)
    lots.hold_draw(session, actor=ceremony.operator, lot_id=lot.id)
    assert seed_record(session, lot)["dice"] is None


def test_another_rounds_signature_is_refused(session, ceremony, frozen, own_chain):
    lot = lots.commit_entities(session, actor=ceremony.operator, round_id=frozen.id, sources=Sources(drand=True))
    wrong = drand.sign(SECRET, lot.seed_plan["drand"]["round"] + 1)
    for signature in (wrong, "", "ab"):
        with pytest.raises(beacon.BadBeacon):
            beacon.enter_drand(session, actor=ceremony.operator, lot_id=lot.id, signature=signature)


def test_the_beacons_round_lies_after_the_commit_and_its_lead(session, ceremony, frozen):
    plan = Sources(drand=True, lead=3600)
    lot = lots.commit_entities(session, actor=ceremony.operator, round_id=frozen.id, sources=plan)
    planned = lot.seed_plan["drand"]
    assert planned["key"] == drand.QUICKNET.key
    assert beacon.round_time(planned) >= acts.not_before(session, lot) + timedelta(seconds=beacon.MARGIN_S - 1)
    with pytest.raises(acts.TooEarly):
        beacon.enter_drand(session, actor=ceremony.operator, lot_id=lot.id, signature="ab" * 48)


def test_dice_wait_for_the_lead(session, ceremony, frozen, monkeypatch):
    lot = lots.commit_entities(session, actor=ceremony.operator, round_id=frozen.id, sources=Sources(lead=600))
    with pytest.raises(acts.TooEarly) as early:
        sources.enter_dice(session, actor=ceremony.operator, lot_id=lot.id, dice=DICE)
    assert 590 < early.value.facts["wait"] <= 600
    later = utc_now() + timedelta(seconds=601)
    monkeypatch.setattr(acts, "utc_now", lambda: later)
    assert sources.enter_dice(session, actor=ceremony.operator, lot_id=lot.id, dice=DICE).dice == DICE


def test_the_agencys_nonce_alone_is_no_seed(session, ceremony, frozen):
    with pytest.raises(sources.TooFewSources):
        lots.commit_entities(session, actor=ceremony.operator, round_id=frozen.id, sources=Sources(dice=False))
    offer = {"round_id": frozen.id, "kind": "entities", "nonce": NONCE}
    nonces.offer_nonce(session, actor=ceremony.witnesses[1], **offer)
    plan = Sources(dice=False)
    lot = lots.commit_entities(session, actor=ceremony.operator, round_id=frozen.id, sources=plan)
    lots.hold_draw(session, actor=ceremony.operator, lot_id=lot.id)
    assert NONCE in seed_record(session, lot)["nonces"].values()


def test_a_nonce_is_kept_to_its_hash_and_its_witness(session, ceremony, frozen):
    first, second = ceremony.witnesses
    offer = {"round_id": frozen.id, "kind": "entities"}
    with pytest.raises(BadInput):
        nonces.offer_nonce(session, actor=first, **offer, digest="5A" * 32)
    with pytest.raises(NotAllowed):
        nonces.offer_nonce(session, actor=ceremony.operator, **offer, nonce=NONCE)
    one = nonces.offer_nonce(session, actor=first, **offer, digest=sha256(bytes(32)).hexdigest())
    two = nonces.offer_nonce(session, actor=second, **offer, nonce=NONCE)
    assert one.party != two.party
    assert NONCE.encode() not in two.sealed
    assert bytes.fromhex(NONCE) not in two.sealed
    lot = lots.commit_entities(session, actor=ceremony.operator, round_id=frozen.id)
    with pytest.raises(nonces.NonceDiffers):
        nonces.reveal_nonce(session, actor=first, lot_id=lot.id, nonce=NONCE)
    nonces.reveal_nonce(session, actor=first, lot_id=lot.id, nonce="00" * 32)
    assert sources.missing_sources(session, lot) == ["dice"]
