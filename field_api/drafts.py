"""Moving a draft: the old phone parks it, the new phone of the same inspector takes it; and what phones note of themselves."""

from typing import Any
from uuid import UUID

from flask import Response, g, request
from flask.views import MethodView
from flask_smorest import Blueprint

from backend import rates
from backend.accounts.rules import can_inspect
from backend.inspections.aside import device_log, drafts
from backend.problems import TooLarge
from backend.times import iso_local
from backend.web import allows
from field_api import aside_schemas as schemas
from field_api.devices import now

blp = Blueprint("drafts", __name__, url_prefix="/v1", description="Drafts that move to another phone; logs of phones")
LOGS = "60 per hour"
RAW = {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


@blp.route("/drafts")
class Drafts(MethodView):
    """Drafts that wait to be taken."""

    @allows(can_inspect)
    @blp.response(200, schemas.DraftsView)
    def get(self) -> dict[str, Any]:
        """List my parked drafts"""
        return {"server_time": now(), "drafts": [_shown(one) for one in drafts.parked_drafts(g.session, g.actor)]}


@blp.route("/drafts/<uuid:visit_id>")
class Draft(MethodView):
    """One draft."""

    @allows(can_inspect)
    @blp.arguments(schemas.DraftBody)
    @blp.response(201, schemas.DraftView)
    @blp.alt_response(200, schema=schemas.DraftView)
    def put(self, body: dict[str, Any], visit_id: UUID) -> Any:
        """Park a draft; its photos follow, those that `missing` names"""
        view, fresh = drafts.park_draft(g.session, actor=g.actor, visit_id=visit_id, **body)
        return _shown(view), 201 if fresh else 200

    @allows(can_inspect)
    @blp.response(200, schemas.DraftView)
    def get(self, visit_id: UUID) -> dict[str, Any]:
        """Get a parked draft with its contents"""
        return _shown(drafts.parked_draft(g.session, g.actor, visit_id))


@blp.route("/drafts/<uuid:visit_id>/photos/<uuid:evidence_id>")
class DraftPhoto(MethodView):
    """A photo of a parked draft."""

    @allows(can_inspect)
    @blp.doc(requestBody=RAW)
    @blp.response(201, schemas.Nothing)
    @blp.alt_response(200, schema=schemas.Nothing)
    def put(self, visit_id: UUID, evidence_id: UUID) -> Any:
        """Park a photo, its bytes as they are"""
        if (request.content_length or 0) > drafts.LARGEST_PHOTO:
            raise TooLarge(limit=drafts.LARGEST_PHOTO)
        data = request.get_data(cache=False)
        fresh = drafts.park_photo(g.session, actor=g.actor, visit_id=visit_id, evidence_id=evidence_id, data=data)
        return {}, 201 if fresh else 200

    @allows(can_inspect)
    @blp.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
    def get(self, visit_id: UUID, evidence_id: UUID) -> Response:
        """Get a photo of a parked draft"""
        data = drafts.parked_photo(g.session, g.actor, visit_id, evidence_id)
        return Response(data, mimetype="application/octet-stream", headers={"Cache-Control": "no-store"})


@blp.route("/drafts/<uuid:visit_id>/taken")
class DraftTaken(MethodView):
    """Taking a draft."""

    @allows(can_inspect)
    @blp.response(200, schemas.Nothing)
    def post(self, visit_id: UUID) -> dict[str, Any]:
        """Say that this phone holds all of the draft; what was parked is removed"""
        drafts.take_draft(g.session, actor=g.actor, visit_id=visit_id)
        return {}


@blp.route("/device-log")
class DeviceLog(MethodView):
    """What a phone noticed of itself."""

    @allows(can_inspect)
    @blp.arguments(schemas.DeviceLogBody)
    @blp.response(200, schemas.DeviceLogView)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Hand over the phone's log; fields that could name a person are left out"""
        rates.spend(LOGS, "device-log", str(g.actor.device_id))
        left_out = device_log.keep_log(g.session, actor=g.actor, entries=body["entries"])
        return {"kept": len(body["entries"]), "fields_left_out": left_out}


def _shown(view: drafts.DraftView) -> dict[str, Any]:
    return {**view.__dict__, "parked_at": iso_local(view.parked_at), "here": view.device_id == g.actor.device_id}
