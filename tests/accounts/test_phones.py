"""Phones: enrolled by a shown code with a key of their own, known by short tokens, revoked at once."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.accounts import phones, queries
from backend.accounts.models import DeviceToken, Enrolment
from backend.accounts.rules import Role
from backend.problems import NotAllowed
from backend.times import utc_now
from tests.field.phone import TestPhone
from tests.makers import a_unit, an_actor


@pytest.fixture
def unit(session: Session):
    return a_unit(session)


@pytest.fixture
def admin(session, unit):
    return an_actor(session, unit, Role.UNIT_ADMINISTRATOR)


@pytest.fixture
def inspector(session, unit):
    return an_actor(session, unit, Role.INSPECTOR)


@pytest.fixture
def phone(session, admin, inspector) -> TestPhone:
    code, _ = phones.show_enrolment(session, actor=admin, person_id=inspector.person_id)
    phone = TestPhone()
    phones.enrol_device(session, code=code, device_id=phone.id, name="p", public_key=phone.jwk)
    return phone


def token_of(session, phone: TestPhone) -> str:
    nonce, _ = phones.offer_nonce(session, device_id=phone.id)
    return phones.issue_token(session, device_id=phone.id, nonce=nonce, signature=phone.sign(nonce))[0]


def test_a_token_speaks_for_the_person_and_names_the_phone(session, phone, inspector):
    device = queries.device_of_token(session, token_of(session, phone))
    actor = queries.actor_of_device(session, device.id)
    assert (actor.person_id, actor.device_id) == (inspector.person_id, phone.id)


def test_a_code_enrols_one_phone_only_but_answers_the_same_phone_again(session, admin, inspector):
    code, _ = phones.show_enrolment(session, actor=admin, person_id=inspector.person_id)
    first, second = TestPhone(), TestPhone()
    for _ in range(2):
        phones.enrol_device(session, code=code, device_id=first.id, name="p", public_key=first.jwk)
    with pytest.raises(phones.EnrolmentRefused):
        phones.enrol_device(session, code=code, device_id=second.id, name="p", public_key=second.jwk)


def test_an_old_code_is_refused(session, admin, inspector):
    code, _ = phones.show_enrolment(session, actor=admin, person_id=inspector.person_id)
    session.execute(update(Enrolment).values(expires_at=utc_now() - timedelta(seconds=1)))
    with pytest.raises(phones.EnrolmentRefused):
        phones.enrol_device(session, code=code, device_id=uuid.uuid4(), name="p", public_key=TestPhone().jwk)


@pytest.mark.parametrize("key", [{}, {"kty": "RSA"}, {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}])
def test_a_key_that_is_none_is_refused(session, admin, inspector, key):
    code, _ = phones.show_enrolment(session, actor=admin, person_id=inspector.person_id)
    with pytest.raises(phones.BadDeviceKey):
        phones.enrol_device(session, code=code, device_id=uuid.uuid4(), name="p", public_key=key)


def test_another_phones_signature_and_a_nonce_used_twice_are_refused(session, phone):
    nonce, _ = phones.offer_nonce(session, device_id=phone.id)
    with pytest.raises(phones.SignatureRefused):
        phones.issue_token(session, device_id=phone.id, nonce=nonce, signature=TestPhone(phone.id).sign(nonce))
    phones.issue_token(session, device_id=phone.id, nonce=nonce, signature=phone.sign(nonce))
    with pytest.raises(phones.SignatureRefused):
        phones.issue_token(session, device_id=phone.id, nonce=nonce, signature=phone.sign(nonce))


def test_a_revoked_phone_is_out_at_once(session, phone, admin):
    token = token_of(session, phone)
    phones.revoke_device(session, actor=admin, device_id=phone.id)
    with pytest.raises(phones.StaleToken):
        queries.device_of_token(session, token)
    with pytest.raises(phones.DeviceRevoked):
        queries.actor_of_device(session, phone.id)
    with pytest.raises(phones.DeviceRevoked):
        token_of(session, phone)


def test_a_token_ends(session, phone):
    token = token_of(session, phone)
    session.execute(update(DeviceToken).values(expires_at=utc_now() - timedelta(seconds=1)))
    with pytest.raises(phones.StaleToken):
        queries.device_of_token(session, token)


def test_only_the_units_own_administrator_shows_codes(session, unit, inspector):
    stranger = an_actor(session, a_unit(session, "LY"), Role.UNIT_ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        phones.show_enrolment(session, actor=stranger, person_id=inspector.person_id)
