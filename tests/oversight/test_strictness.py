"""Strictness: an inspector who finds more than the lot explains stands out, and where nobody is strict nobody does."""

import random
from collections import defaultdict
from uuid import UUID

import pytest

from backend.accounts.rules import Role
from backend.draws.matching import AnonymousTour, Candidate, match
from backend.inspections.reviews import confirm_result
from backend.oversight.rules import Period, strictness
from backend.oversight.strictness import periods
from tests.faces.visits import a_visit
from tests.makers import a_scored_district, an_actor

STAFF = [f"i{n:02d}" for n in range(12)]
PEOPLE = {alias: UUID(int=n) for n, alias in enumerate(STAFF)}
TOURS = [AnonymousTour(f"t{n:02d}", "g") for n in range(5)]
RATE = 0.2


def some_periods(count: int, strict: dict[str, float], seed: int = 1) -> list[Period]:
    """Weeks in which every tour makes six visits; a strict inspector adds to the chance that a problem is found."""
    chance = random.Random(seed)
    candidates = [Candidate(alias, "g") for alias in STAFF]
    return [_a_period(chance, candidates, f"week {week} {seed}", strict) for week in range(count)]


def _a_period(chance: random.Random, candidates: list[Candidate], seed: str, strict: dict[str, float]) -> Period:
    teams = match(seed, candidates, TOURS, 2).teams
    visits, surplus = defaultdict(int), defaultdict(float)
    for tour, team in teams.items():
        likely = RATE + sum(strict.get(member, 0) for member in team)
        visits[tour] = 6
        surplus[tour] = sum(chance.random() < likely for _ in range(6)) - 6 * RATE
    return Period(seed, 2, candidates, TOURS, PEOPLE, teams, visits, surplus)


def test_a_strict_inspector_stands_out():
    told = strictness(some_periods(40, {"i03": 0.35}), replays=399)
    assert told[0].inspector == PEOPLE["i03"]
    assert told[0].stands_out
    assert told[0].surplus > told[0].usual


def test_where_all_are_alike_nobody_stands_out():
    assert not any(one.stands_out for one in strictness(some_periods(25, {}, seed=3), replays=299))


def test_nothing_is_said_of_inspectors_with_few_visits():
    assert strictness(some_periods(2, {}), replays=19) == []


def test_the_replays_use_the_constraints_of_the_lot():
    candidates = [Candidate("i00", "g", (), ("t00",)), Candidate("i01", "g"), Candidate("i02", "g")]
    tours = [AnonymousTour("t00", "g")]
    period = Period("s", 2, candidates, tours, PEOPLE, {"t00": ["i01", "i02"]}, {"t00": 40}, {"t00": 3.0})
    assert {one.p for one in strictness([period], replays=19)} == {1.0}


@pytest.mark.usefixtures("redis")
def test_confirmed_visits_become_periods(session, drain):
    unit = a_scored_district(session)
    visited = a_visit(session, unit, drain)
    confirm_result(session, actor=an_actor(session, unit, Role.REVIEWER), submission_id=visited.submission_id)
    [period] = periods(session)
    assert sum(period.visits.values()) == 1
    assert sum(period.surplus.values()) == pytest.approx(0)
    assert all(member in period.people for team in period.teams.values() for member in team)
