"""Declared exclusions: with a reason, evidence and an end, by somebody who answers for it; and they keep out, and end."""

from datetime import timedelta

import pytest

from backend.accounts.rules import Role
from backend.draws.previews import preview
from backend.problems import BadInput, Conflict, NotAllowed, NotFound
from backend.registry.commands import note_check
from backend.registry.exclusions import declare_exclusion, end_exclusion, exclusions_of
from backend.registry.models import Entity
from backend.times import local_today
from tests.faces.desks import Desk, a_unit_elsewhere
from tests.makers import Ceremony, a_scored_district, an_actor


@pytest.fixture
def unit(session):
    return a_scored_district(session)


@pytest.fixture
def told(session, unit):
    """A full declaration of a supervisor."""
    entity = session.query(Entity).filter(Entity.credit_class.is_not(None)).order_by(Entity.id).first()
    today = local_today()
    return {"actor": an_actor(session, unit, Role.COUNTY_SUPERVISOR, name="declarer"), "entity_id": entity.id, "reason": "OPEN_CASE",
            "evidence": "汉市监案〔2026〕7号", "starts": today, "ends": today + timedelta(days=60)}  # fmt: skip


def test_who_is_excluded_is_not_in_the_pool_until_it_ends(session, unit, told):
    round_ = Ceremony(session, unit).a_round()
    exclusion = declare_exclusion(session, **told)
    session.flush()
    assert preview(session, told["actor"], round_.id).kept_out == {"OPEN_CASE": 1}
    end_exclusion(session, actor=told["actor"], exclusion_id=exclusion.id)
    session.flush()
    assert preview(session, told["actor"], round_.id).kept_out == {}


@pytest.mark.parametrize("wrong", [
    {"reason": "FRIEND"}, {"reason": "CHECKED_THIS_YEAR_SAME_ITEM"}, {"evidence": " x "}, {"item_code": "nothing"},
    {"ends": local_today() - timedelta(days=1)}, {"ends": local_today() + timedelta(days=800)},
])  # fmt: skip
def test_what_is_declared_badly_is_refused(session, told, wrong):
    with pytest.raises(BadInput):
        declare_exclusion(session, **{**told, **wrong})


def test_only_supervisors_of_the_district_declare_and_end(session, unit, told):
    with pytest.raises(NotAllowed):
        declare_exclusion(session, **{**told, "actor": an_actor(session, unit, Role.PLAN_MANAGER)})
    elsewhere = an_actor(session, a_unit_elsewhere(session), Role.COUNTY_SUPERVISOR)
    with pytest.raises(NotFound):
        declare_exclusion(session, **{**told, "actor": elsewhere})


def test_what_the_registers_found_by_themselves_cannot_be_ended(session, told):
    note_check(session, entity_id=told["entity_id"], on=local_today(), item_code="610701000101", evidence="task 1")
    session.flush()
    [found] = exclusions_of(session, told["entity_id"])
    with pytest.raises(Conflict):
        end_exclusion(session, actor=told["actor"], exclusion_id=found.id)


def test_a_supervisor_declares_on_the_entity_s_page_and_auditors_read_a_round_s_list(app, session, unit, told):
    round_ = Ceremony(session, unit).a_round()
    session.commit()
    county = Desk(app, session, unit, Role.COUNTY_SUPERVISOR, name="county")
    page, kept_out = f"/console/entities/{told['entity_id']}", f"/console/rounds/{round_.id}/kept-out"
    form = {name: str(told[name]) for name in ("reason", "evidence", "starts", "ends")}
    assert county.press(f"{page}/exclusions", **form).status_code == 303
    assert told["evidence"] in county.see(page).text
    Desk(app, session, unit, Role.DRAW_OPERATOR, name="operator").press(f"/console/rounds/{round_.id}/freeze")
    assert told["evidence"] in county.see(kept_out).text
    assert Desk(app, session, unit, Role.WITNESS, name="witness").see(kept_out).status_code == 403
