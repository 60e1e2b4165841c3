"""Who is kept out of a pool, and why: each reason with its evidence, carried over from round to round (DOMAIN §2.3)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.draws.models import Pick, PoolExclusion, PoolMember
from backend.draws.pools import fill_pool
from backend.registry.commands import exclude, note_check
from backend.registry.models import Entity
from backend.times import local_today
from tests.makers import Ceremony, a_scored_district

ITEM = "610701000101"


@pytest.fixture
def ceremony(session):
    return Ceremony(session, a_scored_district(session))


def kept_out(session, round_):
    """Fill the pool: who is kept out and why, by entity."""
    session.flush()
    fill_pool(session, round_)
    rows = session.execute(
        select(PoolExclusion.entity_id, PoolExclusion.reason).where(PoolExclusion.round_id == round_.id)
    )
    found = dict(rows.all())
    frozen = set(session.scalars(select(PoolMember.entity_id).where(PoolMember.round_id == round_.id)))
    assert not frozen & found.keys()
    return found


def some(session, count):
    return session.scalars(
        select(Entity).where(Entity.credit_class.is_not(None)).order_by(Entity.id).limit(count)
    ).all()


def test_a_second_round_leaves_out_whom_the_first_one_drew(session, ceremony):
    first = ceremony.draw(ceremony.a_round())
    found = kept_out(session, ceremony.a_round())
    drawn = set(session.scalars(select(Pick.entity_id).where(Pick.lot_id == first.id, Pick.state == "drawn")))
    assert found == dict.fromkeys(drawn, "CHECKED_THIS_YEAR_SAME_ITEM")


def test_a_visit_of_the_year_keeps_out_and_one_of_last_year_does_not(session, ceremony):
    visited, before = some(session, 2)
    round_ = ceremony.a_round()
    note_check(session, entity_id=visited.id, on=round_.starts, item_code=ITEM, evidence="task 1")
    note_check(session, entity_id=before.id, on=round_.starts.replace(year=round_.starts.year - 1), item_code=ITEM,
               evidence="task 2")  # fmt: skip
    assert kept_out(session, round_) == {visited.id: "CHECKED_THIS_YEAR_SAME_ITEM"}


def test_an_item_may_allow_more_visits_a_year(session, ceremony):
    once, twice = some(session, 2)
    round_ = ceremony.a_round()
    round_.item.frequency_cap = 2
    for entity, task in ((once, 1), (twice, 2), (twice, 3)):
        note_check(session, entity_id=entity.id, on=round_.starts, item_code=ITEM, evidence=f"task {task}")
    assert kept_out(session, round_) == {twice.id: "ANNUAL_CAP_REACHED"}


def test_the_newly_founded_are_left_alone_unless_licensed_for_food(session, ceremony):
    shop, caterer, older = some(session, 3)
    today = local_today()
    for entity, food, licence, age in ((shop, False, None, 10), (caterer, True, "JY1", 10), (older, False, None, 400)):
        entity.food, entity.licence_no, entity.est_date = food, licence, today - timedelta(days=age)
    assert kept_out(session, ceremony.a_round()) == {shop.id: "NEWLY_FOUNDED"}


def test_how_long_the_newly_founded_are_left_alone_is_the_plan_s_choice(session, ceremony):
    [shop] = some(session, 1)
    shop.food, shop.licence_no, shop.est_date = False, None, local_today() - timedelta(days=10)
    round_ = ceremony.a_round()
    round_.plan.terms = {"new_for_days": 5}
    assert kept_out(session, round_) == {}


def test_declared_reasons_hold_for_their_time_and_their_item(session, ceremony):
    now, over, other = some(session, 3)
    round_ = ceremony.a_round()
    until = {"starts": round_.starts, "ends": round_.ends}
    exclude(session, entity=now, reason="OPEN_CASE", evidence="案件 7", **until)
    exclude(session, entity=over, reason="DORMANT", evidence="歇业", starts=round_.starts - timedelta(days=9),
            ends=round_.starts - timedelta(days=1))  # fmt: skip
    exclude(session, entity=other, reason="WHITELIST_EXEMPT", evidence="白名单", item_code="999", **until)
    assert kept_out(session, round_) == {now.id: "OPEN_CASE"}
