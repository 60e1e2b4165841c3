"""What people can do with lots: commit them, hold the draw, match the teams (DRAWS §1–4).

The first lot draws entities, the second gives anonymous tours to teams. Both take the same steps, each a record in the
public log; names stay closed behind aliases.
"""

import secrets
from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import keys, ledger
from backend.accounts.rules import Actor, Role
from backend.draws import log, matching, rules
from backend.draws.acts import WAITING, locked_lot, refuse_unless_operator
from backend.draws.models import Lot, LotState, Match, Pick, Round, RoundState
from backend.draws.nonces import opened_nonces
from backend.draws.rounds import locked_round, strata_counts, strata_of
from backend.draws.sources import Sources, plan_seed, refuse_unless_ready
from backend.draws.staff import TourToMatch, aliased_pool, candidates_and_tours, inspectors_by_alias, staff_of
from backend.problems import Conflict, NotFound
from media.canonical import canonical_hash

ALGORITHM = "hashdraw-1"
USUAL = Sources()


def commit_entities(session: Session, *, actor: Actor, round_id: UUID, sources: Sources = USUAL) -> Lot:
    """Commit the first lot over the frozen pool. Raises Conflict, NotAllowed, TooFewSources."""
    round_ = locked_round(session, actor, round_id, RoundState.FROZEN)
    refuse_unless_operator(actor, round_)
    lot, key = _new_lot(session, round_, "entities", actor, sources)
    pool = aliased_pool(session, lot, key)
    strata = strata_of(round_, strata_counts(session, round_.id))
    record = {
        **_head(lot, round_),
        "pool": {
            "n": len(pool),
            "root": rules.pool_root([(a, s) for a, s, _ in pool]),
            "key": sha256(key).hexdigest(),
        },
        "strata": {name: {"N": s.N, "weight": s.weight, "min": s.min} for name, s in strata.items()},
        "n": round_.n,
        "reserve": round_.reserve,
        "seed_plan": lot.seed_plan,
        "by": actor.title(Role.DRAW_OPERATOR),
    }
    return _committed(session, lot, round_, record, actor, RoundState.COMMITTED)


def commit_teams(
    session: Session, *, actor: Actor, round_id: UUID, tours: Sequence[TourToMatch], sources: Sources = USUAL
) -> Lot:
    """Commit the second lot over the anonymous tours and the inspectors who may be drawn.

    Raises Conflict, NotAllowed, TooFewSources.
    """
    round_ = locked_round(session, actor, round_id, RoundState.TOURED)
    refuse_unless_operator(actor, round_)
    first = lot_of(session, round_.id, "entities")
    lot, key = _new_lot(session, round_, "teams", actor, sources)
    lot.staff = staff_of(session, round_, first, tours, key)
    record = {
        **_head(lot, round_),
        "draw": first.name,
        "staff": canonical_hash([lot.staff["inspectors"], lot.staff["tours"]]),
        "key": sha256(key).hexdigest(),
        "match": {"size": round_.team_size, "limit": matching.LIMIT},
        "seed_plan": lot.seed_plan,
        "by": actor.title(Role.DRAW_OPERATOR),
    }
    return _committed(session, lot, round_, record, actor, RoundState.TEAMS_COMMITTED)


def hold_draw(session: Session, *, actor: Actor, lot_id: UUID) -> Lot:
    """Reveal the seed and draw the entities. Raises WitnessesMissing, Conflict, NotAllowed."""
    lot = _ready_lot(session, actor, lot_id, "entities")
    seed_hash = _reveal(session, lot)
    key = keys.unseal(lot.alias_key, "alias key")
    pool = aliased_pool(session, lot, key)
    strata = strata_of(lot.round, strata_counts(session, lot.round_id))
    alloc = rules.allocate(lot.seed or "", strata, lot.round.n)
    drawn = rules.draw(lot.seed or "", [(a, s) for a, s, _ in pool], alloc, lot.round.reserve)
    log.append(session, {"type": "result", "lot": lot.name, "seed": seed_hash, "alloc": alloc,
                         "drawn": drawn.drawn, "reserves": drawn.reserves})  # fmt: skip
    session.add_all(_picks(lot, drawn, {name: entity for name, _, entity in pool}))
    lot.state, lot.round.state = LotState.DRAWN, RoundState.DRAWN
    ledger.record(session, "draw.held", lot.id, actor=actor, chain=lot.round.unit.code,
                  round=str(lot.round_id), drawn=sum(alloc.values()))  # fmt: skip
    return lot


