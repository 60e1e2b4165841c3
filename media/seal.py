"""The seal of a visit: the manifest of what was submitted, and the signed receipt that anyone can check later."""

from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from media.canonical import canonical_hash, canonical_json


def manifest_of(*, submission: str, task: str, body: str, photos: list[str]) -> dict[str, Any]:
    """What a receipt vouches for: ids, the SHA-256 of the body's bytes and of every photo, hex."""
    return {"submission": submission, "task": task, "body": body, "photos": sorted(photos)}


def sign_receipt(
    key: Ed25519PrivateKey, *, submission: str, task: str, manifest: dict[str, Any], received_at: str
) -> dict[str, str]:
    """A receipt {submission, task, manifest_sha256, received_at, key, signature}; hex where bytes are meant."""
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    told = {
        "submission": submission,
        "task": task,
        "manifest_sha256": canonical_hash(manifest),
        "received_at": received_at,
        "key": public,
    }
    return {**told, "signature": key.sign(canonical_json(told)).hex()}


def receipt_holds(receipt: dict[str, str]) -> bool:
    """Was this receipt signed by the key that it names? Whose key that is, is for the reader to compare."""
    told = {name: value for name, value in receipt.items() if name != "signature"}
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(receipt["key"]))
        key.verify(bytes.fromhex(receipt["signature"]), canonical_json(told))
    except (InvalidSignature, KeyError, ValueError):
        return False
    return True
