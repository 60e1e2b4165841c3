"""Two officers on one visit: shares in any order end the same, colleagues alone see them, and the leader submits."""

import hashlib
import json
import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from backend.accounts import queries as accounts
from backend.inspections import commands
from backend.inspections.models import Share
from backend.inspections.shares import LeaderSubmits, ShareDiffers, keep_share, shares_of_colleagues
from backend.problems import Conflict, NotFound
from tests.field.test_visit import a_body, photos_for
from tests.makers import an_actor

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def a_share(seq: int, *answers: tuple[int, str], photos=(), **more) -> dict:
    given_ = [{"item": item, "value": value, "remark": ""} for item, value in answers]
    return {"seq": seq, "at": AT.isoformat(), "answers": given_, "photos": list(photos), "form_answers": {}, **more}


@pytest.fixture
def member(session, task):
    return accounts.actor_of_person(task.officers[1].inspector.person, uuid.uuid4())


def keep(session, member, task, share: dict):
    data = json.dumps(share).encode()
    shared = {name: share[name] for name in ("answers", "photos", "form_answers")}
    return keep_share(session, actor=member, task_id=task.id, seq=share["seq"], at=AT, body=shared,
                      body_sha256=hashlib.sha256(data).hexdigest())  # fmt: skip


def test_what_the_member_found_is_there_for_the_leader(session, phone, task, member):
    keep(session, member, task, a_share(1, (3, "no"), (4, "yes")))
    session.commit()
    (seen,) = phone.get(f"/v1/tasks/{task.id}/shares").get_json()["shares"]
    assert (seen["name"], seen["leader"]) == (task.officers[1].inspector.person.name, False)
    assert seen["answers"] == a_share(1, (3, "no"), (4, "yes"))["answers"]


def test_the_leaders_share_is_not_shown_to_the_leader_but_to_the_member(session, phone, task, member):
    answer = phone.put(f"/v1/tasks/{task.id}/share", json=a_share(7, (1, "yes")))
    assert (answer.status_code, answer.get_json()["seq"]) == (200, 7)
    assert phone.get(f"/v1/tasks/{task.id}/shares").get_json()["shares"] == []
    assert [(one.leader, one.seq) for one in shares_of_colleagues(session, member, task.id)] == [(True, 7)]


def test_shares_go_as_operations_too_and_the_same_again_is_nothing_new(phone, task):
    body = json.dumps(a_share(1, (1, "yes")))
    sent = {"id": f"{task.id}:1", "kind": "share", "task_id": str(task.id), "body": body}
    told = [phone.post("/v1/operations", json={"operations": [sent]}).get_json()["results"][0] for _ in range(2)]
    assert [one["status"] for one in told] == ["applied", "already-applied"]
    assert phone.put(f"/v1/tasks/{task.id}/share", data=body, content_type="application/json").status_code == 200


@bounds(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations([1, 2, 3, 4] * 2))
def test_in_any_order_and_however_often_the_latest_share_stands(session, task, member, order):
    with session.begin_nested() as trial:
        for seq in order:
            keep(session, member, task, a_share(seq, (seq, "yes")))
        kept = session.get(Share, (task.id, task.officers[1].inspector_id))
        assert kept.body["answers"] == a_share(4, (4, "yes"))["answers"]
        trial.rollback()


def test_the_same_number_with_other_content_is_refused_and_strangers_find_nothing(session, unit, task, member):
    keep(session, member, task, a_share(2, (1, "yes")))
    with pytest.raises(ShareDiffers):
        keep(session, member, task, a_share(2, (1, "no")))
    stranger = an_actor(session, unit, name="别队")
    with pytest.raises(NotFound):
        shares_of_colleagues(session, stranger, task.id)
    with pytest.raises(NotFound):
        keep(session, stranger, task, a_share(3))


def test_only_the_leader_submits_and_may_name_the_members_photos(session, phone, task, member):
    photos = photos_for(phone, task)
    body = a_body(task, photos)
    with pytest.raises(LeaderSubmits):
        commands.accept_submission(session, actor=member, submission_id=uuid.uuid4(), body={**body, "task_id": task.id},
                                   body_sha256="0" * 64)  # fmt: skip
    keep(session, member, task, a_share(1, (1, "no"), photos=photos))
    session.commit()
    shared = phone.get(f"/v1/tasks/{task.id}/shares").get_json()["shares"][0]["photos"]
    assert phone.put(f"/v1/submissions/{uuid.uuid4()}", json={**body, "photos": shared}).status_code == 201
    session.expire_all()
    with pytest.raises(Conflict):
        keep(session, member, task, a_share(2, (1, "yes")))
