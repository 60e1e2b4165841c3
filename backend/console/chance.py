"""How chance enters a ceremony: dice and their witnesses, a beacon's round, nonces that witnesses offer and reveal."""

from uuid import UUID

from flask import g, redirect
from flask.typing import ResponseReturnValue

from backend.accounts.rules import can_hold_draw, can_witness
from backend.console import console
from backend.console.draws import back
from backend.console.forms import text
from backend.draws import beacon, nonces, sources
from backend.web import allows


@console.post("/lots/<uuid:lot_id>/dice")
@allows(can_hold_draw)
def enter_dice(lot_id: UUID) -> ResponseReturnValue:
    """Write down the dice"""
    return back(sources.enter_dice(g.session, actor=g.actor, lot_id=lot_id, dice=text("dice")).round_id, lot_id)


@console.post("/lots/<uuid:lot_id>/witness")
@allows(can_witness)
def witness_dice(lot_id: UUID) -> ResponseReturnValue:
    """Sign the dice as a witness"""
    return back(sources.witness_dice(g.session, actor=g.actor, lot_id=lot_id).round_id, lot_id)


@console.post("/lots/<uuid:lot_id>/beacon")
@allows(can_hold_draw)
def enter_beacon(lot_id: UUID) -> ResponseReturnValue:
    """Take the beacon's round: as typed or pasted, or fetched where nothing was"""
    if signature := text("signature"):
        lot = beacon.enter_drand(g.session, actor=g.actor, lot_id=lot_id, signature=signature)
    else:
        lot = beacon.fetch_drand(g.session, actor=g.actor, lot_id=lot_id)
    return back(lot.round_id, lot_id)


@console.post("/rounds/<uuid:round_id>/nonces/<kind>")
@allows(can_witness)
def offer_nonce(round_id: UUID, kind: str) -> ResponseReturnValue:
    """Offer a number of one's own for the lot to come, or the hash of one that is kept"""
    nonces.offer_nonce(
        g.session, actor=g.actor, round_id=round_id, kind=kind, digest=text("digest").lower() or None,
        nonce=text("nonce").lower() or None,
    )  # fmt: skip
    return redirect(f"/console/rounds/{round_id}", 303)


@console.post("/lots/<uuid:lot_id>/nonce")
@allows(can_witness)
def reveal_nonce(lot_id: UUID) -> ResponseReturnValue:
    """Hand over the number whose hash was committed"""
    offer = nonces.reveal_nonce(g.session, actor=g.actor, lot_id=lot_id, nonce=text("nonce"))
    return back(offer.round_id, lot_id)
