"""What belongs to one team does not exist for another: every door of the field API that names a thing, asked by its own and by others."""

import hashlib
import json
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.accounts.models import Device
from backend.accounts.tickets import issue_ticket
from backend.registry.models import Inspector
from backend.times import utc_now
from tests.field.doors import door_of, doors_where
from tests.field.phone import TestPhone
from tests.field.test_operations import an_arrival, sent
from tests.field.test_shares import a_share
from tests.field.test_visit import a_body, announce, metadata_of, photos_for, picture

VISIT, PHOTO = str(uuid.uuid4()), str(uuid.uuid4())


@pytest.fixture
def stranger(session, phone, task):
    """The phone of an inspector of the same unit who is in no team of this round's task."""
    team = [officer.inspector_id for officer in task.officers]
    other = session.scalars(select(Inspector).where(Inspector.id.not_in(team)).limit(1)).one()
    key = TestPhone()
    session.add(Device(id=key.id, person_id=other.person_id, name="p", public_key=key.jwk))
    session.flush()
    session.commit()
    client = phone.application.test_client()
    client.sign_in(key)
    return client


@pytest.fixture
def submitted(phone, task) -> tuple[str, dict]:
    """A submission of the task's own team, and a draft of its leader, parked with a photo."""
    photo = {"id": PHOTO, "sha256": hashlib.sha256(b"photo").hexdigest(), "size": 5}
    phone.put(f"/v1/drafts/{VISIT}", json={"task_id": str(task.id), "visit": "{}", "photos": [photo]})
    phone.put(f"/v1/drafts/{VISIT}/photos/{PHOTO}", data=b"photo")
    id_, body = str(uuid.uuid4()), a_body(task, photos_for(phone, task))
    assert phone.put(f"/v1/submissions/{id_}", json=body).status_code == 201
    return id_, body


def test_everything_that_names_a_thing_of_another_team_finds_nothing(phone, stranger, task, submitted):
    id_, body = submitted
    arrival, file = json.loads(an_arrival(task)["body"]), {"evidence_id": PHOTO, "task_id": str(task.id)}
    asked = [
        ("GET", f"/v1/submissions/{id_}", None), ("PUT", f"/v1/submissions/{id_}", body),
        ("PUT", f"/v1/submissions/{uuid.uuid4()}", body), ("POST", f"/v1/tasks/{task.id}/check-in", arrival),
        ("PUT", f"/v1/tasks/{task.id}/share", a_share(1, (1, "yes"))), ("GET", f"/v1/tasks/{task.id}/shares", None),
        ("GET", f"/v1/tours/{task.tour_id}/map", None), ("GET", f"/v1/drafts/{VISIT}", None),
        ("PUT", f"/v1/drafts/{VISIT}/photos/{PHOTO}", "photo"),
        ("GET", f"/v1/drafts/{VISIT}/photos/{PHOTO}", None), ("POST", f"/v1/drafts/{VISIT}/taken", None),
        ("POST", "/v1/tickets", {**file, "sha256": "0" * 64, "size": 5}),
    ]  # fmt: skip
    assert {door_of(phone.application, method, path) for method, path, _ in asked} == doors_where("named")
    for method, path, sent_body in asked:
        answer = stranger.open(path, method=method, json=sent_body)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not-found"), path
    for path in [path for method, path, _ in asked if method == "GET"]:
        assert phone.get(path).status_code == 200, path


@pytest.mark.parametrize("method", ["POST", "HEAD", "PATCH", "DELETE"])
def test_even_with_a_ticket_of_its_own_a_phone_reaches_no_upload_of_another_team(phone, stranger, task, method):
    data = picture(1)
    facts, announced = announce(phone, task, data, 1)
    ticket, _ = issue_ticket(stranger.key.id, uuid.UUID(facts["evidence_id"]), task.id, facts["sha256"], len(data))
    told = {"Upload-Length": str(len(data)), "Upload-Metadata": metadata_of(facts), "Upload-Offset": "0"}
    headers = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {ticket}", **told}
    path = "/v1/uploads" if method == "POST" else announced.headers["Location"].removeprefix("/field")
    answer = stranger.open(
        path, method=method, headers=headers, data=data, content_type="application/offset+octet-stream"
    )
    assert answer.status_code == 404
    own = phone.head(announced.headers["Location"].removeprefix("/field"), headers={"Tus-Resumable": "1.0.0"})
    assert own.headers["Upload-Offset"] == "0"


def test_no_list_shows_anything_of_another_team(stranger, phone, task, submitted):
    lists = {path: stranger.get(path).get_data(as_text=True) for path in ("/v1/tasks", "/v1/changes", "/v1/drafts")}
    for path, told in lists.items():
        assert str(task.id) not in told, path
        assert VISIT not in told, path
        assert str(task.id) in phone.get(path).get_data(as_text=True), path


def test_no_operation_or_upload_touches_a_task_of_another_team(stranger, phone, task):
    share = {"id": "s", "kind": "share", "task_id": str(task.id), "body": json.dumps(a_share(1, (1, "yes")))}
    submission = {"id": str(uuid.uuid4()), "kind": "submission", "body": json.dumps(a_body(task, []))}
    results = sent(stranger, an_arrival(task), submission, share)
    assert [result["problem"]["code"] for result in results] == ["not-found"] * 3
    file = {"evidence_id": PHOTO, "task_id": str(task.id), "sha256": "0" * 64, "size": 5}
    answer = stranger.post("/v1/tickets", json=file)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not-found")


def test_a_task_shows_itself_to_its_own_team_when_its_time_has_come_and_not_before(session, phone, task):
    task.opens_at = utc_now() + timedelta(hours=1)
    session.commit()
    for path in ("/v1/tasks", "/v1/changes"):
        assert str(task.id) not in phone.get(path).get_data(as_text=True), path
    arrival = json.loads(an_arrival(task)["body"])
    for method, path, body in [("POST", f"/v1/tasks/{task.id}/check-in", arrival),
                               ("GET", f"/v1/tasks/{task.id}/shares", None)]:  # fmt: skip
        assert phone.open(path, method=method, json=body).status_code == 404, path
