"""What people can do with phones: enrol by a shown code, get short-lived tokens by a signature, be revoked at once."""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend import ledger
from backend.accounts.commands import person_within, secret_hash
from backend.accounts.models import Device, DeviceNonce, DeviceToken, Enrolment, Person
from backend.accounts.rules import Actor
from backend.problems import NotFound, Problem
from backend.times import utc_now

CODE_MINUTES = 30
NONCE_MINUTES = 5
TOKEN_MINUTES = 15
KEY_MEMBERS = ("kty", "crv", "x", "y")
"""Of a JWK; whatever else came with it is not kept"""


class EnrolmentRefused(Problem):
    """The code is unknown, used, or too old."""

    status = 403
    zh = ("入网码无效", "入网码不存在、已使用或已过期。请单位管理员重新出示二维码。")
    en = (
        "Enrolment code refused",
        "The code is unknown, used or expired. Ask your administrator to show a new one.",
    )


class BadDeviceKey(Problem):
    """The public key is not an EC P-256 JWK, or the device id is taken by another key."""

    status = 422
    zh = ("设备密钥有误", "设备公钥必须是 P-256 的 JWK，且设备编号未被占用。请重新安装应用后再试。")
    en = (
        "Bad device key",
        "The public key must be a P-256 JWK and the device id unused. Reinstall the app and try again.",
    )


class SignatureRefused(Problem):
    """The nonce is stale or the signature was not made by this phone's key."""

    status = 401
    zh = (
        "设备签名无效",
        "随机数已过期或签名与本机密钥不符。应用会自动重试；若反复出现请重新入网。",
    )
    en = (
        "Device signature refused",
        "The nonce is stale or the key does not match. Retry; enrol again if this persists.",
    )


class StaleToken(Problem):
    """The token has run out or never existed."""

    status = 401
    zh = ("令牌已失效", "访问令牌已过期，请重新获取。未上传的内容仍保存在手机上。")
    en = ("Stale token", "The access token has expired; get a new one. Nothing unsent is lost.")


class DeviceRevoked(Problem):
    """An administrator has taken this phone's access away."""

    status = 401
    zh = ("设备已停用", "本设备已被管理员停用。请联系单位管理员。")
    en = (
        "Device revoked",
        "An administrator has revoked this phone. Contact your unit's administrator.",
    )


def show_enrolment(session: Session, *, actor: Actor, person_id: UUID) -> tuple[str, datetime]:
    """Make a one-time code for a person's phone. Returns the code and when it ends."""
    person = person_within(session, actor, person_id)
    code, ends = secrets.token_urlsafe(15), utc_now() + timedelta(minutes=CODE_MINUTES)
    session.add(
        Enrolment(
            code_hash=secret_hash(code),
            person_id=person.id,
            shown_by=actor.person_id,
            expires_at=ends,
        )
    )
    ledger.record(session, "enrolment.shown", person.id, actor=actor, chain=person.unit.code)
    return code, ends


def enrol_device(session: Session, *, code: str, device_id: UUID, name: str, public_key: dict[str, Any]) -> Device:
    """Enrol a phone with its public key; the same code with the same device and key again gives the same answer.

    Raises EnrolmentRefused, BadDeviceKey.
    """
    enrolment = session.get(Enrolment, secret_hash(code), with_for_update=True)
    if enrolment is None or enrolment.expires_at < utc_now():
        raise EnrolmentRefused
    public_of(public_key)
    key = {member: public_key[member] for member in KEY_MEMBERS}
    device = session.get(Device, device_id)
    if device and device.person_id == enrolment.person_id and device.public_key == key:
        return device
    if enrolment.used_at is not None:
        raise EnrolmentRefused
    if device or _is_of_another(session, key, enrolment.person_id):
        raise BadDeviceKey
    return _enrol(session, enrolment, device_id, name, key)


