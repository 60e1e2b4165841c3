"""The registers through their pages: search, import with a report of every refused row, export, people and phones."""

import io

import pytest

from backend.accounts.rules import Role
from tests.faces.desks import HTML, Desk, a_unit_elsewhere
from tests.makers import DISTRICT, a_code, a_unit, entities, inspectors

HEAD = "统一社会信用代码,名称,住所,行政区划,经度,纬度,坐标系\n"


@pytest.fixture
def unit(session):
    return a_unit(session)


@pytest.fixture
def desk(app, session, unit):
    return Desk(app, session, unit, Role.UNIT_ADMINISTRATOR)


def row(n: int, code: str = "") -> str:
    return f"{code or a_code(n)},第{n}饭店,东大街{n}号,{DISTRICT},107.05,33.05,WGS84\n"


def upload(desk: Desk, data: bytes, name: str = "entities.csv", **form):
    files = {"file": (io.BytesIO(data), name), "csrf": desk.csrf, **form}
    return desk.client.post("/console/imports", data=files, headers=HTML)


def test_an_import_takes_good_rows_and_reports_each_bad_one(desk):
    data = (HEAD + row(1) + row(2, "91610702MA60000000") + row(3)).encode()
    page = desk.see(upload(desk, data).location).text
    assert "91610702MA60000000" in page
    assert '<td class="num">3</td>' in page
    assert len(desk.json("/console/registry")["entities"]) == 2
    assert "entities.csv" in desk.see("/console/imports").text


def test_a_dry_run_keeps_nothing(desk):
    page = upload(desk, (HEAD + row(1)).encode(), dry_run="1")
    assert page.status_code == 200
    assert "检查结果（未保存）" in page.text
    assert desk.json("/console/registry")["entities"] == []
    assert desk.json("/console/imports")["imports"] == []


@pytest.mark.parametrize(
    ("data", "more", "status"),
    [
        (b"\x00\x01\x02\xff\xfe", {}, 422),
        (b"a,b\n1,2\n", {}, 422),
        ((HEAD + row(1)).encode(), {"mapping": (io.BytesIO(b"\xff\xfe\x00"), "m.toml")}, 422),
        ((HEAD + row(1)).encode(), {"mapping": (io.BytesIO(b"columns = 3"), "m.toml")}, 422),
        (b"", {}, 422),
    ],
)
def test_a_file_that_is_no_register_is_refused_in_words(desk, data, more, status):
    assert upload(desk, data, **more).status_code == status
    assert upload(desk, b"", name="").status_code == 422
    assert desk.json("/console/imports")["imports"] == []


def test_the_export_can_be_imported_again(desk, session):
    entities(session, 5)
    exported = desk.see("/console/exports/entities.csv")
    assert exported.mimetype == "text/csv"
    again = desk.json(upload(desk, exported.data).location)["run"]
    assert (again["read"], again["refused"], again["added"]) == (5, 0, 0)


def test_search_finds_by_name_address_code_and_class(desk, session):
    entities(session, 12)
    for words, count in (("第3饭店", 1), ("东大街 12号", 1), (a_code(7).lower(), 1), ("nothing like it", 0), ("%", 0)):
        found = desk.client.get("/console/registry", query_string={"q": words}, headers={"Accept": "application/json"})
        assert len(found.get_json()["entities"]) == count, words
    assert desk.json("/console/registry?class=D")["entities"] == []
    assert desk.json("/console/registry?q=%00%E7%AC%AC3")["entities"]


def test_inspectors_are_listed_with_whether_they_may_be_drawn(desk, session, unit):
    first, *_ = inspectors(session, unit, 3)
    first.card_valid_to = first.card_valid_to.replace(year=2020)
    session.flush()
    shown = desk.json("/console/inspectors")["inspectors"]
    assert [i["drawable"] for i in shown] == [False, True, True]
    assert "证件过期" in desk.see("/console/inspectors").text
    assert len(desk.json(f"/console/inspectors?q={first.card_no}")["inspectors"]) == 1


def test_an_enrolment_code_is_shown_as_picture_and_text_and_a_phone_can_be_revoked(desk, session, unit):
    [inspector] = inspectors(session, unit, 1)
    person = desk.json("/console/people?q=执法员")["people"][0]
    assert person["id"] == str(inspector.person_id)
    shown = desk.press(f"/console/people/{person['id']}/enrolment")
    assert "<svg" in shown.text
    assert "/field/#enrol=" in shown.text
    assert desk.press(f"/console/devices/{inspector.person_id}/revoke").status_code == 404


def test_nobody_shows_codes_for_people_of_another_unit(app, session, desk, unit):
    stranger = Desk(app, session, a_unit_elsewhere(session), Role.UNIT_ADMINISTRATOR, name="stranger")
    assert desk.press(f"/console/people/{stranger.person_id}/enrolment").status_code in (403, 404)
    assert [p["name"] for p in stranger.json("/console/people")["people"]] == ["stranger"]
