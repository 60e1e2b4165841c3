"""A draft moves from one phone to another: whole, once, and only between phones of the same inspector."""

import hashlib
import json
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from backend.accounts import queries as accounts
from backend.accounts.models import Device
from backend.inspections.aside import drafts
from backend.inspections.aside.expiry import DRAFTS_KEPT, expire_aside
from backend.inspections.aside.models import ParkedDraft, ParkedPhoto
from backend.problems import NotFound
from backend.times import utc_now
from tests.field.test_visit import picture

VISIT = json.dumps({"state": "draft", "answers": {"1": {"value": "no", "remark": "积水"}}}, ensure_ascii=False)


def a_draft(task, *photos: bytes) -> tuple[str, dict, dict[str, bytes]]:
    named = {str(uuid.uuid4()): photo for photo in photos}
    listed = [{"id": i, "sha256": hashlib.sha256(p).hexdigest(), "size": len(p)} for i, p in named.items()]
    return str(uuid.uuid4()), {"task_id": str(task.id), "visit": VISIT, "photos": listed}, named


def parked(phone, visit_id: str, body: dict, named: dict[str, bytes]) -> None:
    assert phone.put(f"/v1/drafts/{visit_id}", json=body).status_code == 201
    for id_, data in named.items():
        assert phone.put(f"/v1/drafts/{visit_id}/photos/{id_}", data=data).status_code == 201


@pytest.fixture
def other(session, phone, task):
    """The same inspector at another phone, as commands see them."""
    person = task.officers[0].inspector.person
    device = Device(id=uuid.uuid4(), person_id=person.id, name="new", public_key={})
    session.add(device)
    session.commit()
    return accounts.actor_of_person(person, device.id)


def test_a_draft_with_its_photos_comes_to_the_other_phone_and_is_then_gone(session, phone, task, other):
    visit_id, body, named = a_draft(task, picture(1), picture(2))
    parked(phone, visit_id, body, named)
    (listed,) = drafts.parked_drafts(session, other)
    assert (str(listed.visit_id), listed.missing, listed.visit) == (visit_id, [], None)
    assert drafts.parked_draft(session, other, listed.visit_id).visit == VISIT
    for id_, data in named.items():
        assert drafts.parked_photo(session, other, listed.visit_id, uuid.UUID(id_)) == data
    drafts.take_draft(session, actor=other, visit_id=listed.visit_id)
    drafts.take_draft(session, actor=other, visit_id=listed.visit_id)
    assert session.scalar(select(func.count()).select_from(ParkedPhoto)) == 0
    assert session.scalars(select(ParkedDraft.visit)).one() == ""


def test_the_old_phone_can_no_longer_park_or_fetch_what_the_new_one_took(session, phone, task, other):
    visit_id, body, named = a_draft(task, picture(1))
    parked(phone, visit_id, body, named)
    drafts.take_draft(session, actor=other, visit_id=uuid.UUID(visit_id))
    session.commit()
    for answer in (
        phone.get(f"/v1/drafts/{visit_id}"),
        phone.put(f"/v1/drafts/{visit_id}", json=body),
        phone.post(f"/v1/drafts/{visit_id}/taken"),
    ):
        assert (answer.status_code, answer.get_json()["code"]) == (409, "draft-moved")


def test_nobody_takes_a_draft_whose_photos_are_not_all_there(session, phone, task, other):
    visit_id, body, named = a_draft(task, picture(1), picture(2))
    first = next(iter(named))
    phone.put(f"/v1/drafts/{visit_id}", json=body)
    phone.put(f"/v1/drafts/{visit_id}/photos/{first}", data=named[first])
    with pytest.raises(drafts.DraftIncomplete):
        drafts.take_draft(session, actor=other, visit_id=uuid.UUID(visit_id))
    wrong = phone.put(f"/v1/drafts/{visit_id}/photos/{list(named)[1]}", data=b"other")
    assert (wrong.status_code, wrong.get_json()["code"]) == (422, "photo-differs")


def test_the_old_phone_fetches_its_draft_back_while_nobody_took_it(phone, task):
    visit_id, body, named = a_draft(task, picture(1))
    parked(phone, visit_id, body, named)
    assert phone.put(f"/v1/drafts/{visit_id}", json=body).status_code == 200
    (listed,) = phone.get("/v1/drafts").get_json()["drafts"]
    assert (listed["here"], listed["missing"]) == (True, [])
    assert phone.get(f"/v1/drafts/{visit_id}").get_json()["visit"] == VISIT
    assert phone.get(f"/v1/drafts/{visit_id}/photos/{next(iter(named))}").data == next(iter(named.values()))
    assert phone.post(f"/v1/drafts/{visit_id}/taken").status_code == 200
    assert phone.get("/v1/drafts").get_json()["drafts"] == []


def test_other_inspectors_find_no_draft(session, phone, task):
    visit_id, body, named = a_draft(task, picture(1))
    parked(phone, visit_id, body, named)
    stranger = accounts.actor_of_person(task.officers[1].inspector.person, uuid.uuid4())
    assert drafts.parked_drafts(session, stranger) == []
    with pytest.raises(NotFound):
        drafts.parked_draft(session, stranger, uuid.UUID(visit_id))
    with pytest.raises(NotFound):
        drafts.parked_photo(session, stranger, uuid.UUID(visit_id), uuid.UUID(next(iter(named))))


def test_a_draft_nobody_takes_is_gone_after_two_weeks_with_its_photos(session, phone, task):
    parked(phone, *a_draft(task, picture(1)))
    assert expire_aside(session, utc_now() + DRAFTS_KEPT - timedelta(hours=1))["parked_drafts"] == 0
    assert expire_aside(session, utc_now() + DRAFTS_KEPT + timedelta(hours=1))["parked_drafts"] == 1
    assert session.scalar(select(func.count()).select_from(ParkedPhoto)) == 0


def test_more_drafts_than_are_kept_are_refused_by_name(phone, task, monkeypatch):
    monkeypatch.setattr(drafts, "MOST", 1)
    parked(phone, *a_draft(task))
    visit_id, body, _ = a_draft(task)
    answer = phone.put(f"/v1/drafts/{visit_id}", json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "too-many-drafts")
