"""What changes after a draw, each change a public record: skips, replacements by lot, outcomes, and who may open an alias.

The reasons are those of DOMAIN §2.3 and §2.4.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import keys, ledger
from backend.accounts.rules import SUPERVISORS, Actor, Role, can_audit, can_hold_draw
from backend.draws import log, matching
from backend.draws.acts import locked_lot, refuse_unless_operator
from backend.draws.lots import lot_of
from backend.draws.models import Lot, LotState, Match, Pick, Round, RoundState
from backend.draws.primitives import alias_of, salt_of
from backend.draws.staff import candidates_and_tours, inspectors_by_alias
from backend.problems import BadInput, Conflict, NotAllowed, NotFound, Problem

SKIP_REASONS = ("CANCELLED", "REVOKED", "MOVED_OUT", "DORMANT", "OPEN_CASE", "FORCE_MAJEURE", "NOT_IN_BUSINESS_SCOPE")
REPLACE_REASONS = (
    "RECUSAL", "SICK", "LEAVE", "TRANSFER", "CARD_EXPIRED", "EMERGENCY_DUTY", "TRAINING", "SAFETY", "OTHER",
)  # fmt: skip


class NobodyRests(Problem):
    """No resting inspector of the group could take the place."""

    status = 409
    zh = ("无人可替换", "检查组 {tour} 所在分组没有符合条件的待命人员。请改期，或撤销该组的任务。")
    en = (
        "Nobody can take the place",
        "No resting inspector of the group fits tour {tour}. Move the visits, or call them off.",
    )


def skip_pick(session: Session, *, actor: Actor, lot_id: UUID, entity_id: UUID, reason: str) -> Pick | None:
    """Skip a drawn entity that proves out of scope for its stratum's first unused reserve. Returns that reserve, if any.

    Raises BadInput, Conflict, NotAllowed, NotFound.
    """
    lot = _drawn_lot(session, lot_id, "entities")
    refuse_unless_operator(actor, lot.round)
    if reason not in SKIP_REASONS:
        raise BadInput({"reason": [f"须为其一 / one of: {', '.join(SKIP_REASONS)}"]})
    pick = session.get(Pick, (lot_id, entity_id), with_for_update=True)
    if pick is None or pick.state != "drawn":
        raise NotFound(what="抽中对象 drawn entity", id=str(entity_id))
    reserve = _first_reserve(session, pick)
    log.append(session, {"type": "skip", "lot": lot.name, "id": pick.alias, "stratum": pick.stratum, "reason": reason,
                         "reserve": reserve.alias if reserve else None})  # fmt: skip
    pick.state = "skipped"
    if reserve:
        reserve.state = "drawn"
    ledger.record(session, "pick.skipped", entity_id, actor=actor, chain=lot.round.unit.code, reason=reason,
                  round=str(lot.round_id), reserve=str(reserve.entity_id) if reserve else "")  # fmt: skip
    return reserve


def _first_reserve(session: Session, pick: Pick) -> Pick | None:
    return session.scalar(
        select(Pick)
        .where(Pick.lot_id == pick.lot_id, Pick.stratum == pick.stratum, Pick.state == "reserve")
        .order_by(Pick.position)
        .limit(1)
    )


def replace_inspector(
    session: Session, *, actor: Actor, lot_id: UUID, tour: str, inspector_id: UUID, reason: str, detail: str = ""
) -> Match:
    """Draw who takes an inspector's place in a team, from those of the group who rest (DRAWS §3). Returns the new member.

    ``detail`` says more where the reason is OTHER; it is public. Raises BadInput, NobodyRests, Conflict, NotAllowed, NotFound.
    """
    lot = _drawn_lot(session, lot_id, "teams")
    refuse_unless_operator(actor, lot.round)
    if reason not in REPLACE_REASONS or (reason == "OTHER" and not detail.strip()):
        raise BadInput({"reason": [f"须为其一，OTHER 须说明 / one of, OTHER says why: {', '.join(REPLACE_REASONS)}"]})
    leaving = session.get(Match, (lot_id, inspector_id), with_for_update=True)
    if leaving is None or leaving.tour != tour:
        raise NotFound(what="组员 member", id=str(inspector_id))
    by_alias = inspectors_by_alias(session, lot)
    leaver = next(name for name, id_ in by_alias.items() if id_ == inspector_id)
    candidates = resting(session, lot, tour, leaver)
    if not candidates:
        raise NobodyRests(tour=tour)
    joiner = matching.replace(lot.seed or "", tour, leaver, candidates)
    told = f"OTHER: {detail.strip()}" if reason == "OTHER" else reason
    log.append(
        session, {"type": "replace", "lot": lot.name, "tour": tour, "leaver": leaver, "joiner": joiner, "reason": told}
    )
    match = _swapped(session, lot, leaving, by_alias, joiner)
    ledger.record(session, "inspector.replaced", lot.id, actor=actor, chain=lot.round.unit.code, tour=tour, reason=reason,
                  leaver=str(inspector_id), joiner=str(match.inspector_id))  # fmt: skip
    return match


def resting(session: Session, lot: Lot, tour: str, leaver: str) -> list[str]:
    """The aliases of those who could take the leaver's place, in id order: in no team, neither at first nor by a replacement."""
    inspectors, tours = candidates_and_tours(lot.staff or {})
    told = log.entries(session, lot.name)
    teams = dict(next(e.record["teams"] for e in told if e.type == "result"))
    changes = [entry.record for entry in told if entry.type == "replace"]
    gone = [change["leaver"] for change in changes]
    for change in changes:
        stayed = [member for member in teams[change["tour"]] if member != change["leaver"]]
        teams[change["tour"]] = [*stayed, change["joiner"]]
    asked = next(t for t in tours if t.id == tour)
    return matching.replacements(asked, leaver, [i for i in inspectors if i.id not in gone], teams)


