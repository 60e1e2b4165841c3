"""Reviewing submissions: findings, photos, receipt; return with a remark, or confirm."""

from uuid import UUID

from flask import Response, g, redirect
from flask.typing import ResponseReturnValue
from werkzeug.wsgi import FileWrapper as file_wrapper

from backend.accounts.rules import can_review, can_see_submissions
from backend.console import console
from backend.console.forms import asked, text
from backend.inspections import queries, reviews
from backend.inspections.evidence import store
from backend.problems import NotFound
from backend.web import allows, page

PICTURES = {"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"}
"""What a browser is given to show; nothing that could hold a script"""


@console.get("/submissions")
@allows(can_see_submissions)
def submissions() -> ResponseReturnValue:
    """The queue"""
    state = asked("state") or "under_review"
    return page("console/submissions.html", submissions=queries.submissions(g.session, g.actor, state), state=state)


@console.get("/submissions/<uuid:submission_id>")
@allows(can_see_submissions)
def submission(submission_id: UUID) -> ResponseReturnValue:
    """One submission"""
    return page("console/submission.html", submission=queries.seen_submission(g.session, g.actor, submission_id))


@console.post("/submissions/<uuid:submission_id>/confirm")
@allows(can_review)
def confirm_result(submission_id: UUID) -> ResponseReturnValue:
    """Confirm the result"""
    reviews.confirm_result(g.session, actor=g.actor, submission_id=submission_id, remark=text("remark"))
    return redirect("/console/submissions", 303)


@console.post("/submissions/<uuid:submission_id>/return")
@allows(can_review)
def return_submission(submission_id: UUID) -> ResponseReturnValue:
    """Send it back for correction"""
    reviews.return_submission(g.session, actor=g.actor, submission_id=submission_id, remark=text("remark"))
    return redirect("/console/submissions", 303)


@console.get("/evidence/<uuid:evidence_id>/thumbnail")
@allows(can_see_submissions)
def thumbnail(evidence_id: UUID) -> ResponseReturnValue:
    """A photo's small copy, without metadata"""
    found = queries.seen_evidence(g.session, g.actor, evidence_id)
    if found.thumbnail is None:
        raise NotFound(what="缩略图 thumbnail", id=str(evidence_id))
    return picture(found.thumbnail, "image/jpeg")


@console.get("/evidence/<uuid:evidence_id>/original")
@allows(can_see_submissions)
def original(evidence_id: UUID) -> ResponseReturnValue:
    """A photo as it arrived, for those who judge by it"""
    found = queries.seen_evidence(g.session, g.actor, evidence_id)
    if found.mime not in PICTURES or not store().has(found.sha256):
        raise NotFound(what="照片 photo", id=str(evidence_id))
    return picture(found.sha256, found.mime)


def picture(sha256: str, mime: str) -> Response:
    """A file of the store as a picture, which can run nothing"""
    response = Response(file_wrapper(store().open(sha256)), mimetype=mime, direct_passthrough=True)
    response.headers["Content-Length"] = str(store().size(sha256))
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
