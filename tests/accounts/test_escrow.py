"""A forgotten PIN: the secret comes back once, for a code shown to the phone's own person, and only to that phone."""

import base64
import uuid
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.accounts import phones
from backend.accounts.escrow import escrow_jwk, give_secret
from backend.accounts.phones import BadDeviceKey, EnrolmentRefused, public_of
from backend.accounts.rules import Actor, Role
from tests.accounts.test_phones import admin, inspector, phone, unit  # noqa: F401 - fixtures
from tests.field.phone import TestPhone
from tests.makers import an_actor


@pytest.fixture
def actor(phone, inspector) -> Actor:  # noqa: F811
    return replace(inspector, device_id=phone.id)


def a_code(session, admin, person) -> str:  # noqa: F811
    return phones.show_enrolment(session, actor=admin, person_id=person.person_id)[0]


def wrapped_by(device_id: uuid.UUID, ephemeral: TestPhone) -> str:
    """What a phone agrees on, by the public key alone."""
    shared = ephemeral.signer.key.exchange(ec.ECDH(), public_of(escrow_jwk(device_id)))
    derived = HKDF(SHA256(), 32, salt=None, info=f"fieldlot-key-share:{device_id}".encode()).derive(shared)
    return base64.urlsafe_b64encode(derived).rstrip(b"=").decode()


def test_the_secret_that_a_phone_agreed_on_comes_back_for_a_code_once(session, admin, inspector, phone, actor):  # noqa: F811
    ephemeral, code = TestPhone(), a_code(session, admin, inspector)
    secret = give_secret(session, actor=actor, code=code, ephemeral=ephemeral.jwk)
    assert secret == wrapped_by(phone.id, ephemeral)
    with pytest.raises(EnrolmentRefused):
        give_secret(session, actor=actor, code=code, ephemeral=ephemeral.jwk)


def test_a_code_shown_to_another_person_or_used_to_enrol_opens_nothing(session, unit, admin, inspector, actor):  # noqa: F811
    other = an_actor(session, unit, Role.INSPECTOR, name="另一人")
    used = a_code(session, admin, inspector)
    new = TestPhone()
    phones.enrol_device(session, code=used, device_id=new.id, name="p", public_key=new.jwk)
    for code in (a_code(session, admin, other), used, "guessed"):
        with pytest.raises(EnrolmentRefused):
            give_secret(session, actor=actor, code=code, ephemeral=TestPhone().jwk)


def test_each_phone_has_an_escrow_key_of_its_own_and_keeps_it(phone):  # noqa: F811
    assert escrow_jwk(phone.id) == escrow_jwk(phone.id) != escrow_jwk(uuid.uuid4())


def test_what_is_no_key_is_refused_and_uses_up_no_code(session, admin, inspector, phone, actor):  # noqa: F811
    code = a_code(session, admin, inspector)
    with pytest.raises(BadDeviceKey):
        give_secret(session, actor=actor, code=code, ephemeral={"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ"})
    assert give_secret(session, actor=actor, code=code, ephemeral=TestPhone().jwk)