def match_teams(session: Session, *, actor: Actor, lot_id: UUID) -> Lot:
    """Reveal the seed of the second lot and give each tour its team. Raises WitnessesMissing, SourcesMissing, Conflict.

    Where nothing fits, the lot is void: the log names the group and what blocked most often, the round waits for a relaxed
    commit (DRAWS §3), and the lot comes back in the state ``void``.
    """
    lot = _ready_lot(session, actor, lot_id, "teams")
    seed_hash = _reveal(session, lot)
    try:
        matched = matching.match(lot.seed or "", *candidates_and_tours(lot.staff or {}), lot.round.team_size)
    except matching.NoMatch as no:
        return _nothing_fits(session, actor, lot, no)
    log.append(session, {"type": "result", "lot": lot.name, "seed": seed_hash, "teams": matched.teams,
                         "tries": matched.tries})  # fmt: skip
    session.add_all(_matches(lot, matched, inspectors_by_alias(session, lot)))
    lot.state, lot.round.state = LotState.DRAWN, RoundState.MATCHED
    ledger.record(session, "teams.matched", lot.id, actor=actor, chain=lot.round.unit.code, round=str(lot.round_id))
    return lot


def _nothing_fits(session: Session, actor: Actor, lot: Lot, no: matching.NoMatch) -> Lot:
    reason, by = f"nothing fits: group {no.group}, {no.constraint}", [actor.title(Role.DRAW_OPERATOR), ALGORITHM]
    log.append(session, {"type": "void", "lot": lot.name, "attempt": lot.attempt, "reason": reason, "by": by})
    lot.void = {"reason": reason, "by": by, "group": no.group, "constraint": no.constraint}
    lot.state, lot.round.state = LotState.VOID, RoundState.TOURED
    ledger.record(session, "lot.voided", lot.id, actor=actor, chain=lot.round.unit.code, kind=lot.kind)
    return lot


def _matches(lot: Lot, matched: matching.Matched, by_alias: dict[str, UUID]) -> list[Match]:
    return [
        Match(lot_id=lot.id, inspector_id=by_alias[member], tour=tour, leader=member == first)
        for tour, team in matched.teams.items()
        for first in [matching.leader(lot.seed or "", tour, team)]
        for member in team
    ]


def lot_of(session: Session, round_id: UUID, kind: str) -> Lot:
    """The latest lot of a kind in a round. Raises NotFound."""
    lot = session.scalar(
        select(Lot).where(Lot.round_id == round_id, Lot.kind == kind).order_by(Lot.attempt.desc()).limit(1)
    )
    if lot is None:
        raise NotFound(what="抽签 lot", id=str(round_id))
    return lot


def _new_lot(session: Session, round_: Round, kind: str, actor: Actor, sources: Sources) -> tuple[Lot, bytes]:
    attempts = session.scalar(select(func.count()).select_from(Lot).where(Lot.round_id == round_.id, Lot.kind == kind))
    attempt, key = (attempts or 0) + 1, secrets.token_bytes(32)
    lot = Lot(
        name=f"{round_.number}-{kind[0]}{attempt}", round_id=round_.id, round=round_, kind=kind, attempt=attempt,
        alias_key=keys.seal(key, "alias key"), nonces=b"", operator=actor.person_id, commit_hash="",
    )  # fmt: skip
    session.add(lot)
    session.flush()
    plan_seed(session, lot, sources)
    return lot, key


def _head(lot: Lot, round_: Round) -> dict[str, Any]:
    return {"type": "commit", "lot": lot.name, "algo": ALGORITHM, "kind": lot.kind, "round": round_.number,
            "attempt": lot.attempt}  # fmt: skip


def _committed(session: Session, lot: Lot, round_: Round, record: dict[str, Any], actor: Actor,
               state: RoundState) -> Lot:  # fmt: skip
    lot.commit_hash = log.append(session, record)
    round_.state = state
    ledger.record(session, "lot.committed", lot.id, actor=actor, chain=round_.unit.code, kind=lot.kind)
    session.flush()
    return lot


def _reveal(session: Session, lot: Lot) -> str:
    """Work out the seed and put it into the log with the nonces. Returns the record's hash."""
    nonces = opened_nonces(session, lot)
    randomness = lot.drand["randomness"] if lot.drand else ""
    lot.seed = rules.seed_of(lot.commit_hash, lot.dice or "", randomness, nonces)
    return log.append(session, {"type": "seed", "lot": lot.name, "commit": lot.commit_hash, "dice": lot.dice,
                                "drand": lot.drand, "nonces": nonces, "seed": lot.seed})  # fmt: skip


def _ready_lot(session: Session, actor: Actor, lot_id: UUID, kind: str) -> Lot:
    lot = locked_lot(session, lot_id, *WAITING)
    refuse_unless_operator(actor, lot.round)
    if lot.kind != kind:
        raise Conflict(what="抽签 lot", state=lot.kind)
    refuse_unless_ready(session, lot)
    return lot


def _picks(lot: Lot, drawn: rules.Drawn, entities: dict[str, UUID]) -> list[Pick]:
    return [
        Pick(
            lot_id=lot.id, entity_id=entities[name], alias=name, stratum=stratum, position=position,
            state="drawn" if position < len(drawn.drawn[stratum]) else "reserve", district=lot.round.district,
        )
        for stratum in drawn.drawn
        for position, name in enumerate(drawn.drawn[stratum] + drawn.reserves[stratum])
    ]  # fmt: skip
