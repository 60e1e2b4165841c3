"""People and their phones: enrol by a QR code, revoke at once."""

from uuid import UUID

import segno
from flask import g, redirect
from flask.typing import ResponseReturnValue

from backend.accounts import phones, queries
from backend.accounts.rules import can_administer_unit
from backend.config import settings
from backend.console import console
from backend.console.forms import asked
from backend.replies import page
from backend.tours.queries import visits_to_do
from backend.web import allows


@console.get("/people")
@allows(can_administer_unit)
def people() -> ResponseReturnValue:
    """The people whom this administrator answers for, those first who have visits to do"""
    words = asked("q")
    visits = visits_to_do(g.session)
    people = queries.people_of(g.session, g.actor, words, first=visits)
    told = {str(person_id): count for person_id, count in visits.items()}
    return page("console/people.html", people=people, visits=told, words=words)


@console.post("/people/<uuid:person_id>/enrolment")
@allows(can_administer_unit)
def show_enrolment(person_id: UUID) -> ResponseReturnValue:
    """Show a code with which the person's phone enrols once"""
    code, ends = phones.show_enrolment(g.session, actor=g.actor, person_id=person_id)
    url = f"{settings().public_url}/field/#enrol={code}"
    picture = segno.make(url, error="m").svg_inline(scale=6, border=2)
    person = queries.phone_person(g.session, person_id)
    return page("console/enrolment.html", code=code, url=url, ends=ends, picture=picture, person=person)


@console.post("/devices/<uuid:device_id>/revoke")
@allows(can_administer_unit)
def revoke_device(device_id: UUID) -> ResponseReturnValue:
    """Take a phone's access away"""
    phones.revoke_device(g.session, actor=g.actor, device_id=device_id)
    return redirect("/console/people", 303)
