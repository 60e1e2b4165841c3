"""Returned for correction: remarks by check reach the phone, the correction names what it replaces, the original stays."""

import uuid

import pytest
from sqlalchemy import select

from backend.accounts.rules import Role
from backend.inspections import corrections, queries, reviews
from backend.inspections.models import Submission, SubmissionState
from backend.ledger import Event
from backend.problems import BadInput
from tests.faces.desks import Desk
from tests.field.test_visit import a_body, photos_for
from tests.makers import an_actor

REMARKS = {3: "照片看不清标签", 7: "备注须写明数量"}


@pytest.fixture
def returned(session, phone, task, unit) -> tuple[uuid.UUID, dict]:
    """A submission that was sent back, with remarks on two checks. Its id and body."""
    id_, body = uuid.uuid4(), a_body(task, photos_for(phone, task))
    assert phone.put(f"/v1/submissions/{id_}", json=body).status_code == 201
    session.expire_all()
    reviewer = an_actor(session, unit, Role.REVIEWER)
    reviews.return_submission(session, actor=reviewer, submission_id=id_, remark="请补正两处", items=REMARKS)
    session.commit()
    return id_, body


def corrected(body: dict, **more) -> dict:
    answers = [{**a, "remark": "二包，已重拍"} if a["item"] in REMARKS else a for a in body["answers"]]
    return {**body, "answers": answers, "comment": "已补正", **more}


def test_the_remarks_by_check_reach_the_phone_with_the_next_pull(session, phone, task, unit):
    id_ = uuid.uuid4()
    phone.put(f"/v1/submissions/{id_}", json=a_body(task, photos_for(phone, task)))
    token = phone.get("/v1/changes").get_json()["token"]
    session.expire_all()
    reviewer = an_actor(session, unit, Role.REVIEWER)
    reviews.return_submission(session, actor=reviewer, submission_id=id_, remark="", items=REMARKS)
    session.commit()
    (pulled,) = [t for t in phone.get(f"/v1/changes?since={token}").get_json()["tasks"] if t["id"] == str(task.id)]
    assert pulled["state"] == "returned"
    assert pulled["returned"]["submission"] == str(id_)
    assert pulled["returned"]["items"] == [{"item": no, "remark": remark} for no, remark in REMARKS.items()]


def test_a_correction_replaces_the_returned_version_which_stays_as_it_was(session, phone, returned):
    first, body = returned
    before = session.get(Submission, first)
    kept = (before.body, before.body_sha256, before.receipt.signature)
    second = uuid.uuid4()
    answer = phone.put(f"/v1/submissions/{second}", json=corrected(body, replaces=str(first)))
    assert answer.status_code == 201, answer.get_json()
    session.expire_all()
    newer, older = session.get(Submission, second), session.get(Submission, first)
    assert (newer.version, newer.replaces, older.state) == (2, first, SubmissionState.RETURNED)
    assert (older.body, older.body_sha256, older.receipt.signature) == kept


def test_the_ledger_and_the_reviewer_are_told_what_changed(session, phone, returned):
    first, body = returned
    second = uuid.uuid4()
    phone.put(f"/v1/submissions/{second}", json=corrected(body))
    session.commit()
    expected = {"items": sorted(REMARKS), "fields": ["comment"]}
    told = session.scalars(select(Event).where(Event.subject == str(second), Event.name == "submission.accepted")).one()
    assert (told.payload["replaces"], told.payload["changed"]) == (str(first), expected)
    assert queries.submission(session, second).changed == expected
    assert queries.submission(session, first).changed is None


def test_a_correction_of_another_version_is_refused_by_name(phone, returned):
    first, body = returned
    answer = phone.put(f"/v1/submissions/{uuid.uuid4()}", json=corrected(body, replaces=str(uuid.uuid4())))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "replaces-another")
    assert answer.get_json()["expected"] == str(first)


def test_remarks_on_checks_that_are_not_there_are_refused(session, phone, task, unit):
    id_ = uuid.uuid4()
    phone.put(f"/v1/submissions/{id_}", json=a_body(task, photos_for(phone, task)))
    session.expire_all()
    reviewer = an_actor(session, unit, Role.REVIEWER)
    with pytest.raises(BadInput):
        reviews.return_submission(session, actor=reviewer, submission_id=id_, remark="x", items={999: "?"})
    with pytest.raises(reviews.RemarkMissing):
        reviews.return_submission(session, actor=reviewer, submission_id=id_, remark=" ", items={3: " "})


def test_the_console_returns_by_check_and_shows_what_the_correction_changed(app, session, phone, task, unit):
    first, body = uuid.uuid4(), a_body(task, photos_for(phone, task))
    phone.put(f"/v1/submissions/{first}", json=body)
    desk = Desk(app, session, unit, Role.REVIEWER)
    session.commit()
    answer = desk.press(f"/console/submissions/{first}/return", **{f"item-{no}": text for no, text in REMARKS.items()})
    assert answer.status_code == 303
    assert all(remark in desk.see(f"/console/submissions/{first}").text for remark in REMARKS.values())
    second = uuid.uuid4()
    phone.put(f"/v1/submissions/{second}", json=corrected(body))
    shown = desk.see(f"/console/submissions/{second}").text
    assert "改动的检查项：3、7" in shown
    assert f"/console/submissions/{first}" in shown


def test_what_differs_in_any_two_visits_is_no_change():
    body = {"answers": [{"item": 1, "value": "yes"}], "started_at": "a", "app_version": "1", "comment": ""}
    again = {**body, "answers": [{"item": 1, "value": "yes", "remark": ""}], "started_at": "b", "app_version": "2"}
    assert corrections.changes(body, again) == {"items": [], "fields": []}