def _is_of_another(session: Session, key: dict[str, Any], person_id: UUID) -> bool:
    """Is this the key of another person's phone? Public keys are no secret: who told it may not be who has it."""
    others = select(Device.id).where(Device.public_key.contains(key), Device.person_id != person_id)
    return session.scalar(others.limit(1)) is not None


def _enrol(session: Session, enrolment: Enrolment, device_id: UUID, name: str,
           public_key: dict[str, Any]) -> Device:  # fmt: skip
    enrolment.used_at = utc_now()
    device = Device(id=device_id, person_id=enrolment.person_id, name=name[:80], public_key=public_key)
    session.add(device)
    session.flush()
    person = session.get_one(Person, enrolment.person_id)
    ledger.record(session, "device.enrolled", device.id, actor=person.id, chain=person.unit.code)
    return device


def offer_nonce(session: Session, *, device_id: UUID) -> tuple[str, datetime]:
    """A number for the phone to sign. Raises NotFound."""
    if session.get(Device, device_id) is None:
        raise NotFound(what="设备 device", id=str(device_id))
    session.execute(delete(DeviceNonce).where(DeviceNonce.expires_at < utc_now()))
    nonce, ends = secrets.token_urlsafe(24), utc_now() + timedelta(minutes=NONCE_MINUTES)
    session.add(DeviceNonce(nonce=nonce, device_id=device_id, expires_at=ends))
    return nonce, ends


def issue_token(session: Session, *, device_id: UUID, nonce: str, signature: str) -> tuple[str, datetime]:
    """Exchange a signed nonce for a token. Raises SignatureRefused, DeviceRevoked.

    ``signature`` is base64url of the 64 raw bytes over ``fieldlot-token:{device_id}:{nonce}``.
    """
    kept = session.scalar(select(DeviceNonce).where(DeviceNonce.nonce == nonce).with_for_update())
    device = session.get(Device, device_id)
    if kept is None or device is None or kept.device_id != device_id or kept.expires_at < utc_now():
        raise SignatureRefused
    check_signature(device.public_key, f"fieldlot-token:{device_id}:{nonce}".encode(), signature)
    if device.revoked_at or not device.person.active:
        raise DeviceRevoked
    session.delete(kept)
    return _token(session, device_id)


def _token(session: Session, device_id: UUID) -> tuple[str, datetime]:
    session.execute(delete(DeviceToken).where(DeviceToken.expires_at < utc_now() - timedelta(days=1)))
    token, ends = secrets.token_urlsafe(32), utc_now() + timedelta(minutes=TOKEN_MINUTES)
    session.add(DeviceToken(secret_hash=secret_hash(token), device_id=device_id, expires_at=ends))
    return token, ends


def revoke_device(session: Session, *, actor: Actor, device_id: UUID) -> Device:
    """Take a phone's access away at once. Raises NotFound, NotAllowed."""
    device = session.get(Device, device_id)
    if device is None:
        raise NotFound(what="设备 device", id=str(device_id))
    person = person_within(session, actor, device.person_id)
    device.revoked_at = device.revoked_at or utc_now()
    session.execute(delete(DeviceToken).where(DeviceToken.device_id == device_id))
    ledger.record(session, "device.revoked", device.id, actor=actor, chain=person.unit.code)
    return device


def check_signature(public_key: dict[str, Any], message: bytes, signature: str) -> None:
    try:
        raw = _unpadded(signature)
        r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:64])
        der = encode_dss_signature(r, s)
        public_of(public_key).verify(der, message, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError) as wrong:
        raise SignatureRefused from wrong


def public_of(jwk: dict[str, Any]) -> ec.EllipticCurvePublicKey:
    """The P-256 key that a JWK tells. Raises BadDeviceKey."""
    try:
        if (jwk["kty"], jwk["crv"]) != ("EC", "P-256"):
            raise BadDeviceKey
        x, y = (int.from_bytes(_unpadded(jwk[part])) for part in "xy")
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except (KeyError, TypeError, ValueError) as wrong:
        raise BadDeviceKey from wrong


def _unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
