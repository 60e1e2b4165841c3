"""What a reviewer reads of the steps on site: when cards were shown, what was said of recusal, who signed and how."""

import re
import uuid

import pytest

from backend.accounts.rules import Role
from backend.registry.checklists import keep_checklist
from backend.registry.forms.compile import compile_workbook
from backend.times import local_today
from tests.faces.desks import Desk
from tests.field import conftest as tasks
from tests.field.test_formalities import NOW, a_drawn_signature
from tests.field.test_visit import a_body, officers_sign, photos_for
from tests.registry.canteen import canteen_workbook

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


def test_answers_beside_the_items_are_read_in_words_row_by_row(session, read, phone, task):
    made = compile_workbook(
        "canteen.xlsx", canteen_workbook("9", code=task.checklist.code, valid_from=str(local_today()))
    )
    kept, _ = keep_checklist(session, made, b"", today=local_today())
    session.commit()
    menu, cook = a_drawn_signature(phone, task), a_drawn_signature(phone, task)
    dishes = [{"dish": "红烧肉", "grams": 130}, {"dish": "青菜", "grams": 127.5}]
    answers = {"stage": "primary", "grade": "two", "meals": ["lunch", "supper"], "pupils": 300, "dishes": dishes,
               "menu": menu["id"], "cook": cook["id"], "door": "33.07 107.02 0 8"}  # fmt: skip
    judged = [{"item": no, "value": "yes", "remark": ""} for no in (1, 2)]
    page = read(checklist_id=str(kept.id), answers=judged, form_answers=answers, photos=[menu, cook])
    told = [" ".join(re.sub("<[^>]*>", " ", pair).split()) for pair in re.findall("<dt>.*?</dd>", page, re.DOTALL)]
    assert told[told.index("学段 小学") :][:11] == [
        "学段 小学", "年级 二年级", "供餐 午餐、晚餐", "用餐人数 300", "菜名 · 第 1 行 红烧肉", "克数 · 第 1 行 130",
        "菜名 · 第 2 行 青菜", "克数 · 第 2 行 127.5", "留样合计克数 257.5", "当日菜单 查看图片", "厨师签名 查看图片",
    ]  # fmt: skip
    assert "33.07, 107.02" in page
    assert f'href="/console/evidence/{menu["id"]}/original"' in page
