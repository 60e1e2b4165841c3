"""A phone of an inspector with a task before them: the round behind it is drawn and matched once for each file of tests."""

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts import phones
from backend.accounts.models import Person, Unit
from backend.accounts.rules import Role
from backend.draws import lots
from backend.inspections import evidence
from backend.tours import commands as tours
from backend.tours.models import Task
from tests.field.phone import TestPhone
from tests.makers import Ceremony, a_scored_district, an_actor
from tests.standing import Ground, standing
from tests.working import settle


@pytest.fixture(scope="module")
def ground(services) -> Iterator[Ground]:
    """A unit and a task, by their ids."""
    with standing(open_tasks) as ground:
        yield ground


def open_tasks(session: Session) -> tuple[uuid.UUID, uuid.UUID]:
    """A round's tasks, with their tours and teams."""
    unit = a_scored_district(session)
    ceremony = Ceremony(session, unit)
    round_ = ceremony.a_round(2)
    ceremony.draw(round_)
    settle(session)
    lot = tours.commit_teams(session, actor=ceremony.operator, round_id=round_.id)
    ceremony.dice(lot)
    lots.match_teams(session, actor=ceremony.operator, lot_id=lot.id)
    settle(session)
    return unit.id, session.scalars(select(Task.id)).first()


@pytest.fixture
def unit(session: Session, ground) -> Unit:
    return session.get_one(Unit, ground[1][0])


@pytest.fixture
def task(session: Session, ground) -> Task:
    return session.get_one(Task, ground[1][1])


@pytest.fixture
def phone(session, unit, task, field_client, tmp_path, monkeypatch):
    monkeypatch.setattr(evidence, "store", lambda: evidence.open_store(f"file://{tmp_path}"))
    person = session.get(Person, task.officers[0].inspector.person_id)
    admin = an_actor(session, unit, Role.UNIT_ADMINISTRATOR)
    code, _ = phones.show_enrolment(session, actor=admin, person_id=person.id)
    session.commit()
    key = TestPhone()
    body = {"code": code, "device": {"id": str(key.id), "name": "p", "public_key": key.jwk}}
    assert field_client.post("/v1/enrol", json=body).status_code == 201
    field_client.sign_in(key)
    return field_client
