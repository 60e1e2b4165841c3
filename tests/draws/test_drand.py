"""A beacon's rounds: the public chain's vector, a chain of one's own, and everything that is no signature."""

import hashlib
import json
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from backend.config import read_settings
from backend.draws import beacon, drand
from backend.draws.acts import TooEarly
from backend.problems import Conflict

PUBLIC = json.loads(Path(__file__).with_name("draw_vectors.json").read_text())["drand_quicknet"]
SECRET = b"a chain of our own, 32 bytes long"


def test_the_public_chains_round_verifies_and_the_next_one_does_not():
    key, signature = PUBLIC["public_key"], PUBLIC["signature"]
    assert (drand.QUICKNET.chain, drand.QUICKNET.key) == (PUBLIC["chain_hash"], key)
    assert drand.verifies(key, PUBLIC["round"], signature)
    assert not drand.verifies(key, PUBLIC["round"] + 1, signature)
    assert drand.randomness_of(signature) == PUBLIC["randomness"]


def test_the_public_chains_hash_covers_its_key_first_moment_and_period():
    """drand's chain hash: SHA-256 of period, genesis, key, the group's seed and name; another moment would be another chain."""
    chain = drand.QUICKNET
    seed = bytes.fromhex("f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e")
    told = struct.pack(">Iq", chain.period, chain.genesis) + bytes.fromhex(chain.key) + seed + b"quicknet"
    assert hashlib.sha256(told).hexdigest() == PUBLIC["chain_hash"]


def test_a_chain_of_ones_own_is_read_by_the_same_code():
    chain = drand.own_chain(SECRET, genesis=1_700_000_000, period=30)
    signature = drand.sign(SECRET, 12)
    assert drand.verifies(chain.key, 12, signature)
    assert not drand.verifies(chain.key, 13, signature)
    assert not drand.verifies(drand.QUICKNET.key, 12, signature)
    assert not drand.verifies(chain.key, 12, drand.sign(b"another", 12))


@pytest.mark.parametrize("signature", ["", "zz", "00" * 48, "c0" + "00" * 47, "80" + "00" * 47, "ff" * 48, "ab" * 47])
def test_what_is_no_point_of_the_group_is_no_signature(signature):
    assert not drand.verifies(drand.QUICKNET.key, 1, signature)


@pytest.mark.parametrize("key", ["", "c0" + "00" * 95, "11" * 96, "ab" * 48])
def test_what_is_no_key_verifies_nothing(key):
    assert not drand.verifies(key, PUBLIC["round"], PUBLIC["signature"])


@pytest.mark.parametrize("moment", [0, 1_700_000_000, 1_700_000_029, 1_700_000_030, 1_700_000_031])
def test_the_round_after_a_moment_is_the_first_one_after_it(moment):
    chain = drand.own_chain(SECRET, genesis=1_700_000_000, period=30)
    round_ = chain.round_after(moment)
    assert chain.time_of(round_) > moment
    assert round_ == 1 or chain.time_of(round_ - 1) <= moment


def test_a_chain_is_founded_once_and_signs_only_rounds_whose_time_has_come(services, tmp_path, monkeypatch):
    file = tmp_path / "beacon.json"
    monkeypatch.setattr(beacon, "settings", lambda: replace(read_settings(), beacon=file))
    told = json.loads(beacon.found_chain(period=3600))
    assert beacon.chain() == drand.Chain(**told)
    assert drand.verifies(told["key"], 1, beacon.signature_of(1))
    with pytest.raises(TooEarly):
        beacon.signature_of(3)
    with pytest.raises(Conflict):
        beacon.found_chain(period=30)
    file.write_text(json.dumps(told | {"key": PUBLIC["public_key"]}))
    with pytest.raises(Conflict):
        beacon.signature_of(1)
