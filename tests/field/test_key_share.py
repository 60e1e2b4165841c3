"""The door for a forgotten PIN: open to a phone in service alone."""

import pytest
from sqlalchemy import select

from backend.accounts import phones
from backend.accounts.models import Device, Enrolment, Person
from backend.accounts.queries import actor_of_person
from tests.field.phone import TestPhone


@pytest.fixture
def device(session, phone) -> Device:
    return session.scalars(select(Device).order_by(Device.enrolled_at.desc())).first()


@pytest.fixture
def admin(session, device):
    """Who showed the code that the phone enrolled with."""
    shown_by = session.scalars(select(Enrolment.shown_by)).first()
    return actor_of_person(session.get_one(Person, shown_by))


@pytest.fixture
def body(session, admin, device) -> dict:
    code, _ = phones.show_enrolment(session, actor=admin, person_id=device.person_id)
    session.commit()
    return {"code": code, "ephemeral": TestPhone().jwk}


def test_a_phone_learns_its_key_and_gets_the_secret_for_a_code(phone, body):
    assert phone.get("/v1/key-share").get_json()["key"]["crv"] == "P-256"
    first, again = (phone.post("/v1/key-share", json=body) for _ in range(2))
    assert (first.status_code, len(first.get_json()["secret"])) == (200, 43)
    assert (again.status_code, again.get_json()["code"]) == (403, "enrolment-refused")


def test_a_revoked_phone_gets_no_secret(session, phone, admin, device, body):
    phones.revoke_device(session, actor=admin, device_id=device.id)
    session.commit()
    assert phone.post("/v1/key-share", json=body).status_code == 401
