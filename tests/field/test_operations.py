"""Operations: many at once, each told by itself; what is refused for good is kept, once, for a person to look at."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from backend.inspections.aside.expiry import FAULTY_KEPT, expire_aside
from backend.inspections.aside.models import FaultyPayload
from backend.inspections.models import Arrival, Submission
from backend.times import utc_now
from tests.field.test_visit import a_body, photos_for

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC).isoformat()


def an_arrival(task, **more) -> dict:
    id_ = str(uuid.uuid4())
    body = {"id": id_, "at": AT, "lon": 107.05, "lat": 33.05, "accuracy": 8.0, "clock_offset_ms": 0, **more}
    return {"id": id_, "kind": "arrival", "task_id": str(task.id), "body": json.dumps(body)}


def a_submission(task, photos, **more) -> dict:
    return {
        "id": str(uuid.uuid4()),
        "kind": "submission",
        "body": json.dumps({**a_body(task, photos), **more}, ensure_ascii=False),
    }


def sent(phone, *operations: dict) -> list[dict]:
    answer = phone.post("/v1/operations", json={"operations": list(operations)})
    assert answer.status_code == 200, answer.get_json()
    results = answer.get_json()["results"]
    assert [result["id"] for result in results] == [operation["id"] for operation in operations]
    return results


def count(session, table) -> int:
    return session.scalar(select(func.count()).select_from(table))


def statuses(results: list[dict]) -> list[str]:
    return [result["status"] for result in results]


def test_each_operation_is_told_by_itself_and_a_bad_one_is_in_nobodys_way(session, phone, task):
    bad = [
        {**an_arrival(task), "body": "{"},
        {**an_arrival(task), "task_id": str(uuid.uuid4())},
        {**an_arrival(task), "kind": "dance"},
        {**an_arrival(task), "task_id": None},
        {"id": "no uuid", "kind": "submission", "body": json.dumps(a_body(task, []))},
    ]
    good = an_arrival(task)
    results = sent(phone, *bad, good)
    assert statuses(results) == ["refused"] * 5 + ["applied"]
    assert [r["problem"]["code"] for r in results[:5]] == [
        "bad-input", "not-found", "unknown-operation", "bad-input", "bad-input",
    ]  # fmt: skip
    assert all(r["problem"]["zh"]["detail"] and r["problem"]["en"]["detail"] for r in results[:5])
    assert (results[5]["answer"]["state"], count(session, Arrival)) == ("on_site", 1)


def test_what_was_applied_is_told_again_and_applied_once(session, phone, task):
    batch = [an_arrival(task), a_submission(task, photos_for(phone, task))]
    first, again = sent(phone, *batch), sent(phone, *batch)
    assert (statuses(first), statuses(again)) == (["applied"] * 2, ["already-applied"] * 2)
    assert first[1]["answer"]["receipt"] == again[1]["answer"]["receipt"]
    single = phone.put(f"/v1/submissions/{batch[1]['id']}", data=batch[1]["body"], content_type="application/json")
    assert (single.status_code, single.get_json()["receipt"]) == (200, first[1]["answer"]["receipt"])
    assert (count(session, Arrival), count(session, Submission)) == (1, 1)


def test_the_same_id_with_other_bytes_is_a_conflict_and_changes_nothing(session, phone, task):
    arrival = an_arrival(task)
    sent(phone, arrival)
    before = phone.get("/v1/tasks").get_json()["tasks"]
    other = {**arrival, "body": arrival["body"].replace("8.0", "9.0")}
    (result,) = sent(phone, other)
    assert (result["status"], result["problem"]["code"], result["again"]) == ("conflict", "arrival-differs", False)
    assert phone.get("/v1/tasks").get_json()["tasks"] == before
    assert session.get(Arrival, uuid.UUID(arrival["id"])).accuracy_m == 8.0


def test_a_submission_whose_photos_still_come_may_be_sent_again_and_is_not_kept(session, phone, task):
    photos = photos_for(phone, task)
    early = [{**photos[0], "sha256": "0" * 64}, *photos[1:]]
    (result,) = sent(phone, a_submission(task, early))
    assert (result["problem"]["code"], result["again"]) == ("photos-missing", True)
    assert count(session, FaultyPayload) == 0


def test_a_refused_payload_is_kept_once_with_what_it_was_told(session, phone, task):
    faulty = a_submission(task, photos_for(phone, task), answers=[])
    sent(phone, faulty)
    sent(phone, faulty)
    single = phone.put(f"/v1/submissions/{faulty['id']}", data=faulty["body"], content_type="application/json")
    assert (single.status_code, single.get_json()["code"]) == (422, "submission-incomplete")
    kept = session.scalars(select(FaultyPayload)).one()
    assert (kept.data.decode(), kept.times, kept.operation) == (faulty["body"], 3, faulty["id"])
    assert kept.problem["code"] == "submission-incomplete"


@pytest.mark.parametrize(("data", "status"), [(b"{", 400), (b'{"strange": 1}', 422), (b'{"id": "\\u0000"}', 422)])
def test_the_single_doors_keep_what_they_cannot_read(session, phone, task, data, status):
    answer = phone.post(f"/v1/tasks/{task.id}/check-in", data=data, content_type="application/json")
    assert answer.status_code == status
    assert {"zh", "en"} <= answer.get_json().keys()
    assert session.scalars(select(FaultyPayload)).one().data == data


def test_faulty_payloads_are_forgotten_after_a_quarter(session, phone, task):
    sent(phone, {**an_arrival(task), "kind": "dance"})
    assert expire_aside(session, utc_now() + FAULTY_KEPT - timedelta(days=1))["faulty_payloads"] == 0
    assert expire_aside(session, utc_now() + FAULTY_KEPT + timedelta(days=1))["faulty_payloads"] == 1


def test_more_than_fifty_at_once_are_refused_together(phone, task):
    operations = [an_arrival(task) for _ in range(51)]
    answer = phone.post("/v1/operations", json={"operations": operations})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad-input")
