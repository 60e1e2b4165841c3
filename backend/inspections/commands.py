"""Taking submissions: each exactly once, whole or not at all, with a signed receipt.

Ids are minted on the phone; the same id with the same bytes gives the same answer again, other bytes are refused.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from backend import keys, ledger
from backend.accounts.rules import Actor
from backend.db import insert_rows
from backend.inspections import forms, rules
from backend.inspections.chains import Piece, facts_of, linked
from backend.inspections.corrections import changes_of, replaced_version
from backend.inspections.models import (
    Evidence,
    EvidenceState,
    Finding,
    Receipt,
    Submission,
    SubmissionPhoto,
    SubmissionState,
)
from backend.inspections.shares import Officer, refuse_but_leader, team_of
from backend.inspections.visits import own_task
from backend.problems import Problem
from backend.registry.checklists import body_of
from backend.times import stamp, utc_now
from backend.tours.commands import advance_task
from backend.tours.models import Task, TaskState
from media.seal import manifest_of, sign_receipt

OPEN = (TaskState.ASSIGNED, TaskState.ON_SITE, TaskState.RETURNED)


class SubmissionDiffers(Problem):
    """This id came before with other content."""

    status = 409
    zh = ("提交内容不一致", "编号 {id} 已提交过不同的内容。请以新编号重新提交；原内容已保留。")
    en = (
        "The submission differs",
        "{id} was submitted before with other content. Submit under a new id; the first is kept.",
    )


class TaskClosed(Problem):
    """Another record of this task came first, or the task was cancelled."""

    status = 409
    zh = ("任务不再接收记录", "这项任务已有提交的记录，或已撤销。本机的记录会保留；如需采用，请联系单位负责人。")
    en = (
        "The task takes no more records",
        "A record of it was submitted already, or it was cancelled. Yours stays on the phone; ask the head of your unit.",
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

    Raises NotFound, LeaderSubmits, TaskClosed, SubmissionDiffers, ChecklistChanged, PhotosMissing, SubmissionIncomplete.
    """
    task = own_task(session, actor, body["task_id"], lock=True)
    earlier = _earlier(session, task, submission_id)
    if (known := next((one for one in earlier if one.id == submission_id), None)) is not None:
        if known.body_sha256 != body_sha256 or known.task_id != task.id:
            raise SubmissionDiffers(id=str(submission_id))
        return known, False
    team = team_of(session, task)
    refuse_but_leader(actor, team)
    if task.state not in OPEN:
        raise TaskClosed(state=task.state.value)
    task.checklist = forms.judging_checklist(session, task, body)
    photos = _arrived_photos(session, task, body["photos"])
    judged = forms.judged(body_of(task.checklist), body)
    _refuse_incomplete(judged, team)
    submission = _new(actor, task, submission_id, judged, body_sha256, replaced_version(earlier, body.get("replaces")))
    _keep(session, submission, judged, photos)
    ledger.record(session, "submission.accepted", submission.id, actor=actor, chain=actor.unit_code, task=str(task.id),
                  **_correction(session, submission))  # fmt: skip
    return submission, True


def _earlier(session: Session, task: Task, submission_id: UUID) -> Sequence[Submission]:
    """What was submitted of the task before, and what has this id, if only under another task."""
    return session.scalars(
        select(Submission).where(or_(Submission.task_id == task.id, Submission.id == submission_id))
    ).all()


def _correction(session: Session, submission: Submission) -> dict[str, Any]:
    """For the ledger: which version is corrected, and what changed, by number and name (DOMAIN §2.7)."""
    changed = changes_of(session, submission)
    return {} if changed is None else {"replaces": str(submission.replaces), "changed": changed}


def _arrived_photos(session: Session, task: Task, photos: list[dict[str, Any]]) -> Sequence[Row[Any]]:
    wanted = {photo["sha256"] for photo in photos}
    arrived = facts_of(
        session, Evidence.task_id == task.id, Evidence.sha256.in_(wanted), Evidence.state != EvidenceState.QUARANTINED
    )
    missing = sorted(wanted - {evidence.sha256 for evidence in arrived})
    if missing:
        raise PhotosMissing(count=len(missing), missing=missing)
    return arrived


