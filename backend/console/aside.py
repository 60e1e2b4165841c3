"""What phones sent that no record is made of: refused payloads, and what revoked phones handed over."""

from uuid import UUID

from flask import Response, g
from flask.typing import ResponseReturnValue
from werkzeug.wsgi import FileWrapper as file_wrapper

from backend.accounts.rules import can_open_quarantine, can_see_aside
from backend.console import console
from backend.inspections import evidence
from backend.inspections.aside import queries
from backend.replies import page
from backend.web import allows


@console.get("/aside")
@allows(can_see_aside)
def aside() -> ResponseReturnValue:
    """What lies aside of the records"""
    payloads = queries.faulty_payloads(g.session, g.actor)
    return page("console/aside.html", payloads=payloads, pieces=queries.quarantined_pieces(g.session, g.actor))


@console.get("/aside/payloads/<uuid:payload_id>")
@allows(can_see_aside)
def faulty_payload(payload_id: UUID) -> ResponseReturnValue:
    """A refused payload as it came"""
    return handed_over(Response(queries.faulty_payload(g.session, g.actor, payload_id)), f"{payload_id}.json")


@console.get("/aside/pieces/<uuid:device_id>/<kind>/<uuid:piece_id>")
@allows(can_open_quarantine)
def quarantined_piece(device_id: UUID, kind: str, piece_id: UUID) -> ResponseReturnValue:
    """A piece of a revoked phone as it came"""
    piece = queries.quarantined_piece(g.session, g.actor, device_id, kind, piece_id)
    response = Response(file_wrapper(evidence.store().open(piece.sha256)), direct_passthrough=True)
    response.headers["Content-Length"] = str(piece.size)
    return handed_over(response, f"{kind}-{piece_id}.bin")


def handed_over(response: Response, name: str) -> Response:
    """Bytes as a file to save: whatever they are, a browser runs nothing of them"""
    response.mimetype = "application/octet-stream"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
