"""After a draw: voids, skips, replacements and outcomes are public, ruled, and replayable; the tours follow."""

import pytest
from sqlalchemy import select

from backend.accounts.rules import Role
from backend.draws import bundles, changes, lots, voids
from backend.draws.models import LotState, Match, Pick, RoundState
from backend.draws.plans import SamePerson
from backend.inspections import outcomes
from backend.problems import BadInput, Conflict, NotAllowed, NotFound
from backend.public import verify_draw
from backend.tours import commands as tours
from backend.tours.models import Stop, Task, TaskState, Tour
from tests.makers import Ceremony, a_scored_district, an_actor


@pytest.fixture
def ceremony(session):
    return Ceremony(session, a_scored_district(session))


@pytest.fixture
def matched(session, ceremony, drain):
    """A round whose tasks are open: (round, entities lot, teams lot)."""
    round_ = ceremony.a_round()
    first = ceremony.draw(round_)
    drain()
    second = tours.commit_teams(session, actor=ceremony.operator, round_id=round_.id)
    ceremony.dice(second)
    lots.match_teams(session, actor=ceremony.operator, lot_id=second.id)
    drain()
    return round_, first, second


def failed(session, lot):
    """The sentences that a stranger's check of the lot's bundle does not pass."""
    return [sentence for sentence, good in verify_draw.checks(bundles.bundle(session, lot.name)) if not good]


def test_a_void_lot_stays_in_the_log_and_a_second_attempt_follows(session, ceremony, drain):
    round_ = ceremony.a_round()
    lot = ceremony.draw(round_)
    drain()
    voids.propose_void(session, actor=ceremony.operator, lot_id=lot.id, reason="名单有误")
    voids.confirm_void(session, actor=ceremony.supervisor, lot_id=lot.id)
    assert (lot.state, round_.state) == (LotState.VOID, RoundState.FROZEN)
    again = lots.commit_entities(session, actor=ceremony.operator, round_id=round_.id)
    ceremony.dice(again)
    lots.hold_draw(session, actor=ceremony.operator, lot_id=again.id)
    drain()
    assert again.name.endswith("-e2")
    assert failed(session, again) == []
    assert failed(session, lot) == []
    drawn = set(session.scalars(select(Pick.entity_id).where(Pick.lot_id == again.id, Pick.state == "drawn")))
    assert set(session.scalars(select(Stop.entity_id).join(Tour))) == drawn


def test_a_void_needs_a_reason_and_another_persons_signature(session, ceremony, matched):
    _, first, second = matched
    for lot in (first, second):
        with pytest.raises(Conflict):
            voids.propose_void(session, actor=ceremony.operator, lot_id=lot.id, reason="换一批")
    lot = ceremony.draw(ceremony.a_round())
    with pytest.raises(BadInput):
        voids.propose_void(session, actor=ceremony.operator, lot_id=lot.id, reason=" ")
    with pytest.raises(NotAllowed):
        voids.propose_void(session, actor=ceremony.witnesses[0], lot_id=lot.id, reason="设备故障")
    both = an_actor(session, ceremony.unit, Role.DRAW_OPERATOR, Role.COUNTY_SUPERVISOR)
    voids.propose_void(session, actor=both, lot_id=lot.id, reason="设备故障")
    with pytest.raises(SamePerson):
        voids.confirm_void(session, actor=both, lot_id=lot.id)
    assert lot.state == LotState.DRAWN


def test_a_skipped_entity_makes_way_for_the_first_reserve_and_its_tour_follows(session, ceremony, matched, drain):
    round_, first, _ = matched
    task = session.scalars(select(Task).where(Task.round_id == round_.id)).first()
    reserve = changes.skip_pick(
        session, actor=ceremony.operator, lot_id=first.id, entity_id=task.entity_id, reason="MOVED_OUT"
    )
    drain()
    session.expire_all()
    assert task.state == TaskState.CANCELLED
    fresh = session.scalars(select(Task).where(Task.entity_id == reserve.entity_id)).one()
    assert {o.inspector_id for o in fresh.officers} == {o.inspector_id for o in task.officers}
    assert session.scalars(select(Stop.entity_id).where(Stop.entity_id == reserve.entity_id)).one()
    assert failed(session, first) == []
    with pytest.raises(NotFound):
        changes.skip_pick(session, actor=ceremony.operator, lot_id=first.id, entity_id=task.entity_id, reason="DORMANT")


