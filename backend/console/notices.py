"""What publicity officers decide: notices that the privacy filter held back, and photos that may be shown beside a notice."""

from uuid import UUID

from flask import g, redirect
from flask.typing import ResponseReturnValue

from backend.accounts.rules import can_publish, can_see_held_notices
from backend.console import console
from backend.console.evidence import picture
from backend.console.forms import text
from backend.disclosure import commands, photos, queries
from backend.replies import page
from backend.web import allows


@console.get("/notices")
@allows(can_see_held_notices)
def held_notices() -> ResponseReturnValue:
    """What waits, the most urgent first"""
    return page("console/held_notices.html", notices=queries.held_notices(g.session, g.actor))


@console.post("/notices/<uuid:notice_id>/release")
@allows(can_publish)
def release_notice(notice_id: UUID) -> ResponseReturnValue:
    """Publish one all the same, with a reason"""
    commands.release_notice(g.session, actor=g.actor, notice_id=notice_id, reason=text("reason"))
    return redirect("/console/notices", 303)


@console.get("/photos")
@allows(can_see_held_notices)
def public_photos() -> ResponseReturnValue:
    """Photos on their way to the public"""
    return page("console/public_photos.html", photos=photos.proposed_photos(g.session, g.actor))


@console.post("/evidence/<uuid:evidence_id>/propose")
@allows(can_publish)
def propose_photo(evidence_id: UUID) -> ResponseReturnValue:
    """Have a redacted copy made"""
    photos.propose_photo(g.session, actor=g.actor, evidence_id=evidence_id)
    return redirect("/console/photos", 303)


@console.get("/photos/<uuid:evidence_id>/copy")
@allows(can_see_held_notices)
def redacted_copy(evidence_id: UUID) -> ResponseReturnValue:
    """The redacted copy as the public would see it"""
    return picture(photos.proposed_copy(g.session, g.actor, evidence_id), "image/jpeg")


@console.post("/photos/<uuid:evidence_id>/approve")
@allows(can_publish)
def approve_photo(evidence_id: UUID) -> ResponseReturnValue:
    """Make it public, with a reason"""
    photos.approve_photo(g.session, actor=g.actor, evidence_id=evidence_id, reason=text("reason"))
    return redirect("/console/photos", 303)


@console.post("/photos/<uuid:evidence_id>/refuse")
@allows(can_publish)
def refuse_photo(evidence_id: UUID) -> ResponseReturnValue:
    """Keep it closed, with a reason"""
    photos.refuse_photo(g.session, actor=g.actor, evidence_id=evidence_id, reason=text("reason"))
    return redirect("/console/photos", 303)
