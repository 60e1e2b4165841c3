"""The files of a visit for those who judge by them: small copies, copies with a watermark, originals, sound and video."""

from uuid import UUID

from flask import Response, g, request
from flask.typing import ResponseReturnValue
from werkzeug.wsgi import FileWrapper as file_wrapper

from backend.accounts.rules import can_see_submissions
from backend.console import console
from backend.inspections.evidence import store
from backend.inspections.files import seen_evidence
from backend.problems import NotFound
from backend.web import allows

PICTURES = {"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"}
"""What a browser is given to show; nothing that could hold a script"""
RECORDINGS = {"audio/mp4", "audio/mpeg", "audio/ogg", "audio/wav", "audio/aac", "audio/amr", "video/mp4", "video/webm",
              "video/quicktime"}  # fmt: skip
"""What a browser is given to play"""


@console.get("/evidence/<uuid:evidence_id>/thumbnail")
@allows(can_see_submissions)
def thumbnail(evidence_id: UUID) -> ResponseReturnValue:
    """A photo's small copy, without metadata"""
    return _copy(seen_evidence(g.session, g.actor, evidence_id).thumbnail, evidence_id)


@console.get("/evidence/<uuid:evidence_id>/watermarked")
@allows(can_see_submissions)
def watermarked(evidence_id: UUID) -> ResponseReturnValue:
    """The copy that bears number, time and place"""
    return _copy(seen_evidence(g.session, g.actor, evidence_id).watermarked, evidence_id)


@console.get("/evidence/<uuid:evidence_id>/original")
@allows(can_see_submissions)
def original(evidence_id: UUID) -> ResponseReturnValue:
    """A file as it arrived, for those who judge by it; what is neither picture nor recording is handed over as a file"""
    found = seen_evidence(g.session, g.actor, evidence_id)
    if not store().has(found.sha256):
        raise NotFound(what="文件 file", id=str(evidence_id))
    if found.mime in PICTURES:
        return picture(found.sha256, found.mime)
    if found.mime in RECORDINGS:
        return recording(found.sha256, found.mime)
    response = picture(found.sha256, "application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{evidence_id}.bin"'
    return response


def _copy(sha256: str | None, evidence_id: UUID) -> Response:
    if sha256 is None:
        raise NotFound(what="副本 copy", id=str(evidence_id))
    return picture(sha256, "image/jpeg")


def picture(sha256: str, mime: str) -> Response:
    """A file of the store as a picture, which can run nothing"""
    response = Response(file_wrapper(store().open(sha256)), mimetype=mime, direct_passthrough=True)
    response.headers["Content-Length"] = str(store().size(sha256))
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def recording(sha256: str, mime: str) -> Response:
    """Sound or video, in ranges where the player asks for one: otherwise nobody could jump in it"""
    response = picture(sha256, mime)
    response.set_etag(sha256)
    response.make_conditional(request, accept_ranges=True, complete_length=store().size(sha256))
    return response
