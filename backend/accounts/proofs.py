"""Proofs of possession: a request signed by a phone's own key, in the manner of DPoP (RFC 9449).

A proof is a compact JWS (ES256, ``typ`` ``dpop+jwt``, ``jwk`` the phone's key) with the claims ``jti``, ``htm``, ``htu``,
``nonce``, ``ath`` (the SHA-256 of the token that goes with it) and our own ``bsh``, the SHA-256 of the body, both base64url.
``iat`` is not judged: a wrong clock locks nobody out; that a proof is fresh is what the server's nonce shows. Nonces are
stateless, so any server knows those of another.
"""

import base64
import hmac
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import keys, rates
from backend.accounts.models import Device
from backend.accounts.phones import SignatureRefused, check_signature
from backend.accounts.queries import device_of_token
from backend.problems import Problem
from backend.times import utc_now

WINDOW_S = 60
WINDOWS = 5
"""A nonce is good for four to five minutes"""


class UseDpopNonce(Problem):
    """The proof bears no nonce of this server, or an old one; the answer's ``DPoP-Nonce`` has a fresh one."""

    status = 401
    zh = ("请使用新的随机数", "请用应答头 DPoP-Nonce 中的随机数重新签名后再发一次。内容没有丢失。")
    en = ("Use a fresh nonce", "Sign again with the nonce of the answer's DPoP-Nonce header. Nothing is lost.")


class BadProof(Problem):
    """A proof that does not fit the request; ``why`` names the claim."""

    status = 401
    zh = ("签名证明无效", "请求的签名与内容不符（{why}）。请检查方法、地址和内容后重新签名。")
    en = ("Bad proof", "The proof does not fit the request ({why}). Check method, address and body, and sign again.")


class ReplayedRequest(Problem):
    """A proof that was used before."""

    status = 401
    zh = ("重复的请求", "这个签名已经用过一次。请以新的 jti 重新签名。")
    en = ("A replayed request", "This proof was used before. Sign again with a new jti.")


class DeviceUnknown(Problem):
    """No phone with this key was ever enrolled; a phone that is told so keeps everything."""

    status = 404
    zh = ("设备未入网", "服务器不认识本设备的密钥。手机上的内容保持不变，请联系单位管理员。")
    en = ("Unknown phone", "No phone with this key was enrolled. What is on it stays; tell your unit's administrator.")


@dataclass(frozen=True)
class Proven:
    """The phone behind a request, and what the body's SHA-256 must be (hex), where one was signed."""

    device: Device
    body_sha256: str | None


def fresh_nonce() -> str:
    """A nonce that phones may sign for some minutes, on any server of this instance."""
    return _nonce(int(utc_now().timestamp()) // WINDOW_S)


def prove(session: Session, proof: str, *, method: str, url: str) -> Proven:
    """The phone that signed this proof for this request, which may be revoked; the caller compares the body.

    Raises UseDpopNonce, BadProof, ReplayedRequest, DeviceUnknown.
    """
    read = _read(proof)
    return _proven(_device_with(session, read.key), read, method, url)


def prove_token(session: Session, proof: str, *, token: str, method: str, url: str) -> Proven:
    """The phone that was given this token and signed this proof for this request; the caller compares the body.

    Raises StaleToken, UseDpopNonce, BadProof, ReplayedRequest.
    """
    device = device_of_token(session, token)
    read = _read(proof)
    if not read.key.items() <= device.public_key.items():
        raise BadProof(why="jwk")
    if _hex("ath", read.claims.get("ath")) != sha256(token.encode()).hexdigest():
        raise BadProof(why="ath")
    return _proven(device, read, method, url)


@dataclass(frozen=True)
class _Read:
    """A proof taken apart."""

    signed: bytes
    signature: str
    key: dict[str, str]
    claims: dict[str, Any]


def _read(proof: str) -> _Read:
    signed, _, signature = proof.rpartition(".")
    try:
        head, claims = (json.loads(_unpadded(part)) for part in signed.split("."))
        key = {name: str(head["jwk"][name]) for name in ("kty", "crv", "x", "y")}
        if (head["typ"], head["alg"]) == ("dpop+jwt", "ES256") and isinstance(claims, dict):
            return _Read(signed.encode(), signature, key, claims)
    except (ValueError, TypeError, KeyError, RecursionError) as wrong:
        raise BadProof(why="JWS") from wrong
    raise BadProof(why="typ, alg")


def _proven(device: Device, read: _Read, method: str, url: str) -> Proven:
    try:
        check_signature(device.public_key, read.signed, read.signature)
    except SignatureRefused as wrong:
        raise BadProof(why="signature") from wrong
    _must_fit(read.claims, method, url)
    if not rates.first_time(f"jti:{device.id}:{read.claims['jti']}", WINDOW_S * WINDOWS):
        raise ReplayedRequest
    return Proven(device, _hex("bsh", read.claims.get("bsh")))


def _device_with(session: Session, key: dict[str, str]) -> Device:
    """The phone with this key, which may be revoked."""
    found = session.scalars(
        select(Device).where(Device.public_key.contains(key)).order_by(Device.enrolled_at.desc()).limit(1)
    ).first()
    if found is None:
        raise DeviceUnknown
    return found


def _must_fit(claims: dict[str, Any], method: str, url: str) -> None:
    if claims.get("htm") != method:
        raise BadProof(why="htm")
    if not _same_address(claims.get("htu"), url):
        raise BadProof(why="htu")
    if not _is_text(claims.get("jti")) or not 8 <= len(claims["jti"]) <= 200:
        raise BadProof(why="jti")
    if not _is_good_nonce(claims.get("nonce")):
        raise UseDpopNonce


def _is_text(claim: Any) -> bool:
    """ASCII: JSON can tell half a character, which no key of Redis and no digest takes."""
    return isinstance(claim, str) and claim.isascii()


def _is_good_nonce(claim: Any) -> bool:
    now = int(utc_now().timestamp()) // WINDOW_S
    good = (_nonce(now - age) for age in range(WINDOWS))
    return _is_text(claim) and any(hmac.compare_digest(nonce, claim) for nonce in good)


def _same_address(claim: Any, url: str) -> bool:
    try:
        return _is_text(claim) and _address(claim) == _address(url)
    except ValueError:  # what urlsplit says of http://[
        return False


def _address(url: str) -> tuple[str, str]:
    """Host and path: schemes differ behind a reverse proxy, and a query says nothing of what is done."""
    parts = urlsplit(url)
    return parts.netloc, parts.path


def _nonce(window: int) -> str:
    digest = hmac.new(keys.secret("instance"), f"dpop-nonce:{window}".encode(), sha256).digest()
    return base64.urlsafe_b64encode(digest[:18]).decode()


def _hex(claim: str, digest: Any) -> str | None:
    """A base64url SHA-256 as hex. Raises BadProof."""
    if digest is None:
        return None
    try:
        raw = _unpadded(digest)
    except (ValueError, TypeError) as wrong:
        raise BadProof(why=claim) from wrong
    if len(raw) != 32:
        raise BadProof(why=claim)
    return raw.hex()


def _unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
