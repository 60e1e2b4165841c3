"""Shares: what the officers of one visit tell each other before the leader submits."""

import hashlib
import json
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import g, request
from flask.views import MethodView
from flask_smorest import Blueprint

from backend.accounts.rules import can_inspect
from backend.inspections.shares import keep_share, shares_of_colleagues
from backend.times import iso_local
from backend.web import allows
from field_api import schemas, views
from field_api.devices import now
from field_api.faults import keeps_faulty

blp = Blueprint("shares", __name__, url_prefix="/v1", description="Two officers on one visit")
SHARED = ("answers", "photos", "form_answers")


@blp.route("/tasks/<uuid:task_id>/share")
class Share(MethodView):
    """My record of a visit so far."""

    @allows(can_inspect)
    @keeps_faulty("share")
    @blp.arguments(schemas.ShareBody)
    @blp.response(200, views.ShareKeptView)
    def put(self, body: dict[str, Any], task_id: UUID) -> dict[str, Any]:
        """Share what I found so far with my team; a smaller `seq` than the latest changes nothing"""
        return share(body, task_id, request.get_data())[0]


@blp.route("/tasks/<uuid:task_id>/shares")
class Shares(MethodView):
    """My colleagues' records of a visit so far."""

    @allows(can_inspect)
    @blp.response(200, views.SharesView)
    def get(self, task_id: UUID) -> dict[str, Any]:
        """See what the other officers of my team shared of a task"""
        found = shares_of_colleagues(g.session, g.actor, task_id)
        return {"server_time": now(), "shares": [{**asdict(one), **one.body} for one in found]}


def share(body: dict[str, Any], task_id: UUID, data: bytes) -> tuple[dict[str, Any], bool]:
    """Keep a share, by its body and that body's exact bytes. Returns the answer and whether it is new."""
    # What colleagues get is what was sent: the JSON itself, of which the schema has checked every member.
    sent = json.loads(data)
    kept, fresh = keep_share(
        g.session, actor=g.actor, task_id=task_id, seq=body["seq"], at=body["at"],
        body={name: sent.get(name, body[name]) for name in SHARED}, body_sha256=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip
    return {"task_id": kept.task_id, "seq": kept.seq, "received_at": iso_local(kept.received_at)}, fresh
