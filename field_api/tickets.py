"""Upload tickets: a signed call that lets one file in by any tus client."""

from typing import Any

from flask import g
from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow.fields import UUID, Integer, String
from marshmallow.validate import Range, Regexp

from backend.accounts.rules import can_inspect
from backend.accounts.tickets import issue_ticket
from backend.inspections.evidence import LARGEST
from backend.inspections.visits import own_task
from backend.times import iso_local
from backend.web import allows
from field_api.schemas import Strict

blp = Blueprint("tickets", __name__, url_prefix="/v1", description="Leave to upload one file")


class TicketBody(Strict):
    """POST /tickets: what is to be sent."""

    evidence_id = UUID(required=True)
    task_id = UUID(required=True)
    sha256 = String(required=True, validate=Regexp("^[0-9a-fA-F]{64}$"))
    size = Integer(required=True, validate=Range(0, LARGEST))


class TicketView(Strict):
    """Answer of /tickets: what goes into ``Authorization: Bearer``, and until when."""

    ticket = String()
    expires_at = String()


@blp.route("/tickets")
class Tickets(MethodView):
    """Leave to upload one file."""

    @allows(can_inspect)
    @blp.arguments(TicketBody)
    @blp.response(201, TicketView)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Get a ticket for one file of one task; asking again is free"""
        own_task(g.session, g.actor, body["task_id"])
        ticket, ends = issue_ticket(g.actor.device_id, **body)
        return {"ticket": ticket, "expires_at": iso_local(ends)}
