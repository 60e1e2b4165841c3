"""What people can do with lots: commit, enter the dice, witness them, hold the draw, match the teams (DRAWS §1–4).

The first lot draws entities, the second gives anonymous tours to teams. Both take the same steps, each a record in the
public log; names stay closed behind aliases.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import keys, ledger
from backend.accounts.rules import Actor, Role, can_hold_draw, can_witness
from backend.draws import log, matching, rules
from backend.draws.models import (
    Lot,
    LotState,
    Match,
    Pick,
    PoolMember,
    Round,
    RoundState,
    Witnessing,
)
from backend.draws.plans import SamePerson, locked_round, strata_counts, strata_of
from backend.draws.staff import (
    TourToMatch,
    alias,
    candidates_and_tours,
    inspectors_by_alias,
    staff_of,
)
from backend.problems import BadInput, Conflict, NotAllowed, NotFound, Problem
from media.canonical import canonical_hash

ALGORITHM = "hashdraw-1"
DICE = 20
WITNESSES = 2


class WitnessesMissing(Problem):
    """Two witnesses sign the dice in sessions of their own before anything is drawn."""

    status = 409
    zh = ("见证人未签", "骰子数须由 {needed} 名见证人各自登录签认，现有 {signed} 名。")
    en = (
        "Witnesses are missing",
        "{needed} witnesses must sign the dice in their own sessions; {signed} have.",
    )


class NobodyFits(Problem):
    """No admissible arrangement of teams was found."""

    status = 409
    zh = (
        "无法匹配检查组",
        "分组 {group} 没有可行的组合，主要受限于：{constraint}。请增加人员或放宽条件后重新承诺。",
    )
    en = (
        "No team fits",
        "Group {group} has no admissible arrangement; mostly blocked by {constraint}. Add inspectors or relax it in a new commit.",
    )


def commit_entities(session: Session, *, actor: Actor, round_id: UUID) -> Lot:
    """Commit the first lot over the frozen pool. Raises Conflict, NotAllowed."""
    round_ = locked_round(session, actor, round_id, RoundState.FROZEN)
    _refuse_unless_operator(actor, round_)
    lot, key, plan = _new_lot(session, round_, "entities", actor)
    pool = aliased_pool(session, lot, key)
    strata = strata_of(round_, strata_counts(session, round_.id))
    record = {
        **_head(lot, round_),
        "pool": {
            "n": len(pool),
            "root": rules.pool_root([(a, s) for a, s, _ in pool]),
            "key": _digest(key),
        },
        "strata": {name: {"N": s.N, "weight": s.weight, "min": s.min} for name, s in strata.items()},
        "n": round_.n,
        "reserve": round_.reserve,
        "seed_plan": plan,
        "by": actor.title(Role.DRAW_OPERATOR),
    }
    return _committed(session, lot, round_, record, actor, RoundState.COMMITTED)


def commit_teams(session: Session, *, actor: Actor, round_id: UUID, tours: Sequence[TourToMatch]) -> Lot:
    """Commit the second lot over the anonymous tours and the inspectors who may be drawn. Raises Conflict, NotAllowed."""
    round_ = locked_round(session, actor, round_id, RoundState.TOURED)
    _refuse_unless_operator(actor, round_)
    first = lot_of(session, round_.id, "entities")
    lot, key, plan = _new_lot(session, round_, "teams", actor)
    lot.staff = staff_of(session, round_, first, tours, key)
    record = {
        **_head(lot, round_),
        "draw": first.name,
        "staff": canonical_hash([lot.staff["inspectors"], lot.staff["tours"]]),
        "key": _digest(key),
        "match": {"size": round_.team_size, "limit": matching.LIMIT},
        "seed_plan": plan,
        "by": actor.title(Role.DRAW_OPERATOR),
    }
    return _committed(session, lot, round_, record, actor, RoundState.TEAMS_COMMITTED)


def enter_dice(session: Session, *, actor: Actor, lot_id: UUID, dice: str) -> Lot:
    """Write down the dice as they fell. Raises BadInput, Conflict, NotAllowed."""
    lot = _locked_lot(session, lot_id, LotState.COMMITTED)
    _refuse_unless_operator(actor, lot.round)
    dice = "".join(dice.split())
    if len(dice) != DICE or set(dice) - set("123456"):
        raise BadInput({"dice": [f"须为 {DICE} 个 1–6 的数字 / {DICE} digits of 1–6 are needed"]})
    lot.dice, lot.state, lot.operator = dice, LotState.DICE_ENTERED, actor.person_id
    ledger.record(session, "dice.entered", lot.id, actor=actor, chain=lot.round.unit.code)
    return lot


def witness_dice(session: Session, *, actor: Actor, lot_id: UUID) -> Lot:
    """Sign the dice as a witness; with the second signature they go into the public log. Raises SamePerson, Conflict."""
    lot = _locked_lot(session, lot_id, LotState.DICE_ENTERED)
    if not actor.reaches((Role.WITNESS,), lot.round.unit.path, lot.round.district):
        raise NotAllowed(need=can_witness.__doc__)
    if actor.person_id == lot.operator:
        raise SamePerson(deed="抽取与见证 / holding and witnessing a draw")
    signed = _witnesses(session, lot)
    if actor.person_id in {w.person_id for w in signed} or len(signed) >= WITNESSES:
        return lot
    session.add(Witnessing(lot_id=lot.id, person_id=actor.person_id, title=actor.title(Role.WITNESS)))
    session.flush()
    ledger.record(session, "dice.witnessed", lot.id, actor=actor, chain=lot.round.unit.code)
    if len(signed) + 1 == WITNESSES:
        titles = sorted(w.title for w in _witnesses(session, lot))
        log.append(session, {"type": "dice", "lot": lot.name, "commit": lot.commit_hash, "dice": lot.dice,
                             "witnesses": titles})  # fmt: skip
    return lot


def hold_draw(session: Session, *, actor: Actor, lot_id: UUID) -> Lot:
    """Reveal the seed and draw the entities. Raises WitnessesMissing, Conflict, NotAllowed."""
    lot = _ready_lot(session, actor, lot_id, "entities")
    seed_hash = _reveal(session, lot)
    key = keys.unseal(lot.alias_key, "alias key")
    pool = aliased_pool(session, lot, key)
    strata = strata_of(lot.round, strata_counts(session, lot.round_id))
    alloc = rules.allocate(lot.seed or "", strata, lot.round.n)
    drawn = rules.draw(lot.seed or "", ((a, s) for a, s, _ in pool), alloc, lot.round.reserve)
    log.append(session, {"type": "result", "lot": lot.name, "seed": seed_hash, "alloc": alloc,
                         "drawn": drawn.drawn, "reserves": drawn.reserves})  # fmt: skip
    session.add_all(_picks(lot, drawn, {name: entity for name, _, entity in pool}))
    lot.state, lot.round.state = LotState.DRAWN, RoundState.DRAWN
    ledger.record(session, "draw.held", lot.id, actor=actor, chain=lot.round.unit.code,
                  round=str(lot.round_id), drawn=sum(alloc.values()))  # fmt: skip
    return lot


def match_teams(session: Session, *, actor: Actor, lot_id: UUID) -> Lot:
    """Reveal the seed of the second lot and give each tour its team. Raises NobodyFits, WitnessesMissing, Conflict."""
    lot = _ready_lot(session, actor, lot_id, "teams")
    seed_hash = _reveal(session, lot)
    staff = lot.staff or {}
    try:
        matched = matching.match(lot.seed or "", *candidates_and_tours(staff), lot.round.team_size)
    except matching.NoMatch as no:
        raise NobodyFits(group=no.group, constraint=no.constraint) from None
    log.append(session, {"type": "result", "lot": lot.name, "seed": seed_hash, "teams": matched.teams,
                         "tries": matched.tries})  # fmt: skip
    by_alias = inspectors_by_alias(session, lot)
    for tour, team in matched.teams.items():
        first = matching.leader(lot.seed or "", tour, team)
        session.add_all(
            Match(lot_id=lot.id, inspector_id=by_alias[member], tour=tour, leader=member == first) for member in team
        )
    lot.state, lot.round.state = LotState.DRAWN, RoundState.MATCHED
    ledger.record(
        session,
        "teams.matched",
        lot.id,
        actor=actor,
        chain=lot.round.unit.code,
        round=str(lot.round_id),
    )
    return lot


def aliased_pool(session: Session, lot: Lot, key: bytes) -> list[tuple[str, str, UUID]]:
    """The frozen pool as (alias, stratum, entity id), sorted by alias."""
    rows = session.execute(select(PoolMember.entity_id, PoolMember.stratum).where(PoolMember.round_id == lot.round_id))
    return sorted((alias(key, id_), stratum, id_) for id_, stratum in rows)


def lot_of(session: Session, round_id: UUID, kind: str) -> Lot:
    """The latest lot of a kind in a round. Raises NotFound."""
    lot = session.scalar(
        select(Lot).where(Lot.round_id == round_id, Lot.kind == kind).order_by(Lot.attempt.desc()).limit(1)
    )
    if lot is None:
        raise NotFound(what="抽签 lot", id=str(round_id))
    return lot


def _new_lot(session: Session, round_: Round, kind: str, actor: Actor) -> tuple[Lot, bytes, dict[str, Any]]:
    attempts = session.scalar(select(func.count()).select_from(Lot).where(Lot.round_id == round_.id, Lot.kind == kind))
    attempt, key, nonce = (attempts or 0) + 1, secrets.token_bytes(32), secrets.token_bytes(32)
    lot = Lot(
        name=f"{round_.number}-{kind[0]}{attempt}", round_id=round_.id, round=round_, kind=kind, attempt=attempt,
        alias_key=keys.seal(key, "alias key"), nonces=keys.seal(json.dumps({"agency": nonce.hex()}).encode(), "nonces"),
        operator=actor.person_id, commit_hash="",
    )  # fmt: skip
    session.add(lot)
    plan = {"dice": {"n": DICE}, "drand": None, "nonces": {"agency": _digest(nonce)}, "lead": 0}
    return lot, key, plan


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
    nonces = json.loads(keys.unseal(lot.nonces, "nonces"))
    lot.seed = rules.seed_of(lot.commit_hash, lot.dice or "", "", nonces)
    return log.append(session, {"type": "seed", "lot": lot.name, "commit": lot.commit_hash, "dice": lot.dice,
                                "drand": None, "nonces": nonces, "seed": lot.seed})  # fmt: skip


def _ready_lot(session: Session, actor: Actor, lot_id: UUID, kind: str) -> Lot:
    lot = _locked_lot(session, lot_id, LotState.DICE_ENTERED)
    _refuse_unless_operator(actor, lot.round)
    if lot.kind != kind:
        raise Conflict(what="抽签 lot", state=lot.kind)
    signed = len(_witnesses(session, lot))
    if signed < WITNESSES:
        raise WitnessesMissing(needed=WITNESSES, signed=signed)
    return lot


def _locked_lot(session: Session, lot_id: UUID, state: LotState) -> Lot:
    lot = session.get(Lot, lot_id, with_for_update=True)
    if lot is None:
        raise NotFound(what="抽签 lot", id=str(lot_id))
    if lot.state != state:
        raise Conflict(what="抽签 lot", state=lot.state.value)
    return lot


def _refuse_unless_operator(actor: Actor, round_: Round) -> None:
    if not actor.reaches((Role.DRAW_OPERATOR,), round_.unit.path, round_.district):
        raise NotAllowed(need=can_hold_draw.__doc__)


def _witnesses(session: Session, lot: Lot) -> list[Witnessing]:
    return list(session.scalars(select(Witnessing).where(Witnessing.lot_id == lot.id)))


def _picks(lot: Lot, drawn: rules.Drawn, entities: dict[str, UUID]) -> list[Pick]:
    return [
        Pick(
            lot_id=lot.id, entity_id=entities[name], alias=name, stratum=stratum, position=position,
            state="drawn" if position < len(drawn.drawn[stratum]) else "reserve", district=lot.round.district,
        )
        for stratum in drawn.drawn
        for position, name in enumerate(drawn.drawn[stratum] + drawn.reserves[stratum])
    ]  # fmt: skip


def _digest(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()
