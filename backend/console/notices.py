"""Notices that wait for a person: the privacy filter found something in them, and a publicity officer decides."""

from uuid import UUID

from flask import g, redirect
from flask.typing import ResponseReturnValue

from backend.accounts.rules import can_publish, can_see_held_notices
from backend.console import console
from backend.console.forms import text
from backend.disclosure import commands, queries
from backend.web import allows, page


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
