"""The lots are uniform over all they may give, and the trials that say so catch samplers that are not (DRAWS §8)."""

import pytest

from backend.evidence.acceptance import (
    BROKEN,
    acceptance,
    accepted,
    admissible,
    our_draw,
    trial_of_matchings,
    trials_of_draws,
)

FEW = 20_000


def test_draws_are_uniform_over_subsets_members_and_pairs():
    assert [trial.counted for trial in trials_of_draws("ours", our_draw, FEW) if trial.passed] == [
        "subset", "inclusion", "joint inclusion",
    ]  # fmt: skip


def test_matchings_are_uniform_over_what_the_constraints_allow():
    assert trial_of_matchings(FEW).passed
    assert all("a" not in teams[:2] and set(teams[2:]) != {"b", "c"} for teams in admissible())
    assert all({"d", "e"} & set(teams[:2]) for teams in admissible())


@pytest.mark.parametrize("name", ["naive shuffle", "thousand seeds"])
def test_a_broken_sampler_is_caught(name):
    assert not all(trial.passed for trial in trials_of_draws(name, BROKEN[name], FEW))


@pytest.mark.long
def test_a_million_draws_pass_and_even_eight_bit_tickets_are_caught():
    ours, broken = acceptance(1_000_000)
    assert accepted(ours, broken)
