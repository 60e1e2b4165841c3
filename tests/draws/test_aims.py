"""A round's bounds: what a preview says is what freezing does, drafts promise nothing, general items keep to their ratio."""

import pytest
from sqlalchemy import func, select

from backend.draws import plans, rounds
from backend.draws.aims import AimTooSteep, OverTheRatio
from backend.draws.models import PoolExclusion
from backend.draws.previews import preview
from backend.problems import BadInput, Conflict, NotAllowed
from backend.registry.models import Entity
from tests.makers import Ceremony, a_scored_district

ITEM = "610701000101"
EVEN = {"A": 1, "B": 1, "C": 1, "D": 1}


@pytest.fixture
def ceremony(session):
    return Ceremony(session, a_scored_district(session))


@pytest.fixture
def two_classes(session, ceremony):
    """Half of the district in A, half in D."""
    for n, entity in enumerate(session.query(Entity).order_by(Entity.id)):
        entity.credit_class = "AD"[n % 2]


def test_a_preview_says_what_freezing_then_does(session, ceremony):
    ceremony.draw(ceremony.a_round())
    round_ = ceremony.a_round()
    told = preview(session, ceremony.planner, round_.id)
    counts = rounds.freeze_pool(session, actor=ceremony.operator, round_id=round_.id)
    assert (told.sizes, told.aim.within_bounds, told.before) == (dict(counts), True, 6)
    reasons = select(PoolExclusion.reason, func.count()).where(PoolExclusion.round_id == round_.id)
    assert told.kept_out == dict(session.execute(reasons.group_by(PoolExclusion.reason)).all())


def test_looking_at_a_preview_fixes_nothing(session, ceremony):
    round_ = ceremony.a_round()
    preview(session, ceremony.planner, round_.id)
    assert session.scalar(select(func.count()).select_from(PoolExclusion)) == 0
    with pytest.raises(BadInput):
        preview(session, ceremony.planner, round_.id, rate=1.5)


def test_drafts_promise_nobody_a_chance_and_rounds_that_the_plan_publishes_do(session, ceremony, two_classes):
    round_ = ceremony.a_round()
    alone = preview(session, ceremony.planner, round_.id).aim
    for number in (6, 7, 8):
        rounds.draft_round(session, actor=ceremony.planner, plan_id=round_.plan_id, title="", n=number, item_code=ITEM,
                           starts=round_.starts, ends=round_.ends)  # fmt: skip
    assert preview(session, ceremony.planner, round_.id).aim == alone
    round_.plan.terms = {"rounds": 12}
    aim = preview(session, ceremony.planner, round_.id).aim
    assert (alone.rounds, aim.rounds) == (1, 12)
    assert aim.smallest_chance > alone.smallest_chance


def test_a_draft_that_is_too_steep_is_revised_rather_than_drafted_again(session, ceremony, two_classes):
    round_ = ceremony.a_round()
    aim = {"actor": ceremony.planner, "round_id": round_.id, "n": 6, "reserve": 2, "minimums": {}}
    rounds.revise_round(session, weights={**EVEN, "D": 100_000}, **aim)
    with pytest.raises(AimTooSteep), session.begin_nested():
        rounds.freeze_pool(session, actor=ceremony.operator, round_id=round_.id)
    rounds.revise_round(session, weights=EVEN, **aim)
    rounds.freeze_pool(session, actor=ceremony.operator, round_id=round_.id)
    with pytest.raises(Conflict):
        rounds.revise_round(session, weights=EVEN, **aim)


def test_only_a_planner_revises_and_only_with_floors_that_fit(session, ceremony):
    told = {"round_id": ceremony.a_round().id, "n": 6, "reserve": 2, "weights": EVEN}
    with pytest.raises(NotAllowed):
        rounds.revise_round(session, actor=ceremony.operator, minimums={}, **told)
    with pytest.raises(BadInput):
        rounds.revise_round(session, actor=ceremony.planner, minimums={"A": 7}, **told)


def test_a_general_item_is_not_drawn_beyond_its_ratio_over_the_year(session, ceremony):
    first = ceremony.a_round()
    first.item.item_class, first.item.ratio_max = "GENERAL", 0.15
    ceremony.draw(first)
    second = ceremony.a_round()
    with (
        pytest.raises(OverTheRatio, match="60 entities, 6 are already planned this year, so 3 more"),
        session.begin_nested(),
    ):
        rounds.freeze_pool(session, actor=ceremony.operator, round_id=second.id)
    second.item.item_class = "KEY"
    rounds.freeze_pool(session, actor=ceremony.operator, round_id=second.id)


def test_terms_are_checked_published_with_the_plan_and_amended_with_a_version(session, ceremony):
    with pytest.raises(BadInput):
        plans.draft_plan(session, actor=ceremony.planner, year=2026, title="计划", terms={"rounds": 0})
    with pytest.raises(BadInput):
        plans.draft_plan(session, actor=ceremony.planner, year=2026, title="计划", terms={"luck": 1})
    plan = ceremony.a_round().plan
    plans.amend_plan(session, actor=ceremony.planner, plan_id=plan.id, title="", changes="延长新设立期限",
                     terms={"new_for_days": 365})  # fmt: skip
    assert (plan.terms["new_for_days"], plan.terms["rounds"], plan.version) == (365, 1, 2)
