"""The board that greets everyone, the ledger, and what the machinery could not do by itself."""

from typing import Any
from uuid import UUID

from flask import g, redirect
from flask.typing import ResponseReturnValue

from backend import ledger, outbox
from backend.accounts.rules import (
    can_administer_unit,
    can_answer_objections,
    can_audit,
    can_compare_officers,
    can_edit_registry,
    can_mend,
    can_see_aside,
    can_see_console,
    can_see_draws,
    can_see_held_notices,
    can_see_own_entity,
    can_see_registry,
    can_see_submissions,
    signed_in,
)
from backend.console import console
from backend.console.forms import asked
from backend.disclosure.queries import held_notices
from backend.draws.queries import reach_of, rounds
from backend.inspections.queries import submissions
from backend.ledger import events_of
from backend.oversight.queries import board
from backend.registry.results import wording
from backend.replies import page
from backend.web import allows

MENU = (
    ("/console/", "board", "gauge", can_see_console),
    ("/console/plans", "plans", "calendar-days", can_see_draws),
    ("/console/rounds", "rounds", "dices", can_see_draws),
    ("/console/submissions", "queue", "clipboard-check", can_see_submissions),
    ("/console/notices", "held_notices", "megaphone", can_see_held_notices),
    ("/console/photos", "public_photos", "image", can_see_held_notices),
    ("/console/mine", "mine", "building-2", can_see_own_entity),
    ("/console/objections", "objections", "message-square", can_answer_objections),
    ("/console/registry", "registry", "building-2", can_see_registry),
    ("/console/imports", "import", "upload", can_edit_registry),
    ("/console/items", "items", "list-checks", can_see_registry),
    ("/console/checklists", "checklists", "clipboard-list", can_see_registry),
    ("/console/inspectors", "inspectors", "id-card", can_see_registry),
    ("/console/experts", "experts", "users", can_see_registry),
    ("/console/strictness", "strictness", "scale", can_compare_officers),
    ("/console/people", "people", "users", can_administer_unit),
    ("/console/aside", "aside", "archive", can_see_aside),
    ("/console/dead-letters", "dead_letters", "mail", can_see_console),
    ("/console/ledger", "ledger", "history", can_audit),
)
"""Path, words, icon, and who sees it"""


@console.context_processor
def menu() -> dict[str, Any]:
    """The side menu, and the wording of result codes"""
    return {"menu": MENU, "wording": wording}


@console.get("/")
@allows(signed_in)
def home() -> ResponseReturnValue:
    """The board; or, for people whose work is elsewhere, the way there"""
    if not can_see_console(g.actor):
        return page("console/elsewhere.html", roles=sorted({grant.role.value for grant in g.actor.grants}))
    return page(
        "console/home.html",
        board=board(g.session, reach_of(g.actor)),
        rounds=rounds(g.session, actor=g.actor, limit=8),
        held=len(held_notices(g.session, g.actor)),
        queue=submissions(g.session, g.actor, limit=8),
    )


@console.get("/ledger")
@allows(can_audit)
def ledger_page() -> ResponseReturnValue:
    """What happened, newest first, or of one subject"""
    subject = asked("subject")
    return page("console/ledger.html", events=events_of(g.session, subject), subject=subject, verdict=None)


@console.post("/ledger/verify")
@allows(can_audit)
def verify_ledger() -> ResponseReturnValue:
    """Recompute all hashes"""
    count, faults = ledger.verify(g.session)
    verdict = {"events": count, "faults": [fault.__dict__ for fault in faults]}
    return page("console/ledger.html", events=events_of(g.session, ""), subject="", verdict=verdict)


@console.get("/dead-letters")
@allows(can_see_console)
def dead_letters() -> ResponseReturnValue:
    """Deliveries that failed for good"""
    return page("console/dead_letters.html", letters=outbox.dead_letters(g.session))


@console.post("/dead-letters/<uuid:event_id>/<reaction>")
@allows(can_mend)
def try_again(event_id: UUID, reaction: str) -> ResponseReturnValue:
    """Give one another try"""
    outbox.try_again(g.session, event_id, reaction, g.actor)
    return redirect("/console/dead-letters", 303)
