"""The upload door: tus 1.0.0 (core, creation, creation-with-upload, checksum, termination, expiration) over media's uploads.

Any stock tus client works. An upload is named by the evidence id that the phone made, so announcing it again finds it.
"""

import base64
import binascii
from datetime import UTC, datetime
from email.utils import format_datetime
from math import isfinite
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import ClientDisconnected

from backend.accounts.rules import anyone, can_inspect
from backend.accounts.tickets import Ticket
from backend.inspections import visits
from backend.inspections.evidence import KEPT_DAYS, LARGEST, store, uploads
from backend.problems import BadInput, NotFound, Problem
from backend.replies import explain
from backend.web import allows
from media import faults
from media.uploads import ALGORITHMS, Upload

VERSION = "1.0.0"
LARGEST_OFFSET_MS = 2**31 - 1
"""Twenty-four days: a clock that is further off is off all the same"""
PURPOSES = ("signature",)
LONGEST_ITEM = 6
LONGEST_MIME = 100
LONGEST_NUMBER = 15
"""Digits of a length or an offset: a thousand terabytes"""
NEEDED = ("sha256", "evidence_id", "task_id")
STEP = 64 * 1024
"""Bytes read at once: what a killed process had read is on the disk but for less than this"""
blp = Blueprint("uploads", __name__, url_prefix="/v1/uploads")


class UploadRefused(Problem):
    """A fault of the upload itself, with the status that tus gives it."""

    zh = ("上传未被接受", "{zh_why}")
    en = ("The upload was refused", "{en_why}")

    def __init__(self, status: int, zh_why: str, en_why: str, **facts: Any) -> None:
        super().__init__(zh_why=zh_why, en_why=en_why, **facts)
        self.status = status  # type: ignore[misc]


TOLD: dict[type[faults.MediaFault], tuple[int, str, str]] = {
    faults.NoSuchUpload: (404, "没有这个上传，或已过期；请重新创建。", "There is no such upload, or it expired; create it again."),
    faults.OffsetMoved: (409, "偏移量不符，请先查询当前偏移量。", "The offset has moved; ask for the present one first."),
    faults.TooMuch: (413, "内容超过声明的长度或上限。", "More bytes than announced or allowed."),
    faults.ChecksumDiffers: (460, "校验和不符，本段未保存，请重传。", "The checksum differs; this piece was not kept, send it again."),
    faults.UnknownChecksum: (400, "不支持该校验算法。", "This checksum algorithm is not offered."),
    faults.BadAnnouncement: (400, "上传声明有误：长度、编号或 SHA-256 不合规。", "The announced length, id or SHA-256 makes no sense."),
    faults.AnotherUpload: (409, "该证据编号已用于不同内容。", "This evidence id was announced with other bytes."),
    faults.Finished: (403, "已完成的证据不能删除。", "Finished evidence cannot be removed."),
    faults.AllowanceSpent: (507, "未传完的文件已达上限，请先传完一些；内容仍在手机上。", "Your unfinished uploads fill your quota; finish some first."),
    faults.NoRoom: (507, "服务器存储空间不足，内容仍在手机上，稍后重试。", "The server is out of room; keep it and try later."),
}  # fmt: skip


class Body:
    """The request's body, in which a broken connection is an OSError like any other."""

    def read(self, size: int) -> bytes:
        """The next bytes, empty at the end."""
        try:
            return request.stream.read(min(size, STEP))
        except ClientDisconnected as gone:
            raise ConnectionError("the client went away") from gone


@blp.errorhandler(faults.MediaFault)
def explain_fault(fault: faults.MediaFault) -> Any:
    """A fault of the library as a problem of this door."""
    status, zh, en = TOLD[type(fault)]
    return explain(UploadRefused(status, zh, en, **fault.facts))


@blp.after_request
def speak_tus(response: Response) -> Response:
    """Every answer names the protocol's version."""
    response.headers["Tus-Resumable"] = VERSION
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@blp.route("", methods=["OPTIONS"])
@allows(anyone)
def offers() -> Response:
    """What this server can do"""
    response = Response(status=204)
    response.headers.update(
        {"Tus-Version": VERSION, "Tus-Max-Size": str(LARGEST), "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
         "Tus-Extension": "creation,creation-with-upload,checksum,termination,expiration"}
    )  # fmt: skip
    return response


@blp.post("")
@allows(can_inspect)
def create() -> Response:
    """Announce an upload; the same evidence announced again finds the one that is there"""
    _refuse_other_version()
    facts = _metadata()
    length = _whole_number("Upload-Length")
    visits.own_task(g.session, g.actor, UUID(facts["task_id"]))
    _refuse_beyond_ticket(facts, length)
    facts["person"] = str(g.actor.person_id)
    upload = uploads().create(
        facts["evidence_id"], length=length, sha256=facts["sha256"], facts=facts, owner=facts["person"]
    )
    _refuse_others(upload)
    if request.content_type == "application/offset+octet-stream" and upload.offset == 0 and length:
        upload = uploads().append(upload.id, 0, Body(), _checksum())  # type: ignore[arg-type]
    _keep_when_whole(upload)
    response = _standing(upload, 201)
    response.headers["Location"] = f"{request.script_root}/v1/uploads/{upload.id}"
    return response


@blp.route("/<uuid:upload_id>", methods=["HEAD"])
@allows(can_inspect)
def standing(upload_id: UUID) -> Response:
    """How far an upload has come"""
    upload = _own(upload_id)
    _keep_when_whole(upload)
    response = _standing(upload, 200)
    response.headers["Upload-Length"] = str(upload.length)
    return response


