"""The seal of a visit: the chain of its evidence, the manifest of what was submitted, the receipt that anyone can check."""

from collections.abc import Collection, Iterable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from media.canonical import canonical_hash, canonical_json

START = "0" * 64
"""What the first link of a chain follows"""


def link(prev: str, fields: dict[str, Any]) -> str:
    """The hash of one more piece of evidence after ``prev`` (START for the first): SHA-256 of canonical JSON, hex.

    Neither a field nor the order can change later without every hash from there on changing (DOMAIN §7.6).
    Raises NotCanonical: say metres, degrees and seconds as text or as whole units.
    """
    return canonical_hash({"fields": fields, "prev": prev})


def first_break(chain: Iterable[tuple[dict[str, Any], str]], start: str = START) -> int | None:
    """The place, from 0, of the first (fields, hash) that does not follow from those before; None when all do."""
    prev = start
    for place, (fields, told) in enumerate(chain):
        if (prev := link(prev, fields)) != told:
            return place
    return None


def manifest_of(
    *, submission: str, task: str, body: str, photos: list[str], chain: str | None = None
) -> dict[str, Any]:
    """What a receipt vouches for: ids, the SHA-256 of the body's bytes and of every photo, hex; the chain's last hash."""
    told = {"submission": submission, "task": task, "body": body, "photos": sorted(photos)}
    return told if chain is None else {**told, "chain": chain}


def sealed(manifest: dict[str, Any]) -> tuple[bytes, str]:
    """A manifest's canonical JSON and its SHA-256, hex. Raises NotCanonical."""
    return canonical_json(manifest), canonical_hash(manifest)


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
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return False
    return True


def verify_receipt(receipt: dict[str, str], keys: Collection[str], manifest: dict[str, Any] | None = None) -> bool:
    """Does the receipt hold, by one of these public keys (hex), and, where it is at hand, for this very manifest?"""
    if receipt.get("key") not in keys or not receipt_holds(receipt):
        return False
    return manifest is None or receipt["manifest_sha256"] == canonical_hash(manifest)
