"""What must always hold: however operations are ordered, cut into batches, repeated and their replies lost, the end is the same."""

import json
import uuid
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend.inspections.models import Arrival, Finding, Receipt, Submission, SubmissionPhoto
from backend.ledger import Event
from backend.times import local_today, utc_now
from backend.tours.models import Source, Task, TaskOfficer
from media.seal import receipt_holds
from tests.field.test_operations import AT, a_submission, an_arrival, sent
from tests.field.test_visit import photos_for

ARRIVALS, SHARES = 3, 2
EXAMPLES = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture
def work(session, phone, task) -> list[dict]:
    """A day's operations: two tasks, each with several arrivals and one submission, whose photos are there."""
    other = Task(number="T2", source=Source.COMPLAINT, entity_id=task.entity_id, checklist_id=task.checklist_id,
                 unit_id=task.unit_id, day=local_today(), seq=9, opens_at=utc_now() - timedelta(days=1), due=local_today(),
                 district=task.district,
                 officers=[TaskOfficer(inspector_id=o.inspector_id, leader=o.leader) for o in task.officers])  # fmt: skip
    session.add(other)
    session.commit()
    return [op for one in (task, other) for op in of_visit(phone, one)]


def of_visit(phone, task) -> list[dict]:
    arrivals = [an_arrival(task, lon=107.05 + n / 1000) for n in range(ARRIVALS)]
    return [*arrivals, *(a_share(task, n + 1) for n in range(SHARES)), a_submission(task, photos_for(phone, task))]


def a_share(task, seq: int) -> dict:
    body = {"seq": seq, "at": AT, "answers": [{"item": seq, "value": "yes", "remark": ""}], "photos": []}
    return {"id": f"{task.id}:{seq}", "kind": "share", "task_id": str(task.id), "body": json.dumps(body)}


def went_through(operation: dict, status: str) -> bool:
    """A share that comes after the submission is told so: it is a note between colleagues, not a record."""
    return status in ("applied", "already-applied") or (operation["kind"], status) == ("share", "conflict")


def state(session) -> dict:
    """Every record that operations change, but for the times at which the server noted it."""
    session.expire_all()
    rows = {
        "tasks": select(Task.id, Task.state),
        "arrivals": select(Arrival.id, Arrival.task_id, Arrival.at, Arrival.distance_m, Arrival.inside, Arrival.body_sha256),
        "submissions": select(Submission.id, Submission.task_id, Submission.version, Submission.result_code,
                              Submission.body_sha256),
        "findings": select(Finding.submission_id, Finding.item, Finding.answer),
        "photos": select(SubmissionPhoto.submission_id, SubmissionPhoto.evidence_id, SubmissionPhoto.link),
        "receipts": select(Receipt.submission_id, Receipt.manifest_sha256),
    }  # fmt: skip
    told = Counter(map(tuple, session.execute(select(Event.name, Event.subject))))
    kept = {name: sorted(map(str, session.execute(query))) for name, query in rows.items()}
    return {**kept, "events": sorted(told.items())}


def schedules(count: int) -> st.SearchStrategy[list[list[int]]]:
    """Orders of all operations with repetitions, cut into batches anywhere."""
    batch = st.lists(st.integers(0, count - 1), min_size=1, max_size=count)
    return st.tuples(st.lists(batch, max_size=3), st.permutations(range(count)), st.integers(1, count)).map(
        lambda drawn: [*drawn[0], *([*drawn[1]][at : at + drawn[2]] for at in range(0, count, drawn[2]))]
    )


@contextmanager
def undone(session, connection):
    """What happens inside is rolled back at its end."""
    session.commit()
    with connection.begin_nested() as savepoint:
        yield
        session.rollback()
        savepoint.rollback()
    session.expire_all()


def played(session, connection, phone, work, schedule) -> dict:
    """The state after a schedule. Receipts once given never change."""
    receipts: dict[str, dict] = {}
    with undone(session, connection):
        for batch in schedule:
            for n, result in zip(batch, sent(phone, *(work[n] for n in batch)), strict=True):
                assert went_through(work[n], result["status"]), result
                receipt = (result["answer"] or {}).get("receipt")
                assert receipt is None or receipts.setdefault(result["id"], receipt) == receipt
        assert all(map(receipt_holds, receipts.values()))
        return state(session)


@pytest.fixture
def once(session, connection, phone, work) -> dict:
    """The state after each operation came once, in order."""
    end = played(session, connection, phone, work, [[n] for n in range(len(work))])
    assert [len(end[kind]) for kind in ("arrivals", "submissions", "receipts")] == [2 * ARRIVALS, 2, 2]
    return end


@EXAMPLES
@given(data=st.data())
def test_any_order_and_repetition_of_operations_yields_the_same_state(data, session, connection, phone, work, once):
    assert played(session, connection, phone, work, data.draw(schedules(len(work)))) == once


@EXAMPLES
@given(n=st.integers(0, 2 * ARRIVALS + 1), offset=st.integers(1, 10**6), single=st.booleans())
def test_the_same_id_with_other_bytes_never_changes_anything(n, offset, single, session, connection, phone, work):
    with undone(session, connection):
        sent(phone, *work)
        before = state(session)
        record = [operation for operation in work if operation["kind"] != "share"][n]
        other = {**record, "body": json.dumps({**json.loads(record["body"]), "clock_offset_ms": offset})}
        if single:
            assert by_its_own_door(phone, other) == 409
        else:
            assert [result["status"] for result in sent(phone, other)] == ["conflict"]
        assert state(session) == before


def by_its_own_door(phone, operation: dict) -> int:
    json_text = {"data": operation["body"], "content_type": "application/json"}
    if operation["kind"] == "submission":
        return phone.put(f"/v1/submissions/{uuid.UUID(operation['id'])}", **json_text).status_code
    return phone.post(f"/v1/tasks/{operation['task_id']}/check-in", **json_text).status_code
