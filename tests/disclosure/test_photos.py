"""Photos beside a notice: closed by default, public only as a redacted copy that a publicity officer approved."""

import io
import uuid

import pytest
from PIL import Image

from backend.accounts.models import Unit
from backend.accounts.rules import Role
from backend.disclosure.photos import (
    approve_photo,
    photos_of_notice,
    propose_photo,
    proposed_photos,
    refuse_photo,
)
from backend.inspections.models import Evidence
from backend.inspections.reviews import confirm_result
from backend.problems import BadInput, Conflict, NotAllowed, NotFound
from tests.faces.desks import Desk, a_unit_elsewhere
from tests.faces.visits import a_visited_ground, read_anew
from tests.makers import an_actor
from tests.standing import standing


@pytest.fixture(scope="module")
def ground(services):
    with standing(a_visited_ground) as ground:
        yield ground


@pytest.fixture
def unit(session, ground):
    return session.get_one(Unit, ground[1][0])


@pytest.fixture
def officer(session, unit):
    return an_actor(session, unit, Role.PUBLICITY_OFFICER)


@pytest.fixture
def submitted(session, redis, ground):
    return read_anew(session, ground[1][1])


@pytest.fixture
def visited(session, unit, submitted, drain):
    reviewer = an_actor(session, unit, Role.REVIEWER)
    confirm_result(session, actor=reviewer, submission_id=submitted.submission_id)
    drain()
    return submitted


def number_of(visited) -> str:
    return f"R-{visited.task.number}"


def test_no_photo_is_public_until_a_person_approved_its_copy(session, visited, officer, drain):
    propose_photo(session, actor=officer, evidence_id=visited.evidence_id)
    drain()
    [seen] = proposed_photos(session, officer)
    assert (seen.state, seen.hidden) == ("ready", 0)
    assert photos_of_notice(session, number_of(visited)) == {}
    approve_photo(session, actor=officer, evidence_id=visited.evidence_id, reason="画面无个人信息")
    assert list(photos_of_notice(session, number_of(visited))) == [visited.evidence_id]


def test_an_approved_photo_can_be_taken_back_and_stays_closed(session, visited, officer, drain):
    for _ in range(2):
        propose_photo(session, actor=officer, evidence_id=visited.evidence_id)
    drain()
    for decide in (approve_photo, refuse_photo):
        decide(session, actor=officer, evidence_id=visited.evidence_id, reason="看过照片了")
    assert photos_of_notice(session, number_of(visited)) == {}
    with pytest.raises(Conflict):
        approve_photo(session, actor=officer, evidence_id=visited.evidence_id, reason="再次公开")


def test_only_photos_of_confirmed_results_may_be_proposed(session, submitted, officer):
    for evidence in (submitted.evidence_id, uuid.uuid4()):
        with pytest.raises(NotFound):
            propose_photo(session, actor=officer, evidence_id=evidence)


@pytest.mark.parametrize("facts", [{"thumbnail": None}, {"purpose": "signature"}, {"mime": "video/mp4"}])
def test_what_does_not_open_and_what_was_signed_are_never_proposed(session, visited, officer, facts):
    kept = session.get_one(Evidence, visited.evidence_id)
    for name, value in facts.items():
        setattr(kept, name, value)
    session.flush()
    with pytest.raises(NotFound):
        propose_photo(session, actor=officer, evidence_id=visited.evidence_id)


def test_an_officer_of_another_unit_decides_nothing_here(session, visited, officer, drain):
    stranger = an_actor(session, a_unit_elsewhere(session), Role.PUBLICITY_OFFICER)
    with pytest.raises(NotAllowed):
        propose_photo(session, actor=stranger, evidence_id=visited.evidence_id)
    propose_photo(session, actor=officer, evidence_id=visited.evidence_id)
    drain()
    assert proposed_photos(session, stranger) == []
    with pytest.raises(NotAllowed):
        approve_photo(session, actor=stranger, evidence_id=visited.evidence_id, reason="看过照片了")
    with pytest.raises(BadInput):
        approve_photo(session, actor=officer, evidence_id=visited.evidence_id, reason="")


def test_the_whole_way_through_the_console_to_the_public_page(app, session, unit, visited, drain):
    desk = Desk(app, session, unit, Role.PUBLICITY_OFFICER)
    propose = f"/console/evidence/{visited.evidence_id}/propose"
    assert propose in desk.buttons(f"/console/submissions/{visited.submission_id}")
    assert desk.press(propose).status_code == 303
    drain()
    assert desk.press(f"/console/photos/{visited.evidence_id}/approve", reason="看过照片了").status_code == 303
    path = f"/notices/{number_of(visited)}/photos/{visited.evidence_id}.jpg"
    visitor = app.test_client()
    assert path in visitor.get(f"/notices/{number_of(visited)}", headers={"Accept": "text/html"}).text
    shown = Image.open(io.BytesIO(visitor.get(path).data))
    assert (shown.format, dict(shown.getexif())) == ("JPEG", {})
    assert visitor.get(f"/notices/{number_of(visited)}/photos/{uuid.uuid4()}.jpg").status_code == 404
