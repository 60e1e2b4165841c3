"""What a reviewer reads of the steps on site: when cards were shown, what was said of recusal, who signed and how."""

import uuid

import pytest

from backend.accounts.rules import Role
from tests.faces.desks import Desk
from tests.field import conftest as tasks
from tests.field.test_formalities import NOW, a_drawn_signature
from tests.field.test_visit import a_body, officers_sign, photos_for

ground, unit = tasks.ground, tasks.unit  # fixtures
task, phone = tasks.task, tasks.phone
STEPS = {"cards_shown_at": NOW, "rights_told_at": NOW, "recusal": {"asked": False}}


@pytest.fixture
def read(app, session, unit, phone, task):
    """Submits a record with these members changed, and gives the page that a reviewer reads."""

    def submit(**changes) -> str:
        id_, body = uuid.uuid4(), {**a_body(task, photos_for(phone, task)), **STEPS, **changes}
        answer = phone.put(f"/v1/submissions/{id_}", json=body)
        assert answer.status_code == 201, answer.get_json()
        session.expire_all()
        return (
            Desk(app, session, unit, Role.REVIEWER, name="reviewer")
            .see(f"/console/submissions/{id_}")
            .get_data(as_text=True)
        )

    return submit


def test_the_steps_on_site_are_told_with_their_times(read):
    page = read(clock_offset_ms=3_600_000)
    assert page.count("09:00") >= 2  # an hour fast: NOW is ten o'clock by the phone
    assert "未申请" in page
    assert "未记录" in page  # it was not read out


def test_who_asked_for_recusal_and_who_rejected_it_is_told(read):
    page = read(recusal={"asked": True, "ground": "检查员是房东", "decision": "张科长电话驳回"})
    assert "检查员是房东" in page
    assert "张科长电话驳回" in page


def test_drawn_signatures_stand_with_their_signers_and_not_among_the_photos(read, phone, task):
    drawn, photos = a_drawn_signature(phone, task), photos_for(phone, task)
    entity = {"role": "entity", "name": "王建国", "sha256": drawn["sha256"]}
    page = read(photos=[*photos, drawn], signatures=[*officers_sign(task), entity])
    assert f"照片 ({len(photos)})" in page
    assert page.count(f'src="/console/evidence/{drawn["id"]}') == 1
    assert "王建国 的签字" in page


def test_a_refusal_is_told_with_its_witness(read, phone, task):
    drawn = a_drawn_signature(phone, task)
    refusal = {"reason": "负责人当场离开", "witness": "李见证", "witness_sha256": drawn["sha256"]}
    page = read(photos=[*photos_for(phone, task), drawn], signatures=officers_sign(task), refusal=refusal)
    assert "负责人当场离开" in page
    assert "李见证 的签字" in page
