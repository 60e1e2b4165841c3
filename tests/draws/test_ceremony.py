"""A round from its plan to its teams: every step by the right person, every record as DRAWS asks, and replayable."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.draws import log, lots, matching, merkle, plans, rounds, rules, sources
from backend.draws.aims import TooFewEntities
from backend.draws.models import LotState, Match, Pick, RoundState
from backend.draws.staff import aliased_pool, candidates_and_tours
from backend.problems import BadInput, Conflict, NotAllowed
from backend.tours import commands as tours
from backend.tours.models import Task, Tour
from media.canonical import canonical_hash, canonical_json
from tests.makers import DICE, Ceremony, a_scored_district


@pytest.fixture
def ceremony(session: Session) -> Ceremony:
    return Ceremony(session, a_scored_district(session))


def test_the_whole_way_from_plan_to_open_tasks(session, ceremony, drain):
    round_ = ceremony.a_round()
    ceremony.draw(round_)
    drain()
    session.refresh(round_)
    assert round_.state == RoundState.TOURED
    assert session.scalar(select(func.count()).select_from(Tour)) >= 1
    second = tours.commit_teams(session, actor=ceremony.operator, round_id=round_.id)
    ceremony.dice(second)
    lots.match_teams(session, actor=ceremony.operator, lot_id=second.id)
    drain()
    tasks = session.scalars(select(Task)).all()
    drawn = set(session.scalars(select(Pick.entity_id).where(Pick.state == "drawn")))
    assert {task.entity_id for task in tasks} == drawn
    assert all(len(task.officers) == 2 and sum(o.leader for o in task.officers) == 1 for task in tasks)


def test_the_public_records_replay_to_the_same_draw(session, ceremony):
    round_ = ceremony.a_round()
    lot = ceremony.draw(round_)
    records = {entry.type: entry.record for entry in log.entries(session, lot.name)}
    commit, seed, result = records["commit"], records["seed"], records["result"]
    assert seed["seed"] == rules.seed_of(canonical_hash(commit), DICE, "", seed["nonces"])
    strata = {name: rules.Stratum(**s) for name, s in commit["strata"].items()}
    assert rules.allocate(seed["seed"], strata, commit["n"]) == result["alloc"]
    key = lots.keys.unseal(lot.alias_key, "alias key")
    pool = [(name, stratum) for name, stratum, _ in aliased_pool(session, lot, key)]
    assert rules.pool_root(pool) == commit["pool"]["root"]
    again = rules.draw(seed["seed"], pool, result["alloc"], commit["reserve"])
    assert (again.drawn, again.reserves) == (result["drawn"], result["reserves"])


def test_the_second_lot_replays_from_its_committed_staff(session, ceremony, drain):
    round_ = ceremony.a_round()
    ceremony.draw(round_)
    drain()
    lot = tours.commit_teams(session, actor=ceremony.operator, round_id=round_.id)
    ceremony.dice(lot)
    lots.match_teams(session, actor=ceremony.operator, lot_id=lot.id)
    records = {entry.type: entry.record for entry in log.entries(session, lot.name)}
    assert records["commit"]["staff"] == canonical_hash([lot.staff["inspectors"], lot.staff["tours"]])
    again = matching.match(records["seed"]["seed"], *candidates_and_tours(lot.staff), 2)
    assert (again.teams, again.tries) == (records["result"]["teams"], records["result"]["tries"])
    assert session.scalar(select(func.count()).select_from(Match)) == 2 * len(again.teams)


def test_every_head_is_signed_and_consistent_with_the_one_before(session, ceremony):
    ceremony.draw(ceremony.a_round())
    newest = log.head(session)
    for size in range(1, newest.size):
        old = log.head(session, size)
        path = [bytes.fromhex(step) for step in log.consistency(session, size, newest.size)]
        assert merkle.consistent(size, newest.size, path, bytes.fromhex(old.root), bytes.fromhex(newest.root))
    signed = {"size": newest.size, "root": newest.root, "time": newest.time}
    lots.keys.signer("log").public_key().verify(bytes.fromhex(newest.signature), canonical_json(signed))


def test_nothing_is_drawn_before_two_witnesses_signed(session, ceremony):
    round_ = ceremony.a_round()
    rounds.freeze_pool(session, actor=ceremony.operator, round_id=round_.id)
    lot = lots.commit_entities(session, actor=ceremony.operator, round_id=round_.id)
    sources.enter_dice(session, actor=ceremony.operator, lot_id=lot.id, dice=DICE)
    sources.witness_dice(session, actor=ceremony.witnesses[0], lot_id=lot.id)
    sources.witness_dice(session, actor=ceremony.witnesses[0], lot_id=lot.id)
    with pytest.raises(sources.WitnessesMissing):
        lots.hold_draw(session, actor=ceremony.operator, lot_id=lot.id)
    assert lot.state == LotState.DICE_ENTERED


def test_steps_out_of_order_and_by_the_wrong_person_are_refused(session, ceremony):
    round_ = ceremony.a_round()
    with pytest.raises(Conflict):
        lots.commit_entities(session, actor=ceremony.operator, round_id=round_.id)
    with pytest.raises(NotAllowed):
        rounds.freeze_pool(session, actor=ceremony.supervisor, round_id=round_.id)
    rounds.freeze_pool(session, actor=ceremony.operator, round_id=round_.id)
    lot = lots.commit_entities(session, actor=ceremony.operator, round_id=round_.id)
    with pytest.raises(BadInput):
        sources.enter_dice(session, actor=ceremony.operator, lot_id=lot.id, dice="7" * 20)
    plan = plans.draft_plan(session, actor=ceremony.supervisor, year=2026, title="自己批自己")
    with pytest.raises(plans.SamePerson):
        plans.publish_plan(session, actor=ceremony.supervisor, plan_id=plan.id)


def test_a_round_that_asks_too_much_says_so(session, ceremony):
    with pytest.raises(TooFewEntities, match="60 entities are eligible, 600"):
        rounds.freeze_pool(session, actor=ceremony.operator, round_id=ceremony.a_round(600).id)
