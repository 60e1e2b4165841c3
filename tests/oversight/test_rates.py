"""What a round's visits say of everybody: counted from the round's own draw, open in the console, public when it is over."""

import pytest
from sqlalchemy import select

from backend.accounts.rules import Role
from backend.draws.changes import record_outcomes
from backend.draws.models import Pick, Round
from backend.inspections.reviews import confirm_result
from backend.oversight import rates
from backend.problems import NotFound
from tests.faces.visits import a_visit
from tests.makers import a_scored_district, an_actor


@pytest.fixture
def unit(session):
    return a_scored_district(session)


@pytest.fixture
def visited(session, unit, drain):
    return a_visit(session, unit, drain)


def test_only_who_was_drawn_and_visited_counts(session, unit, visited):
    before = rates.figures(session, visited.round_id)
    assert (before.estimate, sum(s.completed for s in before.strata)) == (None, 0)
    drawn = session.scalars(select(Pick).where(Pick.state == "drawn")).all()
    assert (sum(s.drawn for s in before.strata), sum(s.members for s in before.strata)) == (len(drawn), 60)
    confirm_result(session, actor=an_actor(session, unit, Role.REVIEWER), submission_id=visited.submission_id)
    session.flush()
    after = rates.figures(session, visited.round_id)
    assert [(s.completed, s.problems) for s in after.strata if s.completed] == [(1, 1)]
    assert (after.estimate.found, after.class_rates) == (1.0, False)


def test_the_public_sees_estimates_when_the_round_is_over(session, visited, client):
    code = session.get_one(Round, visited.round_id).code
    early = rates.public_figures(session, code)
    assert (early.strata, early.estimate) == ([], None)
    assert [kind for kind, _ in early.lots] == ["entities", "teams"]
    record_outcomes(session, round_id=visited.round_id, states={})
    assert rates.public_figures(session, code).strata != []
    session.commit()
    shown = client.get(f"/rounds/{code}", headers={"Accept": "text/html"})
    assert (shown.status_code, "无从估计" in shown.text) == (200, True)
    with pytest.raises(NotFound):
        rates.public_figures(session, "none")
