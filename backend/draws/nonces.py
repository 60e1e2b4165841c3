"""Nonces of agency and witnesses: committed by their hash, sealed at rest, revealed with the seed (DRAWS §4)."""

import json
import re
import secrets
from collections.abc import Mapping
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import keys, ledger
from backend.accounts.rules import Actor, Role
from backend.draws.acts import WAITING, locked_lot, refuse_early, refuse_unless_witness
from backend.draws.models import Lot, OfferedNonce, Round
from backend.problems import BadInput, NotFound, Problem

AGENCY = "agency"
KINDS = ("entities", "teams")
HASH = re.compile("[0-9a-f]{64}")


class NonceDiffers(Problem):
    """A revealed nonce is not the one whose hash was committed."""

    status = 422
    zh = ("随机数不符", "该随机数与承诺的摘要不一致，请核对见证人保存的 64 位十六进制原文。")
    en = ("The nonce differs", "This nonce does not have the committed hash; check the 64 hex digits the witness kept.")


def plan_nonces(session: Session, lot: Lot) -> Mapping[str, str]:
    """Make the agency's nonce for a new lot and take those that witnesses offered. Returns hash by party."""
    nonce = secrets.token_bytes(32)
    lot.nonces = keys.seal(json.dumps({AGENCY: nonce.hex()}).encode(), "nonces")
    offered = _offered(session, lot.round_id, lot.kind)
    for offer in offered:
        offer.lot_id = lot.id
    return {AGENCY: sha256(nonce).hexdigest(), **{offer.party: offer.digest for offer in offered}}


def offer_nonce(
    session: Session, *, actor: Actor, round_id: UUID, kind: str, digest: str | None = None, nonce: str | None = None
) -> OfferedNonce:
    """Offer a witness's nonce for a lot to be committed: its hash alone, or the nonce for the house to keep sealed.

    ``digest`` and ``nonce`` are 64 lower-case hex digits; exactly one is given. Raises BadInput, NotAllowed, NotFound.
    """
    round_ = session.get(Round, round_id)
    if round_ is None:
        raise NotFound(what="抽查任务 round", id=str(round_id))
    refuse_unless_witness(actor, round_)
    if kind not in KINDS or (digest is None) == (nonce is None) or not HASH.fullmatch(digest or nonce or ""):
        raise BadInput({"nonce": ["64 位十六进制原文或其 SHA-256 / 64 hex digits, or their SHA-256"]})
    others = _offered(session, round_id, kind)
    offer = next((o for o in others if o.person_id == actor.person_id), None)
    if offer is None:
        party = _party(actor, {o.party for o in others})
        offer = OfferedNonce(round_id=round_id, kind=kind, person_id=actor.person_id, party=party)
        session.add(offer)
    offer.digest = digest or sha256(bytes.fromhex(nonce or "")).hexdigest()
    offer.sealed = keys.seal(nonce.encode(), "nonce") if nonce else None
    session.flush()
    ledger.record(session, "nonce.offered", round_id, actor=actor, chain=round_.unit.code, kind=kind)
    return offer


def reveal_nonce(session: Session, *, actor: Actor, lot_id: UUID, nonce: str) -> OfferedNonce:
    """Hand over the nonce whose hash was committed; it is public with the seed. Raises NonceDiffers, TooEarly, Conflict."""
    lot = locked_lot(session, lot_id, *WAITING)
    offer = session.scalar(
        select(OfferedNonce).where(OfferedNonce.lot_id == lot_id, OfferedNonce.person_id == actor.person_id)
    )
    if offer is None:
        raise NotFound(what="随机数 nonce", id=lot.name)
    refuse_early(session, lot)
    nonce = "".join(nonce.split()).lower()
    if not HASH.fullmatch(nonce) or sha256(bytes.fromhex(nonce)).hexdigest() != offer.digest:
        raise NonceDiffers
    offer.sealed = keys.seal(nonce.encode(), "nonce")
    ledger.record(session, "nonce.revealed", lot.id, actor=actor, chain=lot.round.unit.code)
    return offer


def opened_nonces(session: Session, lot: Lot) -> dict[str, str]:
    """The nonces by party, as far as the house holds them. They leave it with the seed only."""
    offers = session.scalars(select(OfferedNonce).where(OfferedNonce.lot_id == lot.id))
    theirs = {o.party: keys.unseal(o.sealed, "nonce").decode() for o in offers if o.sealed}
    ours: dict[str, str] = json.loads(keys.unseal(lot.nonces, "nonces"))
    return {**ours, **theirs}


def _offered(session: Session, round_id: UUID, kind: str) -> list[OfferedNonce]:
    return list(
        session.scalars(
            select(OfferedNonce)
            .where(OfferedNonce.round_id == round_id, OfferedNonce.kind == kind, OfferedNonce.lot_id.is_(None))
            .order_by(OfferedNonce.id)
        )
    )


def _party(actor: Actor, taken: set[str]) -> str:
    """Role and unit, numbered where two are alike; no private name, no blank (DRAWS §4)."""
    title = "".join(actor.title(Role.WITNESS).split())
    named = (title if n == 1 else f"{title}-{n}" for n in range(1, len(taken) + 2))
    return next(name for name in named if name not in taken)
