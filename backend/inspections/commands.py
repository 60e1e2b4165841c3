"""Taking submissions: each exactly once, whole or not at all, with a signed receipt.

Ids are minted on the phone; the same id with the same bytes gives the same answer again, other bytes are refused.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from media.seal import manifest_of, sign_receipt
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import keys, ledger
from backend.accounts.rules import Actor
from backend.inspections.models import (
    Evidence,
    EvidenceState,
    Finding,
    Receipt,
    Submission,
    SubmissionPhoto,
    SubmissionState,
)
from backend.inspections.rules import Answer, faults_of, judge
from backend.inspections.visits import own_task
from backend.problems import Conflict, Problem
from backend.times import stamp, utc_now
from backend.tours.commands import advance_task
from backend.tours.models import Task, TaskState

OPEN = (TaskState.ASSIGNED, TaskState.ON_SITE, TaskState.RETURNED)


class SubmissionDiffers(Problem):
    """This id came before with other content."""

    status = 409
    zh = ("提交内容不一致", "编号 {id} 已提交过不同的内容。请以新编号重新提交；原内容已保留。")
    en = (
        "The submission differs",
        "{id} was submitted before with other content. Submit under a new id; the first is kept.",
    )


class PhotosMissing(Problem):
    """Photos come first; these have not arrived whole yet."""

    status = 422
    zh = ("照片尚未传完", "还有 {count} 张照片没有完整到达，传完后会自动重新提交。")
    en = (
        "Photos are missing",
        "{count} photos have not arrived whole yet; the submission goes through once they have.",
    )


class SubmissionIncomplete(Problem):
    """Answers, photos or signatures that the checklist asks for are missing."""

    status = 422
    zh = ("检查记录不完整", "还有 {count} 处需要补充：{places}")
    en = ("The record is incomplete", "{count} places need attention: {places}")


def accept_submission(
    session: Session, *, actor: Actor, submission_id: UUID, body: dict[str, Any], body_sha256: str
) -> tuple[Submission, bool]:
    """Take a team's submission and give its receipt. Returns it and whether it is new.

    Raises NotFound, Conflict, SubmissionDiffers, PhotosMissing, SubmissionIncomplete.
    """
    task = own_task(session, actor, body["task_id"], lock=True)
    if (known := session.get(Submission, submission_id)) is not None:
        if known.body_sha256 != body_sha256 or known.task_id != task.id:
            raise SubmissionDiffers(id=str(submission_id))
        return known, False
    if task.state not in OPEN:
        raise Conflict(what="任务 task", state=task.state.value)
    photos = _arrived_photos(session, task, body["photos"])
    _refuse_incomplete(task, body)
    submission = _kept(session, actor, task, submission_id, body, body_sha256, photos)
    advance_task(session, task, TaskState.SUBMITTED)
    ledger.record(session, "submission.accepted", submission.id, actor=actor, chain=actor.unit_code, task=str(task.id))
    return submission, True


def _arrived_photos(session: Session, task: Task, photos: list[dict[str, Any]]) -> list[Evidence]:
    wanted = {photo["sha256"] for photo in photos}
    arrived = session.scalars(
        select(Evidence).where(
            Evidence.task_id == task.id, Evidence.sha256.in_(wanted), Evidence.state != EvidenceState.QUARANTINED
        )
    ).all()
    missing = sorted(wanted - {evidence.sha256 for evidence in arrived})
    if missing:
        raise PhotosMissing(count=len(missing), missing=missing)
    return list(arrived)


def _refuse_incomplete(task: Task, body: dict[str, Any]) -> None:
    with_photo = [photo["item"] or 0 for photo in body["photos"]]
    faults = faults_of(task.checklist.body, body["answers"], with_photo, body.get("result_code"))
    if not body["signatures"] and not body.get("refusal"):
        faults.append({"item": None, "code": "signatures"})
    if faults:
        places = ", ".join(f"{fault['item'] or '-'}: {fault['code']}" for fault in faults[:12])
        raise SubmissionIncomplete(count=len(faults), places=places, faults=faults)


def _kept(
    session: Session, actor: Actor, task: Task, submission_id: UUID, body: dict[str, Any], body_sha256: str,
    photos: list[Evidence],
) -> Submission:  # fmt: skip
    keyed = {item["no"]: item["key"] for item in task.checklist.body["items"]}
    answers = [Answer(a["item"], a["value"], keyed.get(a["item"], False), a.get("remark", "")) for a in body["answers"]]
    found = judge(answers, task.checklist.body["conclusion"], body.get("result_code"))
    version = session.scalar(select(func.count()).where(Submission.task_id == task.id)) or 0
    submission = Submission(
        id=submission_id, task_id=task.id, version=version + 1, state=SubmissionState.UNDER_REVIEW,
        body=_plain(body), body_sha256=body_sha256, device_id=actor.device_id, officer_id=actor.person_id,
        started_at=body["started_at"], finished_at=body["finished_at"], conclusion=found.conclusion,
        result_code=found.result_code, district=task.district,
    )  # fmt: skip
    session.add(submission)
    session.flush()
    session.add_all(
        Finding(submission_id=submission.id, item=a.item, answer=a.value, key=a.key, remark=a.remark) for a in answers
    )
    items = {photo["sha256"]: (photo["item"], photo["seq"]) for photo in body["photos"]}
    session.add_all(
        SubmissionPhoto(submission_id=submission.id, evidence_id=e.id, item=items[e.sha256][0], seq=items[e.sha256][1])
        for e in photos
    )
    submission.receipt = _receipt(submission, photos)
    session.flush()
    return submission


def _receipt(submission: Submission, photos: list[Evidence]) -> Receipt:
    manifest = manifest_of(
        submission=str(submission.id),
        task=str(submission.task_id),
        body=submission.body_sha256,
        photos=sorted(evidence.sha256 for evidence in photos),
    )
    received = stamp(utc_now())
    signed = sign_receipt(keys.signer("receipt"), submission=str(submission.id), task=str(submission.task_id),
                          manifest=manifest, received_at=received)  # fmt: skip
    return Receipt(
        submission_id=submission.id, manifest=manifest, manifest_sha256=signed["manifest_sha256"], received_at=received,
        key=signed["key"], signature=signed["signature"],
    )  # fmt: skip


def _plain(value: Any) -> Any:
    """A body as JSON keeps it: ids and times as texts."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
