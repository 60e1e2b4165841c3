"""The way out for a revoked phone: it proves by its key which one it is, hands over what it holds, and empties itself.

No token: a revoked phone gets none. Nothing that comes by this door is ever applied.
"""

from typing import Any
from uuid import UUID

from flask import g, request
from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow.fields import Boolean, Integer
from marshmallow.validate import Range

from backend import rates
from backend.accounts.proofs import BadProof, Proven, prove
from backend.accounts.rules import anyone
from backend.inspections.aside import quarantine
from backend.problems import TooLarge
from backend.web import allows
from field_api.aside_schemas import Nothing
from field_api.entry import must_be_signed
from field_api.schemas import Strict
from media.faults import DigestDiffers

blp = Blueprint("quarantine", __name__, url_prefix="/v1/quarantine", description="What a revoked phone still holds")
RATE = "1200 per hour"
KNOCKS = "600 per minute"
"""From one address, before anybody knows whose proof it is"""
RAW = {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
PROOF = {"in": "header", "name": "DPoP", "required": True, "schema": {"type": "string"},
         "description": "A proof by the phone's key (RFC 9449, with bsh), without ath; docs/field-api.md"}  # fmt: skip


class DoneBody(Strict):
    """POST /quarantine/done: how many pieces the phone handed over."""

    count = Integer(required=True, validate=Range(0, 10**6))


class DoneView(Nothing):
    """Answer of /quarantine/done"""

    wipe = Boolean()


@blp.route("/<string:kind>/<uuid:piece_id>")
class Piece(MethodView):
    """One piece of a revoked phone's work."""

    @allows(anyone)
    @blp.doc(requestBody=RAW, parameters=[PROOF], security=[])
    @blp.response(201, Nothing)
    @blp.alt_response(200, schema=Nothing)
    def put(self, kind: str, piece_id: UUID) -> Any:
        """Hand over a piece, its bytes as they are; `kind` is visit, photo or arrival"""
        proven = _proven()
        size = request.content_length or 0
        if size > quarantine.LARGEST:
            raise TooLarge(limit=quarantine.LARGEST)
        try:
            fresh = quarantine.keep_piece(
                g.session, device_id=proven.device.id, kind=kind, piece_id=piece_id, size=size, sha256=_signed(proven),
                source=request.stream,  # type: ignore[arg-type]
            )  # fmt: skip
        except DigestDiffers as other:
            raise BadProof(why="bsh") from other
        return {}, 201 if fresh else 200


@blp.route("/done")
class Done(MethodView):
    """The end of the handing over."""

    @allows(anyone)
    @blp.doc(parameters=[PROOF], security=[])
    @blp.arguments(DoneBody)
    @blp.response(200, DoneView)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Say that everything was handed over; the phone empties itself when `wipe` is true"""
        proven = _proven()
        must_be_signed(_signed(proven), request.get_data())
        quarantine.empty_device(g.session, device_id=proven.device.id, count=body["count"])
        return {"wipe": True}


def _proven() -> Proven:
    """The phone behind this request. Raises what ``prove`` raises, TooManyRequests."""
    rates.spend(KNOCKS, "quarantine-door", request.remote_addr or "?")
    proven = prove(g.session, request.headers.get("DPoP", ""), method=request.method, url=request.base_url)
    rates.spend(RATE, "quarantine", str(proven.device.id))
    return proven


def _signed(proven: Proven) -> str:
    if proven.body_sha256 is None:
        raise BadProof(why="bsh")
    return proven.body_sha256
