"""Taking submissions: each exactly once, whole or not at all, with a signed receipt.

Ids are minted on the phone; the same id with the same bytes gives the same answer again, other bytes are refused.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import keys, ledger
from backend.accounts.rules import Actor
from backend.inspections import forms, rules
from backend.inspections.chains import link_photos
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
from backend.inspections.shares import refuse_but_leader
from backend.inspections.visits import own_task
from backend.problems import Problem
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
    if (known := session.get(Submission, submission_id)) is not None:
        if known.body_sha256 != body_sha256 or known.task_id != task.id:
            raise SubmissionDiffers(id=str(submission_id))
        return known, False
    refuse_but_leader(session, actor, task)
    if task.state not in OPEN:
        raise TaskClosed(state=task.state.value)
    task.checklist = forms.judging_checklist(session, task, body)
    photos = _arrived_photos(session, task, body["photos"])
    _refuse_incomplete(task, body)
    submission = _kept(session, actor, task, submission_id, body, body_sha256, photos)
    advance_task(task, TaskState.SUBMITTED)
    ledger.record(session, "submission.accepted", submission.id, actor=actor, chain=actor.unit_code, task=str(task.id),
                  **_correction(session, submission))  # fmt: skip
    return submission, True


def _correction(session: Session, submission: Submission) -> dict[str, Any]:
    """For the ledger: which version is corrected, and what changed, by number and name (DOMAIN §2.7)."""
    changed = changes_of(session, submission)
    return {} if changed is None else {"replaces": str(submission.replaces), "changed": changed}


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
    faults = faults_of(task.checklist.body, body) + _unsigned(task, body)
    if faults:
        places = ", ".join(f"{fault['item'] or fault.get('path', '-')}: {fault['code']}" for fault in faults[:12])
        raise SubmissionIncomplete(count=len(faults), places=places, faults=faults)


def _unsigned(task: Task, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Whose confirmation of the record lacks: every officer's of the task, and the entity's or its refusal."""
    signed = [str(one.get("inspector_id")) for one in body["signatures"] if one["role"] == "officer"]
    entity = bool(body.get("refusal")) or any(one["role"] == "entity" for one in body["signatures"])
    officers = [str(officer.inspector_id) for officer in task.officers]
    codes = rules.signature_faults(officers, signed, entity=entity, stated=body.get("result_code"))
    return [{"item": None, "code": code} for code in codes]


def faults_of(checklist_body: dict[str, Any], body: dict[str, Any]) -> list[dict[str, Any]]:
    """What keeps a submission from being whole: [{item, code}], with ``path`` where no item is meant; empty when nothing does."""
    stated, form = body.get("result_code"), forms.filled(checklist_body, body)
    checklist = forms.judged_by(checklist_body, form)
    pairs = [(answer["item"], answer["value"]) for answer in forms.asked_answers(checklist_body, form, body)]
    drawn = rules.drawn_signatures(body)
    photographed = [photo["item"] for photo in body["photos"] if photo["sha256"] not in drawn]
    wrong = rules.answer_faults(checklist, pairs, needed=rules.answers_needed(stated))
    faults: list[dict[str, Any]] = [{"item": no, "code": fault.value} for no, fault in wrong.items()]
    faults += [{"item": no, "code": "photo"} for no in rules.items_without_photo(checklist, dict(pairs), photographed)]
    if code := rules.stated_fault(stated, rules.tally(checklist, dict(pairs)).failed):
        faults.append({"item": None, "code": code.value})
    if rules.site_photo_needed(stated) and not photographed:
        faults.append({"item": None, "code": "site_photo"})
    if paused := rules.rights_fault(body.get("recusal")):
        faults.append({"item": None, "code": paused})
    unnamed = drawn - {photo["sha256"] for photo in body["photos"]}
    return faults + [{"item": None, "code": "signature"}] * len(unnamed) + forms.form_faults(checklist_body, form, body)


def _kept(
    session: Session, actor: Actor, task: Task, submission_id: UUID, body: dict[str, Any], body_sha256: str,
    photos: list[Evidence],
) -> Submission:  # fmt: skip
    form = forms.filled(task.checklist.body, body)
    checklist, asked = forms.judged_by(task.checklist.body, form), forms.asked_answers(task.checklist.body, form, body)
    answers = {answer["item"]: answer["value"] for answer in asked}
    conclusion = rules.conclude(rules.tally(checklist, answers), checklist.rule)
    replaced = replaced_version(session, task, body.get("replaces"))
    submission = Submission(
        id=submission_id, task_id=task.id, version=replaced.version + 1 if replaced else 1,
        state=SubmissionState.UNDER_REVIEW, replaces=replaced.id if replaced else None,
        body=_plain(body), body_sha256=body_sha256, device_id=actor.device_id, officer_id=actor.person_id,
        started_at=body["started_at"], finished_at=body["finished_at"], conclusion=conclusion.value,
        result_code=rules.visit_result(conclusion, body.get("result_code")), district=task.district,
    )  # fmt: skip
    session.add(submission)
    session.flush()
    _keep_findings(session, submission, asked, {item.no: item.key for item in checklist.items})
    chain = _keep_photos(session, submission, body, photos)
    submission.receipt = _receipt(submission, photos, chain)
    session.flush()
    return submission


def _keep_findings(
    session: Session, submission: Submission, answers: list[dict[str, Any]], keyed: dict[int, bool]
) -> None:
    session.add_all(
        Finding(submission_id=submission.id, item=answer["item"], answer=answer["value"], key=keyed[answer["item"]],
                remark=answer.get("remark", ""))
        for answer in answers
    )  # fmt: skip


def _keep_photos(session: Session, submission: Submission, body: dict[str, Any], photos: list[Evidence]) -> str | None:
    """Keep which photos are named, chained. Returns the last hash of the chain."""
    named = {str(photo["id"]): photo for photo in body["photos"]}
    kept = [
        SubmissionPhoto(submission_id=submission.id, evidence_id=evidence.id, item=named[str(evidence.id)]["item"],
                        seq=named[str(evidence.id)]["seq"])
        for evidence in photos
        if str(evidence.id) in named
    ]  # fmt: skip
    session.add_all(kept)
    return link_photos(session, kept)


def _receipt(submission: Submission, photos: list[Evidence], chain: str | None) -> Receipt:
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
