"""What aimed visits say of the whole city (DRAWS §7)."""

from random import Random

import pytest

from backend.draws.estimates import NothingVisited, Visits, class_rates_may_be_public, estimate, merged, trend

AIMED = [
    Visits("A", 6500, 65, 65, 13), Visits("B", 2500, 50, 50, 15), Visits("C", 800, 32, 32, 13),
    Visits("D", 200, 16, 16, 9),
]  # fmt: skip


def test_the_citys_rate_weighs_each_class_by_its_members():
    told = estimate(AIMED)
    assert told.rate.value == pytest.approx(0.65 * 0.2 + 0.25 * 0.3 + 0.08 * 13 / 32 + 0.02 * 9 / 16)
    assert told.found == pytest.approx(50 / 163)
    assert told.rate.low < told.rate.value < told.rate.high
    assert told.lift.value == pytest.approx(told.found / told.rate.value)
    assert told.lift.low < told.lift.value < told.lift.high


def test_visits_in_proportion_need_no_weighing():
    told = estimate([Visits("A", 800, 80, 80, 8), Visits("D", 200, 20, 20, 4)])
    assert told.rate.value == pytest.approx(told.found)
    assert (told.design_effect, told.lift.value, told.smallest_chance) == pytest.approx((1, 1, 0.1))


def test_the_variance_is_that_of_sampling_without_replacement():
    told = estimate([Visits("A", 100, 50, 50, 25)])
    n_eff = 0.25 / (0.5 * 0.25 / 49)
    middle = 0.5
    half = 1.959964 / (1 + 1.959964**2 / n_eff) * (0.25 / n_eff + 1.959964**2 / (4 * n_eff**2)) ** 0.5
    assert (told.rate.low, told.rate.high) == pytest.approx((middle - half, middle + half), abs=1e-6)


def test_a_class_without_visits_is_merged_and_said_so():
    strata, names = merged([Visits("A", 10, 0, 0, 0), Visits("B", 5, 2, 2, 1), Visits("C", 3, 1, 0, 0)])
    assert (strata, names) == ([Visits("A+B+C", 18, 3, 2, 1)], ("A", "C"))
    assert estimate([Visits("A", 10, 5, 5, 1), Visits("D", 2, 1, 0, 0)]).merged == ("D",)


def test_without_any_visit_nothing_is_said():
    with pytest.raises(NothingVisited):
        estimate([Visits("A", 10, 3, 0, 0)])


def test_a_class_with_one_visit_or_without_problems_still_has_a_spread():
    told = estimate([Visits("A", 900, 50, 50, 0), Visits("D", 100, 10, 10, 5)])
    pooled = estimate([Visits("A", 900, 50, 50, 0)])
    assert told.rate.value == pytest.approx(0.05)
    assert told.rate.high - told.rate.low > pooled.rate.high - pooled.rate.low > 0


def test_missing_outcomes_widen_the_bounds():
    low, high = estimate([Visits("A", 100, 20, 15, 5)]).bounds
    assert (low, high) == (0.25, 0.5)


def test_where_no_problem_was_found_there_is_no_lift():
    told = estimate([Visits("A", 100, 20, 20, 0)])
    assert (told.lift, told.rate.low, told.rate.value) == (None, 0, 0)
    assert told.rate.high < 0.2


def test_counts_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="stratum A"):
        Visits("A", 10, 5, 6, 0)


def test_small_cells_stay_inside():
    assert class_rates_may_be_public(AIMED)
    assert not class_rates_may_be_public([*AIMED[:3], Visits("D", 200, 16, 16, 4)])
    assert not class_rates_may_be_public([*AIMED[:3], Visits("D", 200, 16, 16, 12)])


def test_rising_rates_show_a_trend_and_equal_ones_none():
    z, p = trend(AIMED)
    assert z > 2.5
    assert p < 0.01
    assert trend([Visits("A", 100, 10, 10, 5), Visits("B", 100, 10, 10, 5)]) == pytest.approx((0, 1))
    assert trend([Visits("A", 100, 10, 10, 0)]) is None


def test_the_interval_holds_the_true_rate_in_about_95_of_100_cities():
    chance, held = Random(7), 0
    city = [(4000, 0.1, 60), (1500, 0.2, 60), (400, 0.4, 40), (100, 0.6, 40)]
    problems = [round(members * rate) for members, rate, _ in city]
    truth = sum(problems) / sum(members for members, _, _ in city)
    for _ in range(400):
        strata = [
            Visits(str(at), members, n, n, sum(who < bad for who in chance.sample(range(members), n)))
            for at, ((members, _, n), bad) in enumerate(zip(city, problems, strict=True))
        ]
        told = estimate(strata).rate
        held += told.low <= truth <= told.high
    assert 0.92 <= held / 400 <= 0.98
