"""What reviewers can do: send a submission back with what must be corrected, or confirm its result."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from backend import ledger
from backend.accounts.rules import Actor, Role, can_review
from backend.inspections.models import Result, Review, Submission, SubmissionState
from backend.inspections.rules import JudgedBy, tally
from backend.problems import BadInput, Conflict, NotAllowed, NotFound, Problem
from backend.times import local
from backend.tours.commands import advance_task
from backend.tours.models import TaskState


class OwnVisit(Problem):
    """The reviewer was an officer of the visit."""

    status = 403
    zh = ("不能审核自己的检查", "您是本次检查的执法人员，须由其他人员审核。")
    en = ("Not your own visit", "You were an officer of this visit; somebody else must review it.")


class RemarkMissing(Problem):
    """Returning a submission needs a reason."""

    status = 422
    zh = ("缺少退回原因", "退回时必须写明需要补正的内容。")
    en = ("A reason is missing", "Say what must be corrected when you return a submission.")


def return_submission(
    session: Session, *, actor: Actor, submission_id: UUID, remark: str, items: Mapping[int, str] | None = None
) -> Submission:
    """Send a submission back with what must be corrected, on the whole or by check (its number).

    Raises NotFound, NotAllowed, OwnVisit, RemarkMissing, Conflict, BadInput for checks that it does not have.
    """
    submission = _reviewed(session, actor, submission_id)
    by_check = {item: text.strip() for item, text in sorted((items or {}).items()) if text.strip()}
    if not remark.strip() and not by_check:
        raise RemarkMissing
    known = {item["no"] for item in submission.task.checklist.body["items"]}
    if unknown := by_check.keys() - known:
        raise BadInput({str(item): ["检查表没有此项 / the checklist has no such check"] for item in sorted(unknown)})
    submission.state = SubmissionState.RETURNED
    _note_review(session, actor, submission, "returned", remark, by_check)
    advance_task(submission.task, TaskState.RETURNED)
    ledger.record(session, "submission.returned", submission.id, actor=actor, chain=actor.unit_code)
    return submission


def confirm_result(session: Session, *, actor: Actor, submission_id: UUID, remark: str = "") -> Result:
    """Confirm what a team found; from here it flows to score and notice. Raises NotFound, NotAllowed, OwnVisit, Conflict."""
    submission = _reviewed(session, actor, submission_id)
    submission.state = SubmissionState.APPROVED
    _note_review(session, actor, submission, "confirmed", remark)
    checklist = JudgedBy.from_body(submission.task.checklist.body)
    counts = tally(checklist, {finding.item: finding.answer for finding in submission.findings})
    result = Result(
        task_id=submission.task_id, submission_id=submission.id, entity_id=submission.task.entity_id,
        result_code=submission.result_code, conclusion=submission.conclusion, key_failed=counts.key_failed,
        general_failed=counts.general_failed, general_asked=counts.general_asked, visited_at=submission.finished_at,
        confirmed_by=actor.person_id, district=submission.district,
    )  # fmt: skip
    session.add(result)
    advance_task(submission.task, TaskState.APPROVED)
    ledger.record(
        session, "result.confirmed", submission.task_id, actor=actor, chain=actor.unit_code,
        entity=str(submission.task.entity_id), visited_on=str(local(submission.finished_at).date()),
        item=submission.task.round.item.code if submission.task.round else "",
    )  # fmt: skip
    return result


def _reviewed(session: Session, actor: Actor, submission_id: UUID) -> Submission:
    submission = session.get(Submission, submission_id, with_for_update=True)
    if submission is None:
        raise NotFound(what="提交 submission", id=str(submission_id))
    task = submission.task
    unit_path = task.round.unit.path if task.round else actor.unit_path
    if not actor.reaches((Role.REVIEWER,), unit_path, submission.district):
        raise NotAllowed(need=can_review.__doc__)
    if actor.person_id in {officer.inspector.person_id for officer in task.officers}:
        raise OwnVisit
    if submission.state != SubmissionState.UNDER_REVIEW:
        raise Conflict(what="提交 submission", state=submission.state.value)
    return submission


def _note_review(session: Session, actor: Actor, submission: Submission, decision: str, remark: str,
                 items: Mapping[int, str] | None = None) -> None:  # fmt: skip
    by_check = [{"item": item, "remark": text[:2000]} for item, text in (items or {}).items()]
    session.add(
        Review(submission_id=submission.id, reviewer=actor.person_id, decision=decision, remark=remark.strip()[:2000],
               items=by_check)
    )  # fmt: skip
