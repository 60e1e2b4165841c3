"""What SQL scores in bulk is what the rules say of each entity alone."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, text

from backend.ledger import Event
from backend.registry import commands as registry
from backend.registry.models import Entity, RegistryHistory
from backend.risk import rules
from backend.risk.card import Scorecard, audiences_of
from backend.risk.commands import adopt_scorecard, record_facts, score_all, score_entity
from backend.risk.grammar import ValueOutsideRule
from backend.risk.judging import marked
from backend.risk.models import Fact, Score, ScoreMark
from backend.risk.queries import by_points
from backend.risk.register import told_by_register
from backend.risk.spread import MARK_ONE
from backend.times import local_today, utc_now
from tests.makers import DISTRICT, SQUARE, a_scored_district, a_unit
from tests.makers import entities as some_entities
from tests.risk.cards import cards, told

ON = date(2026, 11, 23)
KINDS = [("company", ["6210"], "JY26107020000012"), ("individual", ["5231"], None), ("individual", ["6210"], "JY2"),
         ("cooperative", ["1411", "0141"], "SC1"), ("branch", ["8111"], None), ("company", ["5211"], "JY1")]  # fmt: skip


@pytest.fixture
def crowd(session):
    """A few entities of every kind, some of whose rows tell more than others."""
    a_unit(session)
    crowd = some_entities(session, len(KINDS))
    for n, (entity, (kind, industry, licence)) in enumerate(zip(crowd, KINDS, strict=True)):
        entity.entity_type, entity.industry, entity.licence_no = kind, industry, licence
        entity.est_date = date(2020 + n, 1, n + 1) if n else None
        entity.last_check_at = date(2026 - n, 11, 23) if n % 2 else None
        entity.licence_valid_to = date(2026, 11, 20 + n) if licence else None
    session.flush()
    return crowd


def by_the_rules(session, card, entity):
    """The score of one entity by the pure rules."""
    audiences = audiences_of(entity.entity_type, entity.industry, entity.licence_no)
    rows = session.execute(
        select(Fact.indicator, Fact.value, Fact.as_of, Fact.repaired, Fact.id).where(Fact.entity_id == entity.id)
    )
    facts = [rules.Fact(*row) for row in rows]
    return rules.score(card, [*facts, *told_by_register(entity, ON)], audiences, ON)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_bulk_and_rules_agree_on_every_card_and_every_fact(session, crowd, data):
    rows, values = data.draw(cards())
    facts = data.draw(told(values, crowd, ON))
    thresholds = data.draw(st.sampled_from([{"B": 100, "C": 220, "D": 380}, {"B": 20, "C": 50, "D": 51}]))
    with session.begin_nested() as savepoint:
        adopt_scorecard(session, version="any", rows=rows, effective=ON, actor="test", thresholds=thresholds)
        record_facts(session, facts)
        assert score_all(session, cause="run", on=ON) == len(crowd)
        card = Scorecard.from_rows("any", rows, thresholds)
        for entity in crowd:
            score, kept = by_the_rules(session, card, entity), session.get_one(Score, (entity.id, "run"))
            assert (kept.score, kept.credit_class, kept.completeness) == (
                score.score,
                score.credit_class,
                score.completeness,
            )
            assert by_points(kept.reasons) == by_points(score.as_json())
            assert (entity.score, entity.credit_class) == (score.score, score.credit_class)
            mark = session.get_one(ScoreMark, entity.id).mark
            session.execute(text(MARK_ONE), {"id": entity.id, **marked(card, score)})
            assert session.scalar(select(ScoreMark.mark).where(ScoreMark.entity_id == entity.id)) == mark
        savepoint.rollback()
    session.expire_all()


def history_of(session, entity):
    return session.scalars(select(Score.cause).where(Score.entity_id == entity.id).order_by(Score.at)).all()


def fact_of(entity, value, **more):
    return {"entity_id": entity.id, "district": entity.district, "indicator": "G306", "value": value,
            "as_of": local_today(), "source": "test", "source_id": "1", **more}  # fmt: skip


def test_only_what_changed_writes_history(session):
    a_scored_district(session, count=5)
    first, *others = session.query(Entity).order_by(Entity.uscc)
    before = history_of(session, first)
    record_facts(session, [fact_of(first, "2")])
    score_all(session, cause="second")
    score_all(session, cause="third")
    assert history_of(session, first) == [*before, "second"]
    assert [len(history_of(session, entity)) for entity in others] == [1] * 4


def test_a_score_of_one_entity_leaves_nothing_to_write_for_the_next_run(session):
    a_scored_district(session, count=3)
    entity = session.query(Entity).first()
    record_facts(session, [fact_of(entity, "3")])
    score_entity(session, entity_id=entity.id, cause="result")
    score_all(session, cause="night")
    assert history_of(session, entity)[1:] == ["result"]


def test_another_source_for_the_same_points_is_a_new_reason(session):
    a_scored_district(session, count=2)
    entity = session.query(Entity).first()
    record_facts(session, [fact_of(entity, "1", as_of=local_today() - timedelta(days=1))])
    score_all(session, cause="one")
    record_facts(session, [fact_of(entity, "1", repaired=True), fact_of(entity, "1", source_id="2")])
    score_all(session, cause="two")
    assert history_of(session, entity)[1:] == ["one", "two"]


def test_one_event_tells_of_a_district(session):
    a_scored_district(session, count=4)
    session.commit()
    event = session.scalars(select(Event).where(Event.name == "entities.scored")).one()
    assert (event.payload["district"], event.payload["count"], event.payload["changed"]) == (DISTRICT, 4, 4)


def test_a_value_that_the_card_in_force_does_not_know_stops_the_run_and_is_named(session):
    a_scored_district(session, count=2)
    entity = session.query(Entity).first()
    session.execute(insert(Fact), [{**fact_of(entity, "many"), "repaired": False, "recorded_at": utc_now()}])
    with pytest.raises(ValueOutsideRule) as told:
        score_all(session, cause="run")
    assert (told.value.facts["indicator"], told.value.facts["value"]) == ("G306", "many")


def test_facts_move_with_their_entity_and_only_a_new_class_is_history_of_the_register(session):
    a_scored_district(session, count=1)
    entity = session.query(Entity).one()
    record_facts(session, [fact_of(entity, "1")])
    registry.enter_district(session, code="610703", name="南郑区", name_en="Nanzheng", level="county", area=SQUARE)
    entity.district = "610703"
    session.flush()
    assert session.scalars(select(Fact.district)).all() == ["610703"]
    assert [row.row["district"] for row in session.scalars(select(RegistryHistory))] == [DISTRICT]
    entity.score = 1
    session.flush()
    assert session.query(RegistryHistory).count() == 1


def test_a_bad_fact_is_refused_with_all_that_came_with_it(session):
    a_scored_district(session, count=2)
    one, two = session.query(Entity).all()
    with pytest.raises(ValueOutsideRule):
        record_facts(session, [fact_of(one, "1"), fact_of(two, "many")])
    assert session.query(Fact).count() == 0


def test_many_facts_by_copy_are_kept_as_few_are_and_replace_what_the_same_record_told(session):
    a_scored_district(session, count=1)
    entity = session.query(Entity).one()
    many = [fact_of(entity, "1", source_id=str(n)) for n in range(2500)]
    assert record_facts(session, [*many, fact_of(entity, "3", source_id="7", repaired=True)]) == 2501
    record_facts(session, [fact_of(entity, "2", source_id="8")])
    kept = {fact.source_id: (fact.value, fact.repaired) for fact in session.query(Fact)}
    assert (len(kept), kept["7"], kept["8"], kept["9"]) == (2500, ("3", True), ("2", False), ("1", False))
