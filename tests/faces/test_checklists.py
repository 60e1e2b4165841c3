"""Checklists in the console: upload, faults told by sheet, row and column in both languages, download, withdrawal."""

import io

import pytest

from backend.accounts.rules import Role
from backend.registry.checklist_restaurant import ship_restaurant_checklist
from tests.faces.desks import HTML, Desk
from tests.makers import a_unit
from tests.registry.forms import a_workbook

GOOD = a_workbook([{"type": "text", "name": "q", "label::中文 (zh)": "题目甲", "label::English (en)": "Question A"}])
BAD = a_workbook(
    [
        {"type": "text", "name": "q", "label": "题", "relevant": "pulldata('x') = 1"},
        {"type": "rank list", "name": "r", "label": "题"},
    ]
)


@pytest.fixture
def desk(app, session):
    return Desk(app, session, a_unit(session), Role.UNIT_ADMINISTRATOR)


def upload(desk: Desk, data: bytes, name: str = "t.xlsx", language: str = "zh", **form):
    files = {"file": (io.BytesIO(data), name), "csrf": desk.csrf, **form}
    return desk.client.post("/console/checklists", data=files, headers={**HTML, "Accept-Language": language})


def test_an_uploaded_workbook_becomes_a_version_that_can_be_read_and_downloaded(desk):
    page = desk.see(upload(desk, GOOD).location)
    assert "题目甲" in page.text
    assert "Question A" in desk.see(page.request.path, "en").text
    (row,) = desk.json("/console/checklists")["checklists"]
    assert desk.see(f"/console/checklists/{row['id']}/workbook").data == GOOD


def test_a_dry_run_keeps_nothing(desk):
    assert "检查通过" in upload(desk, GOOD, dry_run="1").text
    assert desk.json("/console/checklists")["checklists"] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["不支持函数 pulldata()", "不支持题型“rank list”"]),
        ("en", ["pulldata() is not supported", "“rank list” is not supported"]),
    ],
)
def test_faults_are_told_by_sheet_row_and_column(desk, language, words):
    answer = upload(desk, BAD, language=language)
    assert answer.status_code == 422
    for said in (*words, "D relevant", "A type", '<td class="num">3</td>'):
        assert said in answer.text, said
    assert desk.json("/console/checklists")["checklists"] == []


@pytest.mark.parametrize(
    "data", [b"", b"a,b\n1,2\n", b"PK\x03\x04 not really", GOOD[:900]], ids=["empty", "csv", "a lie", "cut"]
)
def test_a_file_that_is_no_workbook_is_refused_in_words(desk, data):
    answer = upload(desk, data)
    assert answer.status_code == 422
    assert "XLSX" in answer.text


def test_a_version_can_be_withdrawn_until_it_is_used(desk):
    kept = upload(desk, GOOD).location
    later = a_workbook([{"type": "text", "name": "q", "label": "题"}], settings={
        "form_id": "later", "version": "1", "form_title": "以后", "valid_from": "2099-01-01"})  # fmt: skip
    path = upload(desk, later).location
    assert desk.press(f"{path}/withdraw").status_code == 303
    assert desk.see(path).status_code == 404
    assert desk.see(kept).status_code == 200


def test_the_restaurant_checks_are_shown_and_their_workbook_is_taken_again_as_the_same(desk, session):
    kept = ship_restaurant_checklist(session)
    session.commit()
    page = desk.see(f"/console/checklists/{kept.id}").text
    assert "*1<" in page
    assert "必拍" in page
    workbook = desk.see(f"/console/checklists/{kept.id}/workbook").data
    assert upload(desk, workbook).location.endswith(str(kept.id))


def test_who_may_only_look_cannot_upload(app, session):
    reader = Desk(app, session, a_unit(session), Role.REVIEWER, name="reader")
    assert "multipart" not in reader.see("/console/checklists").text
    assert upload(reader, GOOD).status_code == 403