@blp.patch("/<uuid:upload_id>")
@allows(can_inspect)
def append(upload_id: UUID) -> Response:
    """Add a piece at the present offset"""
    _refuse_other_version()
    if request.content_type != "application/offset+octet-stream":
        raise UploadRefused(
            415, "内容类型须为 application/offset+octet-stream。", "Send application/offset+octet-stream."
        )
    upload = _own(upload_id)
    if not upload.whole:
        upload = uploads().append(upload.id, _whole_number("Upload-Offset"), Body(), _checksum())  # type: ignore[arg-type]
    elif _whole_number("Upload-Offset") != upload.length:
        raise faults.OffsetMoved(offset=upload.offset)
    _keep_when_whole(upload)
    return _standing(upload, 204)


@blp.delete("/<uuid:upload_id>")
@allows(can_inspect)
def remove(upload_id: UUID) -> Response:
    """Give an unfinished upload up"""
    _refuse_other_version()
    uploads().remove(_own(upload_id).id)
    return Response(status=204)


def _keep_when_whole(upload: Upload) -> None:
    """Put whole bytes into the store and note the evidence: safe to repeat after any interruption."""
    if not upload.whole or visits.has_evidence(g.session, UUID(upload.facts["evidence_id"])):
        return
    with uploads().open(upload.id) as data:
        digest = store().put(data)
    facts = upload.facts
    visits.attach_evidence(
        g.session, actor=g.actor, task_id=UUID(facts["task_id"]), evidence_id=UUID(facts["evidence_id"]),
        item=_item(facts), sha256=digest, size=upload.length, mime=_mime(facts), whole=digest == upload.sha256,
        fix=_fix(facts), purpose=facts["purpose"] if facts.get("purpose") in PURPOSES else None,
    )  # fmt: skip


def _item(facts: dict[str, str]) -> int | None:
    """The check that a photo is of; what is no such number is none."""
    told = facts.get("item", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < LONGEST_ITEM else None


def _mime(facts: dict[str, str]) -> str:
    """What the phone takes the file for, until its bytes are looked at."""
    return "".join(filter(str.isprintable, facts.get("filetype", "")))[:LONGEST_MIME]


def _fix(facts: dict[str, str]) -> visits.FixInfo | None:
    """When and where, as the phone says; nonsense says nothing, and the photo is kept all the same."""
    try:
        taken = datetime.fromisoformat(facts["taken_at"]).astimezone(UTC)
        fixed = datetime.fromisoformat(facts["fixed_at"]).astimezone(UTC) if facts.get("fixed_at") else None
        lon, lat, accuracy = (_decimal(facts.get(name)) for name in ("lon", "lat", "accuracy"))
        offset = int(facts.get("clock_offset_ms") or 0)
    except (KeyError, ValueError, OverflowError):
        return None
    return visits.FixInfo(taken, lon, lat, accuracy, max(-LARGEST_OFFSET_MS, min(offset, LARGEST_OFFSET_MS)), fixed)


def _decimal(text: str | None) -> float | None:
    number = float(text) if text else None
    return number if number is not None and isfinite(number) else None


def _refuse_beyond_ticket(facts: dict[str, str], length: int) -> None:
    """A ticket lets in what it was given for, and nothing else."""
    asked = Ticket(
        g.ticket.device_id, facts["evidence_id"], str(UUID(facts["task_id"])), facts["sha256"].lower(), length
    )
    if g.ticket != asked:
        raise UploadRefused(403, "上传凭证是为另一个文件签发的。", "The ticket was given for another file.")


def _own(upload_id: UUID) -> Upload:
    if str(upload_id) != g.ticket.evidence_id:
        raise NotFound(what="上传 upload", id=str(upload_id))
    upload = uploads().get(str(upload_id))
    _refuse_others(upload)
    return upload


def _refuse_others(upload: Upload) -> None:
    """Another person's upload does not exist for this phone."""
    if upload.facts.get("person") != str(g.actor.person_id):
        raise NotFound(what="上传 upload", id=upload.id)


def _standing(upload: Upload, status: int) -> Response:
    response = Response(status=status)
    response.headers["Upload-Offset"] = str(upload.offset)
    if not upload.whole:
        ends = datetime.fromtimestamp(upload.created + KEPT_DAYS * 86400, UTC)
        response.headers["Upload-Expires"] = format_datetime(ends, usegmt=True)
    return response


def _refuse_other_version() -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise UploadRefused(412, f"需要 Tus-Resumable: {VERSION}。", f"Tus-Resumable: {VERSION} is needed.")


def _whole_number(header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise BadInput({header: ["须为非负整数 / a whole number is needed"]})
    return int(text)


def _checksum() -> tuple[str, bytes] | None:
    given = request.headers.get("Upload-Checksum")
    if not given:
        return None
    algorithm, _, value = given.partition(" ")
    try:
        return algorithm, base64.b64decode(value, validate=True)
    except binascii.Error as wrong:
        raise BadInput({"Upload-Checksum": ["算法与 base64 / algorithm and base64"]}) from wrong


def _metadata() -> dict[str, str]:
    """Upload-Metadata: keys with base64 values. Raises BadInput when what every photo needs is missing."""
    facts = {}
    try:
        for pair in filter(None, request.headers.get("Upload-Metadata", "").split(",")):
            key, _, value = pair.strip().partition(" ")
            facts[key] = base64.b64decode(value, validate=True).decode()
        UUID(facts["task_id"])
        facts["evidence_id"] = str(UUID(facts["evidence_id"]))
        if len(facts["sha256"]) != 64 or int(facts["sha256"], 16) < 0:
            raise ValueError(facts["sha256"])
    except (binascii.Error, ValueError, KeyError) as wrong:
        needed = ", ".join(NEEDED)
        raise BadInput({"Upload-Metadata": [f"须含 {needed} / {needed} are needed"]}) from wrong
    return facts
