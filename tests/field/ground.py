"""``python -m tests.field.ground``: in the folder DATA, services of its own and committed tasks; prints what phones need, as JSON."""

import json

from sqlalchemy import select

from backend import embedded
from backend.accounts import phones
from backend.accounts.models import Person
from backend.accounts.rules import Role
from backend.config import data_folder
from backend.db import transaction
from backend.draws import lots
from backend.migrations import migrate
from backend.tours import commands as tours
from backend.tours.models import Task
from tests.makers import Ceremony, a_scored_district, an_actor
from tests.working import drained

TASKS = 3


def main() -> None:
    """Services, a round drawn and matched, its tasks open, and an enrolment code for each leader."""
    embedded.start(data_folder(), fast=True)
    migrate()
    with transaction() as session:
        unit = a_scored_district(session)
        ceremony = Ceremony(session, unit)
        round_ = ceremony.a_round(TASKS)
        ceremony.draw(round_)
    drained()
    with transaction() as session:
        ceremony.session = session
        lot = tours.commit_teams(session, actor=ceremony.operator, round_id=round_.id)
        ceremony.dice(lot)
        lots.match_teams(session, actor=ceremony.operator, lot_id=lot.id)
    drained()
    with transaction() as session:
        admin = an_actor(session, unit, Role.UNIT_ADMINISTRATOR)
        print(json.dumps([told(session, admin, task) for task in session.scalars(select(Task))]))  # noqa: T201


def told(session, admin, task: Task) -> dict[str, str]:
    """A task, and a code by which its leader's phone enrols."""
    leader = next(officer for officer in task.officers if officer.leader)
    person = session.get_one(Person, leader.inspector.person_id)
    code, _ = phones.show_enrolment(session, actor=admin, person_id=person.id)
    return {"task": str(task.id), "code": code}


if __name__ == "__main__":
    main()
