"""Who enrols a phone or asks for its tokens can hurt no other phone."""

import uuid

import pytest

from backend.accounts import phones
from backend.accounts.models import Device
from backend.accounts.rules import Role
from backend.times import utc_now
from field_api import devices
from tests.field.phone import TestPhone
from tests.makers import a_unit, an_actor


@pytest.fixture
def enrol(session, field_client):
    """Enrol a phone for a person of the one unit; gives the answer."""
    unit = a_unit(session)
    admin = an_actor(session, unit, Role.UNIT_ADMINISTRATOR)

    def enrolled(key: TestPhone, name: str, **more):
        person = an_actor(session, unit, Role.INSPECTOR, name=name)
        code, _ = phones.show_enrolment(session, actor=admin, person_id=person.person_id)
        session.commit()
        device = {"id": str(key.id), "name": "p", "public_key": {**key.jwk, **more}}
        return field_client.post("/v1/enrol", json={"code": code, "device": device})

    return enrolled


def test_nobody_enrols_the_public_key_of_another_persons_phone(session, enrol):
    key, copied = TestPhone(), TestPhone()
    assert enrol(key, "甲").status_code == 201
    copied.jwk = key.jwk
    answer = enrol(copied, "乙")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad-device-key")
    assert session.get(Device, copied.id) is None


def test_of_a_key_only_what_makes_it_is_kept(session, enrol):
    key = TestPhone()
    assert enrol(key, "甲", d="a private key", note=["x"] * 100).status_code == 201
    assert session.get(Device, key.id).public_key == key.jwk


@pytest.mark.parametrize("member", ["x", "y", "kty", "crv"])
@pytest.mark.parametrize("value", [None, 7, [], "", "\x00", "é", "A" * 5000])
def test_what_is_no_key_is_refused(enrol, member, value):
    answer = enrol(TestPhone(), "甲", **{member: value})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad-device-key")


def test_who_knows_a_phones_id_can_neither_lock_it_out_nor_learn_that_it_is_revoked(
    session, enrol, field_client, monkeypatch
):
    monkeypatch.setattr(devices, "TRIES", "3 per minute")
    key, thief = TestPhone(), TestPhone()
    assert enrol(key, "甲").status_code == 201
    field_client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    answers = [field_client.post("/v1/nonce", json={"device_id": str(key.id)}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    session.get(Device, key.id).revoked_at = utc_now()
    session.commit()
    body = {"device_id": str(key.id), "nonce": answers[0].get_json()["nonce"]}
    field_client.environ_base["REMOTE_ADDR"] = "203.0.113.10"
    thief.id = key.id
    for signer, code in ((thief, "signature-refused"), (key, "device-revoked")):
        signed = {**body, "signature": signer.sign(body["nonce"])}
        assert field_client.post("/v1/token", json=signed).get_json()["code"] == code
    assert field_client.post("/v1/nonce", json={"device_id": str(uuid.uuid4())}).status_code == 404
