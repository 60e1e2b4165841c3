"""What must always hold of draws and trees, whatever the pool."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.draws import matching, merkle, rules
from backend.draws.primitives import Stream, joined_hash

ids = st.lists(st.text("abcdefgh0123456789", min_size=1, max_size=8), min_size=2, unique=True)
seeds = st.text("0123456789abcdef", min_size=64, max_size=64)


@given(st.integers(0, 300), st.integers(0, 40), st.integers(0, 40), seeds, st.sampled_from([0, 6]))
def test_the_smallest_tickets_are_drawn_however_many_are_looked_at(size, places, reserve, seed, spare):
    pool = [(f"E{n:03d}", "AB"[n % 2]) for n in range(size)]
    places = min(places, size // 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "SPARE", spare)
        drawn = rules.draw(seed, pool, {"A": places, "B": places}, reserve)
    for stratum in "AB":
        mine = [id_ for id_, of in pool if of == stratum]
        ordered = sorted(mine, key=lambda id_: joined_hash("hashdraw-1/ticket", seed, id_))
        assert drawn.drawn[stratum] == ordered[:places]
        assert drawn.reserves[stratum] == ordered[places : places + reserve]


@given(ids, seeds, st.randoms())
def test_the_order_of_the_pool_does_not_matter(pool, seed, random):
    rows = [(id_, "A") for id_ in pool]
    mixed = random.sample(rows, len(rows))
    assert rules.draw(seed, rows, {"A": 2}, 1) == rules.draw(seed, mixed, {"A": 2}, 1)


@given(ids, seeds)
def test_who_leaves_the_pool_changes_only_their_own_place(pool, seed):
    rows = [(id_, "A") for id_ in pool]
    before = rules.draw(seed, rows, {"A": 2}, len(pool)).drawn["A"]
    after = rules.draw(seed, rows[1:], {"A": 2}, len(pool)).drawn["A"]
    assert set(before) - {pool[0]} <= set(after)


@given(
    st.dictionaries(
        st.sampled_from("ABCD"),
        st.builds(rules.Stratum, st.integers(0, 500), st.integers(1, 8), st.integers(0, 3)),
        min_size=1,
    ),
    st.integers(12, 300),
    seeds,
)
def test_allocation_gives_all_there_is_to_give_and_never_more_than_a_stratum_has(strata, n, seed):
    given_ = rules.allocate(seed, strata, n)
    assert sum(given_.values()) == min(n, sum(s.N for s in strata.values()))
    assert all(min(s.N, s.min) <= given_[name] <= s.N for name, s in strata.items())


@given(st.integers(1, 40), st.data())
def test_every_inclusion_proof_leads_to_the_root_and_no_altered_one_does(size, data):
    leaves = [merkle.leaf_hash(bytes([n])) for n in range(size)]
    index = data.draw(st.integers(0, size - 1))
    path, head = merkle.inclusion_path(leaves, index), merkle.root(leaves)
    assert merkle.includes(leaves[index], index, size, path, head)
    assert not merkle.includes(merkle.leaf_hash(b"other"), index, size, path, head)
    assert not merkle.includes(leaves[index], index, size, [*path, b"0" * 32], head)


@given(st.integers(1, 40), st.data())
def test_every_consistency_proof_holds_and_a_rewritten_log_fails(size, data):
    leaves = [merkle.leaf_hash(bytes([n])) for n in range(size)]
    first = data.draw(st.integers(1, size))
    path = merkle.consistency_path(leaves, first)
    old, new = merkle.root(leaves[:first]), merkle.root(leaves)
    assert merkle.consistent(first, size, path, old, new)
    rewritten = merkle.root([merkle.leaf_hash(b"other"), *leaves[1:first]])
    assert not merkle.consistent(first, size, path, rewritten, new)


@given(seeds, st.integers(0, 99))
@settings(max_examples=10)
def test_one_in_a_hundred_leaving_or_joining_keeps_98_of_100_drawn(seed, part):
    pool = [(f"E{n:04d}", "A") for n in range(5000)]
    before = set(rules.draw(seed, pool, {"A": 500}, 0).drawn["A"])
    fewer = [row for n, row in enumerate(pool) if n % 100 != part]
    more = [*pool, *((f"N{n}", "A") for n in range(50))]
    left = {row[0] for row in fewer}
    assert len(before & set(rules.draw(seed, fewer, {"A": 500}, 0).drawn["A"])) >= 0.98 * len(before & left)
    assert len(before & set(rules.draw(seed, more, {"A": 500}, 0).drawn["A"])) >= 0.97 * 500


@given(seeds)
def test_another_class_changes_nobodys_ticket(seed):
    pool = [(f"E{n}", "A") for n in range(40)] + [(f"F{n}", "B") for n in range(40)]
    moved = [("E0", "B"), *pool[1:]]
    order = rules.draw(seed, pool, {"A": 40, "B": 40}, 0).drawn
    after = rules.draw(seed, moved, {"A": 39, "B": 41}, 0).drawn
    assert [id_ for id_ in order["A"] if id_ != "E0"] == after["A"]
    assert order["B"] == [id_ for id_ in after["B"] if id_ != "E0"]


def test_the_seed_takes_nonces_in_the_order_of_their_parties():
    one = rules.seed_of("aa", "1234", "", {"b": "02", "a": "01"})
    assert one == rules.seed_of("aa", "1234", "", {"a": "01", "b": "02"})
    assert one != rules.seed_of("aa", "1234", "", {"a": "02", "b": "01"})


@given(st.sampled_from(["", "a b", "a\x1fb", "a\n", "\x00"]))
def test_ids_that_would_blur_the_encoding_are_refused(bad):
    with pytest.raises(rules.BadId):
        rules.pool_root([(bad, "A"), ("E1", "A")])
    with pytest.raises(rules.BadId):
        rules.pool_root([("E1", bad)])


def test_an_id_cannot_stand_twice_in_a_pool():
    with pytest.raises(rules.DuplicateInPool):
        rules.pool_root([("E1", "A"), ("E1", "B")])


def test_floors_above_the_number_to_be_drawn_are_refused():
    with pytest.raises(rules.FloorsTooHigh):
        rules.allocate("00", {"A": rules.Stratum(9, 1, 3), "B": rules.Stratum(9, 1, 3)}, 5)


def test_the_design_effect_is_one_where_everyone_has_the_same_chance():
    assert rules.design_effect({"A": 800, "D": 200}, {"A": 80, "D": 20}) == pytest.approx(1)
    assert rules.design_effect({"A": 800, "D": 200}, {"A": 50, "D": 50}) == pytest.approx(1.36)
    assert rules.design_effect({"A": 800, "D": 200}, {"A": 100, "D": 0}) == float("inf")


def test_the_chance_of_a_year_counts_every_round():
    assert rules.yearly_chance([0.5, 0.5]) == 0.75
    assert rules.yearly_chance([]) == 0


@given(seeds, st.permutations(range(8)))
def test_every_match_is_admissible_whatever_the_order_of_the_lists(seed, order):
    people = [matching.Candidate(f"I{n}", "east", ("food",) if n % 2 else (), ("t1",) if n == 3 else ()) for n in order]
    tours = [
        matching.AnonymousTour("t1", "east", ("food",)),
        matching.AnonymousTour("t2", "east", (), (), (("I0", "I1"),)),
    ]
    matched = matching.match(seed, people, tours, 2)
    assert matched == matching.match(seed, sorted(people, key=lambda p: p.id), tours[::-1], 2)
    by_id = {person.id: person for person in people}
    for tour in tours:
        assert matching.blocks(tour, [by_id[id_] for id_ in matched.teams[tour.id]]) is None
    assert len({id_ for team in matched.teams.values() for id_ in team}) == 4


def test_where_nothing_fits_the_group_and_the_constraint_are_named():
    people = [matching.Candidate(f"I{n}", "east") for n in range(4)]
    with pytest.raises(matching.NoMatch) as told:
        matching.match("00", people, [matching.AnonymousTour("t1", "east", ("food",))], 2, limit=20)
    assert (told.value.group, told.value.constraint) == ("east", "qualification")


@given(st.integers(1, 2**64))
def test_the_stream_stays_below_its_bound(n):
    assert 0 <= Stream("bound", str(n)).below(n) < n


def test_no_leaf_has_a_path_that_is_not_there():
    leaves = [merkle.leaf_hash(b"a"), merkle.leaf_hash(b"b")]
    for index in (-1, 2):
        with pytest.raises(ValueError, match="no leaf"):
            merkle.inclusion_path(leaves, index)
    assert not merkle.includes(leaves[0], -1, 2, [leaves[1]], merkle.root(leaves))
