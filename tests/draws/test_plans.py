"""Annual plans: filed before they are published, amended in versions, joint with named departments, withdrawn only before they were public."""

import pytest

from backend.draws import plans, rounds
from backend.draws.models import PlanState
from backend.draws.queries import plans as public_plans
from backend.problems import BadInput, Conflict, NotAllowed
from backend.times import local_today
from tests.makers import Ceremony, a_scored_district


@pytest.fixture
def ceremony(session):
    return Ceremony(session, a_scored_district(session))


@pytest.fixture
def plan(session, ceremony):
    return plans.draft_plan(session, actor=ceremony.planner, year=2026, title="餐饮检查计划")


def published(session, ceremony, plan):
    plans.file_plan(session, actor=ceremony.planner, plan_id=plan.id)
    return plans.publish_plan(session, actor=ceremony.supervisor, plan_id=plan.id)


def test_a_plan_that_was_not_filed_is_not_published(session, ceremony, plan):
    with pytest.raises(Conflict):
        plans.publish_plan(session, actor=ceremony.supervisor, plan_id=plan.id)
    with pytest.raises(NotAllowed):
        plans.file_plan(session, actor=ceremony.supervisor, plan_id=plan.id)
    assert public_plans(session) == []
    for _ in range(2):
        published(session, ceremony, plan) if plan.state == PlanState.DRAFT else None
    assert [view.code for view in public_plans(session)] == [plan.code]


def test_an_amended_plan_is_a_new_version_with_a_notice_of_its_own(session, ceremony, plan, drain, app, client):
    published(session, ceremony, plan)
    with pytest.raises(BadInput):
        plans.amend_plan(session, actor=ceremony.planner, plan_id=plan.id, title="", changes=" ")
    plans.amend_plan(
        session, actor=ceremony.planner, plan_id=plan.id, title="餐饮检查计划（调整）", changes="增加网络餐饮"
    )
    with pytest.raises(Conflict):
        ask_for_a_round(session, ceremony, plan)
    published(session, ceremony, plan)
    drain()
    for version in (1, 2):
        assert client.get(f"/notices/P-{plan.code}-{version}", headers={"Accept": "text/html"}).status_code == 200
    assert ask_for_a_round(session, ceremony, plan).plan_id == plan.id


def ask_for_a_round(session, ceremony, plan):
    day = local_today()
    return rounds.draft_round(session, actor=ceremony.planner, plan_id=plan.id, title="第一批", n=6, starts=day, ends=day,
                              item_code="610701000101")  # fmt: skip


def test_only_a_plan_that_was_never_public_can_be_withdrawn(session, ceremony, plan):
    other = plans.draft_plan(session, actor=ceremony.planner, year=2026, title="另一计划")
    for _ in range(2):
        assert plans.withdraw_plan(session, actor=ceremony.planner, plan_id=other.id).state == PlanState.WITHDRAWN
    published(session, ceremony, plan)
    with pytest.raises(Conflict):
        plans.withdraw_plan(session, actor=ceremony.planner, plan_id=plan.id)


def test_a_joint_plan_names_who_takes_part(session, ceremony):
    with pytest.raises(BadInput):
        plans.draft_plan(session, actor=ceremony.planner, year=2026, title="联合检查", joint=True, participants=[" "])
    joint = plans.draft_plan(session, actor=ceremony.planner, year=2026, title="联合检查", joint=True,
                             participants=["卫生健康局 ", "消防救援大队"])  # fmt: skip
    published(session, ceremony, joint)
    assert [view.participants for view in public_plans(session)] == [["卫生健康局", "消防救援大队"]]
