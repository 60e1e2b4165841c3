"""Who stands in a period's pool: those who went least, and enough who hold what the tours need."""

from collections import Counter

from sqlalchemy import select

from backend.draws import lots
from backend.draws.models import Match
from backend.draws.staff import TourToMatch, staff_of
from backend.registry.models import Inspector
from backend.tours import commands as tours
from tests.makers import Ceremony, a_scored_district

KEY = bytes(32)


def staff(session, ceremony, round_, first, count, need=()):
    """The committed inspectors of a lot of ``count`` tours in the district's group."""
    group = session.scalars(select(Inspector.district)).first()
    asked = [TourToMatch(f"t{n:02d}", group, need, ()) for n in range(count)]
    return staff_of(session, round_, first, asked, KEY)["inspectors"]


def test_at_first_everybody_stands_in_the_pool(session):
    ceremony = Ceremony(session, a_scored_district(session, officers=12))
    round_ = ceremony.a_round()
    first = ceremony.draw(round_)
    assert len(staff(session, ceremony, round_, first, 2)) == 12


def test_those_who_went_rest_while_others_have_not(session, drain):
    ceremony = Ceremony(session, a_scored_district(session, officers=12))
    round_ = ceremony.a_round()
    first = ceremony.draw(round_)
    drain()
    lot = tours.commit_teams(session, actor=ceremony.operator, round_id=round_.id)
    ceremony.dice(lot)
    lots.match_teams(session, actor=ceremony.operator, lot_id=lot.id)
    went = Counter(session.scalars(select(Match.inspector_id)))
    assert len(staff(session, ceremony, round_, first, 2)) == 12 - len(went)
    everybody = staff(session, ceremony, round_, first, 6)
    assert len(everybody) == 12


def test_enough_holders_of_a_qualification_stand_in_the_pool(session):
    ceremony = Ceremony(session, a_scored_district(session, officers=12))
    round_ = ceremony.a_round()
    first = ceremony.draw(round_)
    some = session.scalars(select(Inspector).order_by(Inspector.id.desc()).limit(2)).all()
    for inspector in some:
        inspector.qualifications = ["elevator"]
        session.add(Match(lot_id=first.id, inspector_id=inspector.id, tour="t01", leader=False))
    session.flush()
    pool = staff(session, ceremony, round_, first, 1, ("elevator",))
    assert sum("elevator" in inspector["quals"] for inspector in pool) == 2
