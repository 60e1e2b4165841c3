"""What a revoked phone still held: taken into quarantine piece by piece, never applied, before the phone is emptied."""

import hashlib
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from backend import ledger
from backend.accounts.models import Device
from backend.inspections import evidence
from backend.inspections.aside.models import QuarantinedPiece
from backend.problems import NotFound, Problem
from backend.times import utc_now

KINDS = ("visit", "photo", "arrival")
MOST_BYTES = 500 * 2**20
"""Of one phone"""
LARGEST = 64 * 2**20
"""Bytes of one piece"""


class DeviceNotRevoked(Problem):
    """A phone that may still send has no business in quarantine, and must not be emptied."""

    status = 409
    zh = ("设备未停用", "本设备仍可正常提交，无需移交隔离，也不会被清空。请照常提交。")
    en = ("The phone is not revoked", "This phone may still submit; nothing goes into quarantine and nothing is emptied.")  # fmt: skip


class QuarantineFull(Problem):
    """A revoked phone hands over more than is kept of one phone."""

    status = 507
    zh = ("隔离区已满", "本设备移交的内容超过 {megabytes} MB 上限。手机上的内容保持不变，请联系单位管理员。")
    en = ("The quarantine is full", "This phone hands over more than {megabytes} MB. What is on it stays; tell your unit's administrator.")  # fmt: skip


class QuarantineIncomplete(Problem):
    """The phone counts more pieces than have come: it must not be emptied yet."""

    status = 409
    zh = ("移交尚未完成", "手机报告移交 {told} 件，服务器只收到 {here} 件。请补传后再确认；手机暂不清空。")
    en = ("Not everything has come", "The phone tells of {told} pieces, {here} are here. Send the others first; the phone is not emptied yet.")  # fmt: skip


def digest_of(data: bytes) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(data).hexdigest()


def keep_piece(
    session: Session,
    *,
    device_id: UUID,
    kind: str,
    piece_id: UUID,
    source: BinaryIO,
    size: int,
    sha256: str | None = None,
) -> bool:
    """Keep a piece of a revoked phone's work, as it is; ``sha256`` is what was signed. Returns whether its bytes are new.

    Other bytes under the same id take its place; the ledger still names those of before, and the store holds them.
    Raises NotFound, DeviceNotRevoked, QuarantineFull, DigestDiffers, NoRoom.
    """
    device = _revoked(session, device_id)
    if kind not in KINDS:
        raise NotFound(what="隔离类别 kind of piece", id=kind)
    known = session.get(QuarantinedPiece, (device_id, kind, piece_id))
    if _lying(session, device_id) - (known.size if known else 0) + size > MOST_BYTES:
        raise QuarantineFull(megabytes=MOST_BYTES // 2**20)
    digest = evidence.store().put(source, sha256)
    if known is not None and known.sha256 == digest:
        return False
    row = {"sha256": digest, "size": evidence.store().size(digest), "at": utc_now()}
    piece = upsert(QuarantinedPiece).values(device_id=device_id, kind=kind, id=piece_id, **row)
    session.execute(piece.on_conflict_do_update(index_elements=["device_id", "kind", "id"], set_=row))
    ledger.record(session, "piece.quarantined", piece_id, actor=device.person_id, chain=device.person.unit.code,
                  device=str(device_id), kind=kind, sha256=digest)  # fmt: skip
    return True


def empty_device(session: Session, *, device_id: UUID, count: int) -> int:
    """Let a revoked phone empty itself, once as many pieces are here as it tells of. Returns how many are here.

    Raises NotFound, DeviceNotRevoked, QuarantineIncomplete.
    """
    device = _revoked(session, device_id)
    own = select(func.count()).where(QuarantinedPiece.device_id == device_id)
    here = session.scalar(own) or 0
    if count > here:
        raise QuarantineIncomplete(told=count, here=here)
    ledger.record(
        session, "device.emptied", device_id, actor=device.person_id, chain=device.person.unit.code, pieces=here
    )
    return here


def _revoked(session: Session, device_id: UUID) -> Device:
    device = session.get(Device, device_id, with_for_update=True)
    if device is None:
        raise NotFound(what="设备 device", id=str(device_id))
    if device.revoked_at is None and device.person.active:
        raise DeviceNotRevoked
    return device


def _lying(session: Session, device_id: UUID) -> int:
    own = select(func.sum(QuarantinedPiece.size)).where(QuarantinedPiece.device_id == device_id)
    return int(session.scalar(own) or 0)
