"""Checking a receipt as anybody may: is it the authority's word, and is it still the word that was given? No personal data."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import keys
from backend.draws.ceremonies import salt_of_visited
from backend.inspections.models import Receipt, Submission
from backend.tours.models import Task
from media.canonical import canonical_hash
from media.seal import verify_receipt

SHORT = {"id": "submission", "t": "task", "m": "manifest_sha256", "at": "received_at", "s": "signature"}
"""The names of a receipt's members in the link that its QR code holds; hashes stand there as base64url"""
MEMBERS = ("submission", "task", "manifest_sha256", "received_at", "key", "signature")
HEX = ("manifest_sha256", "signature", "key")
LONGEST = 200
Verdict = Literal["genuine", "on_record", "not_on_record", "altered", "forged", "unknown", "damaged"]


@dataclass(frozen=True)
class ReceiptCheck:
    """What is to be said of a receipt; ``differs`` names the members that are not as they were given.

    genuine: signed by this authority and the same as on record. on_record: asked by number alone, what is kept holds.
    not_on_record: signed by this authority, but the record is not here. altered: the number is known, other members are
    not those of record. forged: neither signature nor number are known. unknown: no such number. damaged: what is kept
    does not hold itself.
    """

    verdict: Verdict
    differs: list[str] = field(default_factory=list)
    receipt: dict[str, str] | None = None
    """The receipt on record, or, where there is none, the genuine one that was shown"""
    manifest: dict[str, Any] | None = None
    version: int | None = None
    versions: int | None = None
    """How many versions of this record came; a correction is a new one with its own receipt"""

    @property
    def photos(self) -> int:
        """How many photos the receipt vouches for."""
        return len(self.manifest["photos"]) if self.manifest else 0

    @property
    def good(self) -> bool:
        """May one rely on it?"""
        return self.verdict in ("genuine", "on_record")


def shown_receipt(given: Mapping[str, str]) -> dict[str, str]:
    """The members of a receipt among what was given by link or form, hashes as hex; what is too long is cut."""
    full = {SHORT.get(name, name): value.strip()[:LONGEST] for name, value in given.items() if value and value.strip()}
    return {name: _hex(full[name]) if name in HEX else full[name] for name in MEMBERS if name in full}


def check_receipt(session: Session, shown: Mapping[str, str]) -> ReceiptCheck:
    """Check the members of a receipt, or look one up where only ``submission`` is given."""
    kept = _kept(session, shown.get("submission", ""))
    only_number = not set(shown) - {"submission"}
    if kept is None:
        return _of_none(shown, only_number=only_number)
    submission, receipt = kept
    told = _told(receipt)
    facts: dict[str, Any] = {"receipt": told, "manifest": receipt.manifest, "version": submission.version,
             "versions": _versions(session, submission.task_id)}  # fmt: skip
    if (
        not verify_receipt(told, keys.trusted_hex("receipt"))
        or canonical_hash(receipt.manifest) != told["manifest_sha256"]
    ):
        return ReceiptCheck("damaged", **facts)
    differs = [name for name in MEMBERS if name in shown and shown[name] != told[name]]
    if differs:
        return ReceiptCheck("altered", differs, **facts)
    return ReceiptCheck("on_record" if "signature" not in shown else "genuine", **facts)


def why_visited(session: Session, check: ReceiptCheck) -> str | None:
    """The path of the page that shows a party that a lot drew it and nobody chose it; for who shows the whole genuine receipt alone."""
    if check.verdict != "genuine" or check.receipt is None:
        return None
    task = session.get_one(Task, UUID(check.receipt["task"]))
    salt = salt_of_visited(session, task.round_id, task.entity_id) if task.round_id else None
    return salt.path if salt else None


def _of_none(shown: Mapping[str, str], *, only_number: bool) -> ReceiptCheck:
    if only_number:
        return ReceiptCheck("unknown")
    trusted = keys.trusted_hex("receipt")
    for key in [shown["key"]] if "key" in shown else sorted(trusted):
        whole = {**shown, "key": key}
        if set(whole) == set(MEMBERS) and verify_receipt(whole, trusted):
            return ReceiptCheck("not_on_record", receipt=whole)
    return ReceiptCheck("forged")


def _kept(session: Session, number: str) -> tuple[Submission, Receipt] | None:
    try:
        id_ = UUID(number)
    except ValueError:
        return None
    query = select(Submission, Receipt).join(Receipt, Receipt.submission_id == Submission.id)
    found = session.execute(query.where(Submission.id == id_)).first()
    return (found[0], found[1]) if found else None


def _told(kept: Receipt) -> dict[str, str]:
    names = ("manifest_sha256", "received_at", "key", "signature")
    ids = {"submission": str(kept.submission_id), "task": kept.manifest["task"]}
    return {**ids, **{name: getattr(kept, name) for name in names}}


def _versions(session: Session, task_id: UUID) -> int:
    return session.scalar(select(func.count()).where(Submission.task_id == task_id)) or 0


def _hex(text: str) -> str:
    """A hash as lower-case hex, however it was written; what is no hash stays as it is and will not hold."""
    if all(c in "0123456789abcdefABCDEF" for c in text) and len(text) in (64, 128):
        return text.lower()
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).hex()
    except (binascii.Error, ValueError):
        return text


def receipt_query(receipt: Mapping[str, str]) -> dict[str, str]:
    """The short members of a receipt for its link, as ``shown_receipt`` reads them; the key is this authority's own."""
    told = {short: receipt[name] for short, name in SHORT.items()}
    return {**told, **{short: _base64(told[short]) for short in ("m", "s")}}


def _base64(hexed: str) -> str:
    return base64.urlsafe_b64encode(bytes.fromhex(hexed)).rstrip(b"=").decode()
