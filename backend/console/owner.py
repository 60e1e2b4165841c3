"""An entity's owner at the console: their own file, class with reasons, notices, and objections; and who answers them."""

from uuid import UUID

from flask import g, redirect
from flask.typing import ResponseReturnValue

from backend.accounts.rules import can_administer_unit, can_answer_objections, can_see_own_entity
from backend.console import console
from backend.console.forms import text
from backend.disclosure import objections
from backend.disclosure.queries import notices_of_entity
from backend.draws.queries import reach_of
from backend.registry import owners
from backend.replies import page
from backend.risk.queries import scores_of
from backend.web import allows


@console.get("/mine")
@allows(can_see_own_entity)
def mine() -> ResponseReturnValue:
    """The entities that one signs in for"""
    found = owners.owned(g.session, g.actor)
    if len(found) == 1:
        return redirect(f"/console/mine/{found[0].id}", 303)
    return page("console/mine.html", entities=found)


@console.get("/mine/<uuid:entity_id>")
@allows(can_see_own_entity)
def my_entity(entity_id: UUID) -> ResponseReturnValue:
    """One's own entity: its record, its class with reasons over time, its notices, its objections"""
    return page(
        "console/my_entity.html",
        entity=owners.owned_entity(g.session, g.actor, entity_id),
        scores=scores_of(g.session, entity_id),
        notices=notices_of_entity(g.session, entity_id),
        objections=objections.objections(g.session, entity_id=entity_id),
    )


@console.post("/mine/<uuid:entity_id>/objections")
@allows(can_see_own_entity)
def file_objection(entity_id: UUID) -> ResponseReturnValue:
    """Object"""
    objections.file_objection(g.session, actor=g.actor, entity_id=entity_id, about=text("about"), words=text("words"))
    return redirect(f"/console/mine/{entity_id}", 303)


@console.post("/mine/<uuid:entity_id>/objections/<uuid:objection_id>/withdraw")
@allows(can_see_own_entity)
def withdraw_objection(entity_id: UUID, objection_id: UUID) -> ResponseReturnValue:
    """Take an objection back"""
    objections.withdraw_objection(g.session, actor=g.actor, objection_id=objection_id)
    return redirect(f"/console/mine/{entity_id}", 303)


@console.get("/objections")
@allows(can_answer_objections)
def objection_list() -> ResponseReturnValue:
    """Objections that wait for an answer, the most urgent first"""
    return page("console/objections.html", objections=objections.objections(g.session, reach=reach_of(g.actor)))


@console.post("/objections/<uuid:objection_id>")
@allows(can_answer_objections)
def answer_objection(objection_id: UUID) -> ResponseReturnValue:
    """Answer an objection"""
    objections.answer_objection(
        g.session, actor=g.actor, objection_id=objection_id, state=text("state"), answer=text("answer")
    )
    return redirect("/console/objections", 303)


@console.post("/entities/<uuid:entity_id>/owner")
@allows(can_administer_unit)
def name_owner(entity_id: UUID) -> ResponseReturnValue:
    """Let a person sign in for an entity"""
    owners.name_owner(g.session, actor=g.actor, entity_id=entity_id, username=text("username"))
    return redirect(f"/console/entities/{entity_id}", 303)
