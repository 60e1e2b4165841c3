"""What must always hold of draws and trees, whatever the pool."""

from hypothesis import given
from hypothesis import strategies as st

from backend.draws import merkle, rules

ids = st.lists(st.text("abcdefgh0123456789", min_size=1, max_size=8), min_size=2, unique=True)
seeds = st.text("0123456789abcdef", min_size=64, max_size=64)


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
