"""The draw before an audience: a page for a projector, where dice go in and tickets appear, by alias alone."""

from uuid import UUID

from flask import g
from flask.typing import ResponseReturnValue

from backend.accounts.rules import can_see_draws
from backend.console import console
from backend.console.changes import seen_lot
from backend.draws import ceremonies
from backend.draws.queries import public_lot
from backend.replies import page
from backend.web import allows


@console.get("/lots/<uuid:lot_id>/projector")
@allows(can_see_draws)
def projector(lot_id: UUID) -> ResponseReturnValue:
    """A lot as an audience sees it: what is fixed, the dice, the seed, the tickets"""
    found, lot = seen_lot(lot_id)
    records = {entry.type: entry.record for entry in public_lot(g.session, lot.name).entries}
    result = records.get("result", {})
    return page(
        "console/projector.html",
        round=found,
        lot=lot,
        ceremony=ceremonies.ceremony(g.session, lot_id),
        commit=records["commit"],
        tickets=ceremonies.tickets(g.session, lot.name) if "drawn" in result else {},
        reserves={stratum: len(ids) for stratum, ids in result.get("reserves", {}).items()},
        teams=ceremonies.teams(g.session, lot.name) if "teams" in result else {},
        projecting=True,
    )
