"""Scoring the imported register: the whole city beside one bare aggregate over the same facts, one entity beside one insert."""

from datetime import date, timedelta
from statistics import median
from uuid import UUID

import psycopg
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from backend.bench.told import Ratio, timed
from backend.config import settings
from backend.db import sessions, transaction
from backend.registry.models import Entity
from backend.risk.commands import adopt_scorecard, default_rows, districts_to_score, score_district, score_entity
from backend.risk.models import Fact
from backend.times import local_today, utc_now

HOLD_ALL, HOLD_ONE = 3, 20
"""DESIGN §5"""
ALWAYS = {"G103": "own_or_leased_shop", "G108": "unverified", "G109": "general", "G209": "normal"}
SELDOM = 65
"""Of a thousand entities so many have a fact on each other indicator: eight or nine facts each in all."""
CHANGED = 50
"""Every so manieth entity gets a new fact before the city is scored again."""
TIMES = 200


def scoring_ratios() -> list[Ratio]:
    """The whole city again after two in a hundred have changed, the first time, and one entity at a time."""
    with transaction() as session:
        adopt_scorecard(session, version="bench", rows=default_rows(), effective=date(2020, 1, 1), actor="bench")
        facts = _make_facts(session)
    _settle()
    first = _score_city("first")
    with transaction() as session:
        session.execute(text(_NEWS), {"each": CHANGED})
    bare = [_bare_sum() for _ in range(3)]
    again = _score_city("again")
    bare = [*bare, *(_bare_sum() for _ in range(3))]
    work = f"entities with {facts:,} facts : bare sum of their points"
    return [
        Ratio(f"rescore {work}", again, median(bare), HOLD_ALL),
        Ratio("  the same, all of them new", first, median(bare), float("inf")),
        _one_ratio(),
    ]


def _score_city(cause: str) -> float:
    """Seconds to score all districts, each in a committed transaction of its own."""
    with timed() as watch:
        with transaction() as session:
            districts = districts_to_score(session)
        for district in districts:
            with transaction() as session:
                score_district(session, district=district, cause=cause)
    return watch.seconds


def _make_facts(session: Session) -> int:
    """Facts of every indicator, the same every time, spread over three years; points of each value in ``bench_points``."""
    session.execute(text("create temp table told (place int, indicator text, known text[], share int) on commit drop"))
    for place, row in enumerate(default_rows()):
        values = [case.partition("=")[0] for case in row["scoring_rule"].partition("(")[2].partition(")")[0].split(";")]
        known = [ALWAYS.get(row["code"]) or value for value in values if value[0] not in "<>"] or ["0.5"]
        share = 1000 if row["code"] in ALWAYS else SELDOM
        session.execute(text("insert into told values (:place, :code, :known, :share)"),
                        {"place": place, "code": row["code"], "known": known, "share": share})  # fmt: skip
    session.execute(text(_FACTS), {"on": local_today()})
    return session.scalar(select(func.count()).select_from(Fact)) or 0


_FACTS = """insert into facts (entity_id, indicator, value, as_of, source, source_id, repaired, district, recorded_at)
  select e.id, t.indicator, known[1 + h % cardinality(known)], cast(:on as date) - (h / 1000 % 1000)::int, 'bench', '1',
    false, e.district, now()
  from entities e cross join told t cross join lateral (select uuid_hash_extended(e.id, t.place) & 4611686018427387903) x (h)
  where h % 1000 < share order by e.district, e.id"""
_NEWS = """insert into facts (entity_id, indicator, value, as_of, source, source_id, repaired, district, recorded_at)
  select id, 'G306', '2', current_date - 1, 'bench', 'news', false, district, now() from (
    select *, row_number() over (order by id) as n from entities) e where n % :each = 0"""
_POINTS = """create temp table bench_points as
  select indicator, value, (row_number() over ())::bigint as points from (select distinct indicator, value from facts) p"""
_SUM = """select count(*), sum(points) from (select entity_id, sum(points) as points
  from facts join bench_points using (indicator, value) group by entity_id) sums"""


def _bare_sum() -> float:
    """Seconds of one aggregate that looks up each fact's points and sums them by entity: no age, no floor, no reason."""
    with psycopg.connect(settings().database_url.replace("+psycopg", "", 1)) as connection:
        connection.execute(_POINTS)
        connection.execute("analyze bench_points")
        with timed() as watch:
            connection.execute(_SUM).fetchone()
    return watch.seconds


def _settle() -> None:
    """What autovacuum would do in the next minutes."""
    owner = settings().database_owner_url.replace("+psycopg", "", 1)
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("vacuum analyze facts")
        connection.execute("vacuum analyze entities")


def _one_ratio() -> Ratio:
    """Each a number of times through one session, then undone."""
    with sessions()() as session:
        ids = session.execute(select(Entity.id, Entity.district).order_by(Entity.id).limit(TIMES + 5)).all()
        ours = median(_score_one(session, id_) for id_, _ in ids[5:])
        bare = median(_insert_one(session, id_, district) for id_, district in ids[5:])
    return Ratio(f"rescore one entity, x {TIMES} : one indexed insert", ours * TIMES, bare * TIMES, HOLD_ONE)


def _score_one(session: Session, entity_id: UUID) -> float:
    with timed() as watch:
        score_entity(session, entity_id=entity_id, cause="one")
    return watch.seconds


def _insert_one(session: Session, entity_id: UUID, district: str) -> float:
    day = local_today() - timedelta(days=1)
    row = {"entity_id": entity_id, "indicator": "G306", "value": "1", "as_of": day, "source": "bench", "source_id": "one",
           "repaired": False, "recorded_at": utc_now(), "district": district}  # fmt: skip
    with timed() as watch:
        session.execute(insert(Fact), [row])
        session.flush()
    return watch.seconds
