"""A forgotten PIN: the server's half of the second way into a phone's own store, given once for a code shown to the same person.

The phone draws an ephemeral P-256 key, agrees on a secret with its *escrow key* (ECDH, HKDF-SHA-256), wraps its data key by that
secret and forgets it. Only the escrow key's private half finds the secret again, and it never leaves the server: it is derived
from the instance key for each phone anew, so that nothing is kept. What the server knows opens nothing without the phone, for
the wrapping also needs a key that the phone cannot give out. Decision 15.
"""

import base64
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session

from backend import keys, ledger
from backend.accounts.commands import secret_hash
from backend.accounts.models import Device, Enrolment, Person
from backend.accounts.phones import EnrolmentRefused, public_of
from backend.accounts.rules import Actor
from backend.times import utc_now

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256 (FIPS 186-4, D.1.2.3)"""


def escrow_jwk(device_id: UUID) -> dict[str, str]:
    """The public half of a phone's escrow key, a JWK with kty, crv, x and y."""
    numbers = _escrow_key(device_id).public_key().public_numbers()
    x, y = (base64.urlsafe_b64encode(n.to_bytes(32)).rstrip(b"=").decode() for n in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def give_secret(session: Session, *, actor: Actor, code: str, ephemeral: dict[str, Any]) -> str:
    """The 32 bytes (base64url) that open what a phone wrapped with ``ephemeral``; uses up a code shown for the phone's person.

    Raises EnrolmentRefused, BadDeviceKey.
    """
    device = session.get_one(Device, actor.device_id)
    enrolment = session.get(Enrolment, secret_hash(code), with_for_update=True)
    if enrolment is None or enrolment.used_at or enrolment.expires_at < utc_now():
        raise EnrolmentRefused
    if enrolment.person_id != device.person_id:
        raise EnrolmentRefused
    secret = _agreed(device.id, public_of(ephemeral))
    enrolment.used_at = utc_now()
    person = session.get_one(Person, device.person_id)
    ledger.record(session, "pin.reset", device.id, actor=actor, chain=person.unit.code)
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode()


def _agreed(device_id: UUID, ephemeral: ec.EllipticCurvePublicKey) -> bytes:
    shared = _escrow_key(device_id).exchange(ec.ECDH(), ephemeral)
    return _derived(shared, f"fieldlot-key-share:{device_id}", 32)


def _escrow_key(device_id: UUID) -> ec.EllipticCurvePrivateKey:
    """48 bytes modulo the order: as even as FIPS 186-4, B.4.1 asks."""
    wide = int.from_bytes(_derived(keys.secret("instance"), f"fieldlot-escrow:{device_id}", 48))
    return ec.derive_private_key(wide % (ORDER - 1) + 1, ec.SECP256R1())


def _derived(secret: bytes, purpose: str, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=purpose.encode()).derive(secret)