def _refuse_incomplete(judged: forms.Judged, team: Sequence[Officer]) -> None:
    faults = faults_of(judged) + _unsigned(judged.body, team)
    if faults:
        places = ", ".join(f"{fault['item'] or fault.get('path', '-')}: {fault['code']}" for fault in faults[:12])
        raise SubmissionIncomplete(count=len(faults), places=places, faults=faults)


def _unsigned(body: forms.Body, team: Sequence[Officer]) -> list[dict[str, Any]]:
    """Whose confirmation of the record lacks: every officer's of the task, and the entity's or its refusal."""
    signed = [str(one.get("inspector_id")) for one in body["signatures"] if one["role"] == "officer"]
    entity = bool(body.get("refusal")) or any(one["role"] == "entity" for one in body["signatures"])
    officers = [str(officer.inspector_id) for officer in team]
    codes = rules.signature_faults(officers, signed, entity=entity, stated=body.get("result_code"))
    return [{"item": None, "code": code} for code in codes]


def faults_of(judged: forms.Judged) -> list[dict[str, Any]]:
    """What keeps a submission from being whole: [{item, code}], with ``path`` where no item is meant; empty when nothing does."""
    body, values = judged.body, dict(judged.values)
    stated = body.get("result_code")
    drawn = rules.drawn_signatures(body)
    photographed = [photo["item"] for photo in body["photos"] if photo["sha256"] not in drawn]
    wrong = rules.answer_faults(judged.by, judged.values, needed=rules.answers_needed(stated))
    faults: list[dict[str, Any]] = [{"item": no, "code": fault.value} for no, fault in wrong.items()]
    faults += [{"item": no, "code": "photo"} for no in rules.items_without_photo(judged.by, values, photographed)]
    if code := rules.stated_fault(stated, rules.tally(judged.by, values).failed):
        faults.append({"item": None, "code": code.value})
    if rules.site_photo_needed(stated) and not photographed:
        faults.append({"item": None, "code": "site_photo"})
    if paused := rules.rights_fault(body.get("recusal")):
        faults.append({"item": None, "code": paused})
    unnamed = drawn - {photo["sha256"] for photo in body["photos"]}
    return faults + [{"item": None, "code": "signature"}] * len(unnamed) + judged.form_faults


def _new(
    actor: Actor, task: Task, submission_id: UUID, judged: forms.Judged, body_sha256: str, replaced: Submission | None
) -> Submission:
    body = judged.body
    conclusion = rules.conclude(rules.tally(judged.by, dict(judged.values)), judged.by.rule)
    return Submission(
        id=submission_id, task_id=task.id, version=replaced.version + 1 if replaced else 1,
        state=SubmissionState.UNDER_REVIEW, replaces=replaced.id if replaced else None,
        body=_plain(body), body_sha256=body_sha256, device_id=actor.device_id, officer_id=actor.person_id,
        started_at=body["started_at"], finished_at=body["finished_at"], conclusion=conclusion.value,
        result_code=rules.visit_result(conclusion, body.get("result_code")), district=task.district, task=task,
    )  # fmt: skip


def _keep(session: Session, submission: Submission, judged: forms.Judged, photos: Sequence[Row[Any]]) -> None:
    """Keep a submission with its findings, its photos in their chain, and its receipt; its task moves on."""
    named = {str(photo["id"]): photo for photo in judged.body["photos"]}
    kept = [(photo, named[str(photo.id)]) for photo in photos if str(photo.id) in named]
    chain = linked([Piece(told["seq"], told["item"], photo) for photo, told in kept])
    submission.receipt = _receipt(submission, photos, chain[-1]["link"] if chain else None)
    advance_task(submission.task, TaskState.SUBMITTED)
    session.add(submission)
    session.flush()
    own = {"submission_id": submission.id}
    insert_rows(
        session,
        {Finding: [own | row for row in _findings(judged)], SubmissionPhoto: [own | row for row in chain]},
    )


def _findings(judged: forms.Judged) -> list[dict[str, Any]]:
    keyed = {item.no: item.key for item in judged.by.items}
    return [
        {"item": one["item"], "answer": one["value"], "key": keyed[one["item"]], "remark": one.get("remark", "")}
        for one in judged.answers
    ]


def _receipt(submission: Submission, photos: Sequence[Row[Any]], chain: str | None) -> Receipt:
    manifest = manifest_of(
        submission=str(submission.id),
        task=str(submission.task_id),
        body=submission.body_sha256,
        photos=sorted(evidence.sha256 for evidence in photos),
        chain=chain,
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
