"""Reviewing submissions: findings, photos, receipt; return with a remark, or confirm."""

from uuid import UUID

from flask import Response, g, redirect, request
from flask.typing import ResponseReturnValue

from backend.accounts.rules import can_review, can_see_submissions
from backend.console import console
from backend.console.forms import text
from backend.inspections import queries, reviews
from backend.inspections.evidence import store
from backend.problems import NotFound
from backend.web import allows, page


@console.get("/submissions")
@allows(can_see_submissions)
def submissions() -> ResponseReturnValue:
    """The queue"""
    state = request.args.get("state", "under_review")
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
    with store().open(found.thumbnail) as source:
        response = Response(source.read(), mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response
