"""A visit's chain and receipt: what was sealed cannot be changed unseen."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from media.canonical import NotCanonical, canonical_hash, canonical_json
from media.seal import START, first_break, link, manifest_of, receipt_holds, sealed, sign_receipt, verify_receipt

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
MANIFEST = manifest_of(submission="s1", task="t1", body="ab" * 32, photos=["cd" * 32, "aa" * 32], chain="ef" * 32)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.dictionaries(st.sampled_from(["photo", "sha256", "taken_at", "seq"]), VALUES, min_size=1)


def a_receipt():
    return sign_receipt(KEY, submission="s1", task="t1", manifest=MANIFEST, received_at="2026-06-01T09:30:00+08:00")


def chained(records):
    chain, prev = [], START
    for fields in records:
        chain.append((fields, prev := link(prev, fields)))
    return chain


@given(value=VALUES)
def test_canonical_json_is_json_and_the_same_in_any_order(value):
    said = canonical_json(value)
    assert json.loads(said) == value
    assert canonical_json(json.loads(said)) == said


def test_canonical_json_is_written_as_rfc_8785_shows():
    said = canonical_json(
        {"\u20ac": "Euro", "\r": "CR", "\U0001f600": "smile", "\ufb33": "dalet", "1": [1, True, None]}
    )
    assert said.decode() == '{"\\r":"CR","1":[1,true,null],"€":"Euro","\U0001f600":"smile","\ufb33":"dalet"}'


@pytest.mark.parametrize("value", [1.0, 2**53, {1: "a"}, {"a": {2.5}}, "\ud800", {"\ud800": 1}, b"bytes"])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(NotCanonical):
        canonical_json(value)


@given(records=st.lists(FIELDS, min_size=1, max_size=6), data=st.data())
def test_any_change_breaks_the_chain_where_it_was_made(records, data):
    chain = chained(records)
    assert first_break(chain) is None
    place = data.draw(st.integers(0, len(chain) - 1))
    changed = [*chain]
    changed[place] = ({**chain[place][0], "added": 1}, chain[place][1])
    assert first_break(changed) == place


def test_leaving_out_and_changing_places_breaks_the_chain():
    chain = chained([{"seq": n} for n in range(5)])
    assert first_break([*chain[:2], *chain[3:]]) == 2
    assert first_break([chain[1], chain[0]]) == 0
    assert first_break(chain[2:], start=chain[1][1]) is None


def test_a_receipt_holds_for_its_manifest_by_a_known_key():
    receipt = a_receipt()
    assert receipt_holds(receipt)
    assert verify_receipt(receipt, {receipt["key"]}, MANIFEST)
    assert receipt["manifest_sha256"] == sealed(MANIFEST)[1] == canonical_hash(MANIFEST)


@pytest.mark.parametrize("name", ["submission", "task", "manifest_sha256", "received_at", "key", "signature"])
def test_a_receipt_with_one_letter_changed_does_not_hold(name):
    receipt = a_receipt()
    receipt[name] = ("0" if receipt[name][0] != "0" else "1") + receipt[name][1:]
    assert not receipt_holds(receipt)


def test_a_receipt_of_an_unknown_key_or_another_manifest_does_not_hold():
    receipt = a_receipt()
    assert not verify_receipt(receipt, {"00" * 32}, MANIFEST)
    assert not verify_receipt(receipt, {receipt["key"]}, {**MANIFEST, "photos": []})


@pytest.mark.parametrize(
    "junk", [{}, {"key": "zz", "signature": ""}, {"key": None}, {"key": "00" * 32, "signature": 1.5}]
)
def test_junk_is_no_receipt(junk):
    assert not receipt_holds(junk)
    assert not verify_receipt(junk, {"00" * 32})


def test_the_order_in_which_photos_came_does_not_change_a_manifest():
    assert manifest_of(submission="s", task="t", body="b", photos=["2", "1"]) == manifest_of(
        submission="s", task="t", body="b", photos=["1", "2"]
    )
