"""What a seed is made of: dice under two witnesses' eyes, a beacon's round, nonces of agency and witnesses (DRAWS §4).

Each source is named in the commit and enters after it; nothing is drawn before all of them are in.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import ledger
from backend.accounts.rules import Actor, Role
from backend.draws import beacon, log
from backend.draws.acts import locked_lot, refuse_early, refuse_unless_operator, refuse_unless_witness
from backend.draws.models import Lot, LotState, Witnessing
from backend.draws.nonces import AGENCY, opened_nonces, plan_nonces
from backend.draws.plans import SamePerson
from backend.problems import BadInput, Conflict, Problem
from backend.times import utc_now

DICE = 20
WITNESSES = 2
LONGEST_LEAD = 30 * 24 * 3600


class WitnessesMissing(Problem):
    """Two witnesses sign the dice in sessions of their own before anything is drawn."""

    status = 409
    zh = ("见证人未签", "骰子数须由 {needed} 名见证人各自登录签认，现有 {signed} 名。")
    en = ("Witnesses are missing", "{needed} witnesses must sign the dice in their own sessions; {signed} have.")


class SourcesMissing(Problem):
    """A source that the commit names has not come in yet."""

    status = 409
    zh = ("种子来源未齐", "承诺的来源尚缺：{missing}。请补齐后再抽取。")
    en = (
        "Sources of the seed are missing",
        "The commit names sources that are not in yet: {missing}. Enter them first.",
    )


class TooFewSources(Problem):
    """A seed comes from two sources at least, one of them not the agency's."""

    status = 422
    zh = ("种子来源不足", "至少需要两个随机来源，且至少一个不由本机关掌握：请加上骰子、公共信标或见证人的随机数。")
    en = (
        "Too few sources of chance",
        "At least two sources are needed, one of them not the agency's: add dice, the beacon, or a witness's nonce.",
    )


@dataclass(frozen=True)
class Sources:
    """What a lot's seed is to come from, beside the agency's nonce and those that witnesses offered."""

    dice: bool = True
    drand: bool = False
    lead: int = 0
    """Seconds for which the commit lies in public before the dice and before the beacon's round"""


def plan_seed(session: Session, lot: Lot, sources: Sources) -> dict[str, Any]:
    """Fix what a new lot's seed will come from (DRAWS §4). Raises TooFewSources, BadInput."""
    if not 0 <= sources.lead < LONGEST_LEAD:
        raise BadInput({"lead": [f"0 – {LONGEST_LEAD} 秒 / seconds"]})
    nonces = plan_nonces(session, lot)
    if not (sources.dice or sources.drand or nonces.keys() - {AGENCY}):
        raise TooFewSources
    chain, earliest = beacon.chain(), int(utc_now().timestamp()) + sources.lead + beacon.MARGIN_S
    lot.seed_plan = {
        "dice": {"n": DICE} if sources.dice else None,
        "drand": chain.planned(chain.round_after(earliest)) if sources.drand else None,
        "nonces": nonces,
        "lead": sources.lead,
    }
    return lot.seed_plan


def enter_dice(session: Session, *, actor: Actor, lot_id: UUID, dice: str) -> Lot:
    """Write down the dice as they fell. Raises BadInput, TooEarly, Conflict, NotAllowed."""
    lot = locked_lot(session, lot_id, LotState.COMMITTED)
    refuse_unless_operator(actor, lot.round)
    if lot.seed_plan["dice"] is None:
        raise Conflict(what="骰子 dice", state="not planned")
    refuse_early(session, lot)
    dice = "".join(dice.split())
    if len(dice) != DICE or set(dice) - set("123456"):
        raise BadInput({"dice": [f"须为 {DICE} 个 1–6 的数字 / {DICE} digits of 1–6 are needed"]})
    lot.dice, lot.state, lot.operator = dice, LotState.DICE_ENTERED, actor.person_id
    ledger.record(session, "dice.entered", lot.id, actor=actor, chain=lot.round.unit.code)
    return lot


def witness_dice(session: Session, *, actor: Actor, lot_id: UUID) -> Lot:
    """Sign the dice as a witness; with the second signature they go into the public log. Raises SamePerson, Conflict."""
    lot = locked_lot(session, lot_id, LotState.DICE_ENTERED)
    refuse_unless_witness(actor, lot.round)
    if actor.person_id == lot.operator:
        raise SamePerson(deed="抽取与见证 / holding and witnessing a draw")
    signed = witnesses_of(session, lot)
    if actor.person_id in {w.person_id for w in signed} or len(signed) >= WITNESSES:
        return lot
    session.add(Witnessing(lot_id=lot.id, person_id=actor.person_id, title=actor.title(Role.WITNESS)))
    session.flush()
    ledger.record(session, "dice.witnessed", lot.id, actor=actor, chain=lot.round.unit.code)
    if len(signed) + 1 == WITNESSES:
        titles = sorted(w.title for w in witnesses_of(session, lot))
        log.append(session, {"type": "dice", "lot": lot.name, "commit": lot.commit_hash, "dice": lot.dice,
                             "witnesses": titles})  # fmt: skip
    return lot


def refuse_unless_ready(session: Session, lot: Lot) -> None:
    """Refuse while a source that the commit names is not in. Raises WitnessesMissing, SourcesMissing, TooEarly."""
    refuse_early(session, lot)
    signed = len(witnesses_of(session, lot))
    if lot.dice and signed < WITNESSES:
        raise WitnessesMissing(needed=WITNESSES, signed=signed)
    if missing := missing_sources(session, lot):
        raise SourcesMissing(missing=", ".join(missing))


def missing_sources(session: Session, lot: Lot) -> list[str]:
    """The sources that the commit names and that are not in: ``dice``, ``drand``, or a nonce's party."""
    missing = ["dice"] * (lot.seed_plan["dice"] is not None and len(witnesses_of(session, lot)) < WITNESSES)
    missing += ["drand"] * (lot.seed_plan["drand"] is not None and lot.drand is None)
    return missing + sorted(lot.seed_plan["nonces"].keys() - opened_nonces(session, lot).keys())


def witnesses_of(session: Session, lot: Lot) -> list[Witnessing]:
    """Who signed the lot's dice."""
    return list(session.scalars(select(Witnessing).where(Witnessing.lot_id == lot.id)))