def _swapped(session: Session, lot: Lot, leaving: Match, by_alias: dict[str, UUID], joiner: str) -> Match:
    """The joiner in the leaver's place; the log keeps who left. Who leads is worked out anew."""
    joined = Match(lot_id=lot.id, inspector_id=by_alias[joiner], tour=leaving.tour, leader=False)
    session.delete(leaving)
    session.add(joined)
    session.flush()
    names = {id_: name for name, id_ in by_alias.items()}
    team = session.scalars(select(Match).where(Match.lot_id == lot.id, Match.tour == leaving.tour)).all()
    first = matching.leader(lot.seed or "", leaving.tour, [names[member.inspector_id] for member in team])
    for member in team:
        member.leader = names[member.inspector_id] == first
    return joined


def _drawn_lot(session: Session, lot_id: UUID, kind: str) -> Lot:
    lot = locked_lot(session, lot_id, LotState.DRAWN)
    if lot.kind != kind:
        raise Conflict(what="抽签 lot", state=lot.kind)
    return lot


def record_outcomes(session: Session, *, round_id: UUID, states: Mapping[UUID, str]) -> int:
    """End a round: one outcome for everybody who was drawn, all at once, so that none can be left out of a bundle unseen.

    ``states`` says ``visited``, ``out of scope`` or ``not visited`` by entity; who was skipped is out of scope, who is not named
    was not visited. Ending it again changes nothing. Returns how many there are.
    """
    round_ = session.get_one(Round, round_id, with_for_update=True)
    if round_.state != RoundState.MATCHED:
        return 0
    lot = lot_of(session, round_id, "entities")
    picks = session.scalars(
        select(Pick).where(Pick.lot_id == lot.id, Pick.state != "reserve").order_by(Pick.alias)
    ).all()
    log.append_all(session, [
        {"type": "outcome", "lot": lot.name, "id": pick.alias,
         "state": "out of scope" if pick.state == "skipped" else states.get(pick.entity_id, "not visited")}
        for pick in picks
    ])  # fmt: skip
    round_.state = RoundState.DONE
    ledger.record(session, "round.closed", round_id, chain=round_.unit.code, drawn=len(picks))
    return len(picks)


@dataclass(frozen=True)
class Salt:
    """What opens one alias: given to the visited party as a QR code, it tells nothing of others (DRAWS §1)."""

    lot: str
    id: str
    salt: str
    alias: str

    @property
    def path(self) -> str:
        """The party's own page on the public site."""
        return f"/lots/{self.lot}/party?id={self.id}&salt={self.salt}"


def salt_for(session: Session, *, actor: Actor, lot_id: UUID, entity_id: UUID) -> Salt:
    """The salt of a drawn entity, for those who visit it or answer for the draw. Raises NotAllowed, NotFound."""
    lot, pick = session.get(Lot, lot_id), session.get(Pick, (lot_id, entity_id))
    if lot is None or pick is None or pick.state == "reserve":
        raise NotFound(what="抽中对象 drawn entity", id=str(entity_id))
    if not actor.reaches((Role.DRAW_OPERATOR, Role.INSPECTOR, *SUPERVISORS), lot.round.unit.path, lot.round.district):
        raise NotAllowed(need=can_hold_draw.__doc__)
    salt = salt_of(keys.unseal(lot.alias_key, "alias key"), str(entity_id))
    return Salt(lot.name, str(entity_id), salt, alias_of(salt, str(entity_id)))


def open_alias_key(session: Session, *, actor: Actor, lot_id: UUID) -> str:
    """The key that opens every alias of a lot, hex: for auditors, and the ledger keeps who asked. Raises NotAllowed, NotFound."""
    lot = session.get(Lot, lot_id)
    if lot is None:
        raise NotFound(what="抽签 lot", id=str(lot_id))
    if not actor.reaches((Role.AUDITOR,), lot.round.unit.path, lot.round.district):
        raise NotAllowed(need=can_audit.__doc__)
    ledger.record(session, "aliases.opened", lot.id, actor=actor, chain=lot.round.unit.code)
    return keys.unseal(lot.alias_key, "alias key").hex()
