"""Every vector of hashdraw-1 is reproduced to the byte."""

import json
from pathlib import Path

import pytest

from backend.draws import matching, merkle, primitives, rules
from media.canonical import canonical_hash, canonical_json

VECTORS = json.loads((Path(__file__).parent / "draw_vectors.json").read_text())


def candidates(rows):
    return [matching.Candidate(r["id"], r["group"], tuple(r["quals"]), tuple(r["recuse"])) for r in rows]


def tours(rows):
    return [
        matching.AnonymousTour(
            r["id"], r["group"], tuple(r["need"]), tuple(r.get("stops", ())),
            tuple(map(tuple, r.get("avoid", ()))),
        )
        for r in rows
    ]  # fmt: skip


def test_canonical_json_sorts_keys_and_writes_no_spaces():
    v = VECTORS["jcs"]
    assert canonical_json(v["in"]).decode() == v["out"]
    assert canonical_hash(v["in"]) == v["sha256"]


@pytest.mark.parametrize("v", VECTORS["ticket"])
def test_tickets(v):
    assert rules.ticket(v["seed"], v["id"]) == v["ticket"]


def test_merkle_roots():
    leaves = [merkle.leaf_hash(text.encode()) for text in VECTORS["merkle"]["leaves_utf8"]]
    roots = [merkle.root(leaves[:n]).hex() for n in range(1, len(leaves) + 1)]
    assert roots == VECTORS["merkle"]["roots_n1_to_n5"]
    assert merkle.root([]).hex() == VECTORS["merkle"]["empty"]


def test_pool_root():
    v = VECTORS["pool_root"]
    assert rules.pool_root([tuple(row) for row in v["pool"]]) == v["root"]


@pytest.mark.parametrize("v", VECTORS["allocate"])
def test_allocation(v):
    strata = {name: rules.Stratum(s["N"], s["weight"], s["min"]) for name, s in v["strata"].items()}
    assert rules.allocate(v["seed"], strata, v["n"]) == v["out"]


def test_stream_and_shuffle():
    v = VECTORS["stream"]
    stream = primitives.Stream(*v["label"])
    assert [stream.below(10) for _ in range(20)] == v["below_10_first20"]
    v = VECTORS["shuffle"]
    assert primitives.Stream(*v["label"]).shuffle(v["in"]) == v["out"]


def test_draw_with_reserves():
    v = VECTORS["draw"]
    given = rules.draw(v["seed"], [tuple(row) for row in v["pool"]], v["alloc"], v["reserve"])
    assert {name: given.drawn[name] + given.reserves[name] for name in given.drawn} == v["out"]


def test_matching():
    v = VECTORS["match"]
    given = matching.match(v["seed"], candidates(v["inspectors"]), tours(v["tours"]), v["size"], v["limit"])
    assert (given.teams, given.tries) == (v["out"], v["tries"])


def test_alias():
    v = VECTORS["alias"]
    for case in v["cases"]:
        salt = primitives.salt_of(bytes.fromhex(v["key"]), case["id"])
        assert (salt, primitives.alias_of(salt, case["id"])) == (case["salt"], case["alias"])


def test_replacement():
    v = VECTORS["replace"]
    known = {tour["id"]: tour for tour in VECTORS["match"]["tours"]}
    tour = tours([known[v["tour"]]])[0]
    fit = matching.replacements(tour, v["leaver"], candidates(v["inspectors"]), v["teams"])
    assert fit == v["candidates"]
    assert matching.replace(v["seed"], v["tour"], v["leaver"], fit) == v["joiner"]


def test_leader():
    v = VECTORS["leader"]
    assert matching.leader(v["seed"], v["tour"], v["team"]) == v["leader"]
