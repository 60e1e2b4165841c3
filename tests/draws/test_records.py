"""Records hold exactly the fields of DRAWS §4; any missing, added or ill-shaped field is told."""

import copy

import pytest

from backend.draws.records import RecordNotAsRuled, checked, faults_of

HASH = "ab" * 32
PLAN = {
    "dice": {"n": 20},
    "drand": {"chain": HASH, "key": "83cf", "genesis": 1692803367, "period": 3, "round": 657413},
    "nonces": {"agency": HASH},
    "lead": 0,
}
COMMIT = {"algo": "hashdraw-1", "round": "r1", "attempt": 1, "seed_plan": PLAN, "by": "draw_operator@610702"}
RECORDS = [
    {"type": "commit", "kind": "entities", **COMMIT, "pool": {"n": 3, "root": HASH, "key": HASH},
     "strata": {"A": {"N": 2, "weight": 1, "min": 0}, "B": {"N": 1, "weight": 2, "min": 0}}, "n": 2, "reserve": 1},
    {"type": "commit", "kind": "teams", **COMMIT, "draw": "r1-e1", "staff": HASH, "key": HASH,
     "match": {"size": 2, "limit": 9}},
    {"type": "dice", "commit": HASH, "dice": "162534", "witnesses": ["a@u1", "b@u2"]},
    {"type": "seed", "commit": HASH, "dice": "162534", "nonces": {"agency": HASH}, "seed": HASH,
     "drand": {"round": 1, "signature": "ab", "randomness": HASH}},
    {"type": "result", "seed": HASH, "alloc": {"A": 1, "B": 1}, "drawn": {"A": ["x"], "B": ["y"]},
     "reserves": {"A": ["z"], "B": []}},
    {"type": "result", "seed": HASH, "teams": {"t01": ["i1", "i2"]}, "tries": {"east": 0}},
    {"type": "void", "attempt": 1, "reason": "停电", "by": ["a", "b"]},
    {"type": "skip", "id": "x", "stratum": "A", "reason": "closed", "reserve": None},
    {"type": "replace", "tour": "t01", "leaver": "i1", "joiner": "i3", "reason": "SICK"},
    {"type": "outcome", "id": "x", "state": "out of scope"},
]  # fmt: skip
RECORDS = [{"lot": "r1-e1", "at": "2026-11-22T08:00:00Z", **record} for record in RECORDS]


def named(type_):
    return copy.deepcopy(next(record for record in RECORDS if record["type"] == type_))


def objects_in(value, path=()):
    """Every object within a record, by its path; the maps from ids to things are open and left out."""
    if isinstance(value, dict):
        if not set(path) & {"nonces", "alloc", "drawn", "reserves", "teams", "tries"} and path[-1:] != ("strata",):
            yield path
        for key, item in value.items():
            yield from objects_in(item, (*path, key))


def inside(record, path):
    for key in path:
        record = record[key]
    return record


@pytest.mark.parametrize("record", RECORDS)
def test_records_as_ruled_pass_unchanged(record):
    assert checked(record) == record


@pytest.mark.parametrize("record", RECORDS)
def test_any_field_more_or_less_at_any_depth_is_told(record):
    for path in objects_in(record):
        for key in [*inside(record, path), "extra"]:
            changed = copy.deepcopy(record)
            inner = inside(changed, path)
            if key == "extra":
                inner[key] = 1
            else:
                del inner[key]
            assert faults_of(changed), (path, key)


@pytest.mark.parametrize("record", RECORDS)
def test_any_field_of_another_kind_is_told(record):
    for key in record:
        for wrong in (1.5, True, [1], {"x": 1.5}, "", "  "):
            assert faults_of({**record, key: wrong}), (key, wrong)


@pytest.mark.parametrize(
    ("type_", "change", "place"),
    [
        ("commit", {"n": 2.0}, "n:"), ("commit", {"n": -1}, "n:"), ("commit", {"n": 2**53}, "n:"),
        ("commit", {"algo": "hashdraw-2"}, "algo:"), ("commit", {"at": "2026-11-22T08:00:00+08:00"}, "at:"),
        ("commit", {"at": "2026-02-30T08:00:00Z"}, "at:"), ("commit", {"lot": "r1 e1"}, "lot:"),
        ("commit", {"pool": {"n": 4, "root": HASH, "key": HASH}}, "strata:"),
        ("commit", {"pool": {"n": 3, "root": HASH.upper(), "key": HASH}}, "pool.root:"),
        ("commit", {"seed_plan": {**PLAN, "dice": None, "drand": None}}, "seed_plan:"),
        ("dice", {"witnesses": ["a"]}, "witnesses:"), ("dice", {"dice": "1 2"}, "dice:"),
        ("result", {"drawn": {"A": ["x"]}}, "drawn:"), ("result", {"drawn": {"A": [], "B": ["y"]}}, "drawn:"),
        ("result", {"reserves": {"A": ["x"], "B": []}}, "drawn:"), ("void", {"by": ["a", "a"]}, "by:"),
        ("outcome", {"state": "R01"}, "state:"), ("outcome", {"type": "verdict"}, "type:"),
    ],
)  # fmt: skip
def test_wrong_values_are_told_with_their_place(type_, change, place):
    faults = faults_of({**named(type_), **change})
    assert [fault for fault in faults if fault.startswith(place)]
    with pytest.raises(RecordNotAsRuled):
        checked({**named(type_), **change})


def test_what_is_no_object_is_told():
    assert faults_of([1]) == ["record: an object is expected"]