def test_when_the_reserves_are_used_up_a_skip_says_so(session, ceremony, matched):
    _, first, _ = matched
    for _ in range(4):
        pick = session.scalars(
            select(Pick).where(Pick.lot_id == first.id, Pick.state == "drawn").order_by(Pick.stratum, Pick.alias)
        ).first()
        taken = changes.skip_pick(
            session, actor=ceremony.operator, lot_id=first.id, entity_id=pick.entity_id, reason="CANCELLED"
        )
        if taken is None:
            break
    assert taken is None
    assert failed(session, first) == []


def test_an_inspector_is_replaced_by_lot_from_those_who_rest(session, ceremony, matched, drain):
    _, _, second = matched
    for _ in range(2):
        leaving = session.scalars(select(Match).where(Match.lot_id == second.id).order_by(Match.tour)).first()
        tour, leaver = leaving.tour, leaving.inspector_id
        joined = changes.replace_inspector(
            session, actor=ceremony.operator, lot_id=second.id, tour=tour, inspector_id=leaver, reason="SICK"
        )
        drain()
        session.expire_all()
        team = session.scalars(select(Match).where(Match.lot_id == second.id, Match.tour == tour)).all()
        assert sum(member.leader for member in team) == 1
        for task in session.scalars(select(Task).join(Tour, Tour.id == Task.tour_id).where(Tour.bundle == tour)):
            assert {o.inspector_id for o in task.officers} == {m.inspector_id for m in team}
        assert joined.inspector_id != leaver
    assert failed(session, second) == []


def test_a_replacement_gives_one_of_the_reasons(session, ceremony, matched):
    _, _, second = matched
    leaving = session.scalars(select(Match).where(Match.lot_id == second.id)).first()
    deed = {"lot_id": second.id, "tour": leaving.tour, "inspector_id": leaving.inspector_id}
    for reason in ("", "BORED", "OTHER"):
        with pytest.raises(BadInput):
            changes.replace_inspector(session, actor=ceremony.operator, **deed, reason=reason)


def test_a_round_is_closed_with_an_outcome_for_everybody(session, ceremony, matched):
    round_, first, _ = matched
    pick = session.scalars(select(Pick).where(Pick.lot_id == first.id, Pick.state == "drawn")).first()
    changes.skip_pick(session, actor=ceremony.operator, lot_id=first.id, entity_id=pick.entity_id, reason="DORMANT")
    with pytest.raises(NotAllowed):
        outcomes.close_round(session, actor=ceremony.operator, round_id=round_.id)
    with pytest.raises(outcomes.VisitsOpen):
        outcomes.close_round(session, actor=ceremony.planner, round_id=round_.id)
    assert outcomes.close_round(session, actor=ceremony.planner, round_id=round_.id, reason="计划调整") >= 6
    assert round_.state == RoundState.DONE
    assert failed(session, first) == []
    told = bundles.bundle(session, first.name)
    del told["entries"][-2]
    assert not all(good for _, good in verify_draw.checks(told))


def test_a_salt_opens_one_alias_and_auditors_open_all(session, ceremony, matched):
    _, first, _ = matched
    picks = session.scalars(select(Pick).where(Pick.lot_id == first.id)).all()
    drawn = next(p for p in picks if p.state == "drawn")
    salt = changes.salt_for(session, actor=ceremony.operator, lot_id=first.id, entity_id=drawn.entity_id)
    assert salt.alias == drawn.alias
    reserve = next(p for p in picks if p.state == "reserve")
    with pytest.raises(NotFound):
        changes.salt_for(session, actor=ceremony.operator, lot_id=first.id, entity_id=reserve.entity_id)
    auditor = an_actor(session, ceremony.unit, Role.AUDITOR)
    assert len(changes.open_alias_key(session, actor=auditor, lot_id=first.id)) == 64
    with pytest.raises(NotAllowed):
        changes.open_alias_key(session, actor=ceremony.operator, lot_id=first.id)
