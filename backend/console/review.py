"""Reviewing submissions: findings, evidence, receipt; return with a remark, or confirm."""

from urllib.parse import urlencode
from uuid import UUID

from flask import g, redirect
from flask.typing import ResponseReturnValue

from backend.accounts.rules import can_review, can_see_submissions
from backend.console import console
from backend.console.forms import asked, text, texts_by_number
from backend.inspections import queries, reviews
from backend.inspections.files import seen_ids
from backend.inspections.further import further_answers
from backend.inspections.onsite import on_site
from backend.inspections.receipts import receipt_query
from backend.inspections.visit_evidence import visit_evidence
from backend.replies import page
from backend.web import allows


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
    found = queries.seen_submission(g.session, g.actor, submission_id)
    check_link = urlencode(receipt_query(found.receipt))
    evidence = visit_evidence(g.session, submission_id)
    twins = seen_ids(g.session, g.actor, evidence.twins)
    return page(
        "console/submission.html", submission=found, steps=on_site(g.session, submission_id), evidence=evidence,
        twins=twins, check_link=check_link, further=further_answers(g.session, submission_id),
    )  # fmt: skip


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
    remark, items = text("remark"), texts_by_number("item-")
    reviews.return_submission(g.session, actor=g.actor, submission_id=submission_id, remark=remark, items=items)
    return redirect("/console/submissions", 303)
