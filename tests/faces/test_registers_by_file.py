"""The registers by file at the console: every kind in and out, reports to download, nobody beyond their scope."""

import io

import pytest
from openpyxl import load_workbook

from backend.accounts.rules import Role
from backend.registry.imports import import_entities
from tests.faces.desks import HTML, JSON, Desk, a_unit_elsewhere
from tests.makers import DISTRICT, a_code, a_unit, entities
from tests.registry.test_lists import EXPERT, EXPERT_HEAD, ITEM, ITEM_HEAD, OFFICER, OFFICER_HEAD

HEAD = "统一社会信用代码,名称,住所,行政区划代码\n"


@pytest.fixture
def unit(session):
    return a_unit(session)


@pytest.fixture
def desk(app, session, unit):
    return Desk(app, session, unit, Role.UNIT_ADMINISTRATOR)


def upload(desk: Desk, kind: str, content: str | bytes, name: str = "f.csv", headers=HTML, **form):
    data = content.encode() if isinstance(content, str) else content
    files = {"file": (io.BytesIO(data), name), "csrf": desk.csrf, "kind": kind, **form}
    return desk.client.post("/console/imports", data=files, headers=headers)


@pytest.mark.parametrize(
    ("kind", "content", "shown"),
    [("inspectors", OFFICER_HEAD + OFFICER, "张三"), ("experts", EXPERT_HEAD + EXPERT, "省食检院")],
)
def test_a_register_comes_in_is_listed_and_goes_out_in_both_forms(desk, kind, content, shown):
    assert "检查结果（未保存）" in upload(desk, kind, content, dry_run="1").text
    assert shown not in desk.see(f"/console/{kind}").text
    assert desk.json(upload(desk, kind, content).location)["run"]["added"] == 1
    assert shown in desk.see(f"/console/{kind}").text
    for form in ("csv", "xlsx"):
        exported = desk.see(f"/console/exports/{kind}.{form}")
        again = desk.json(upload(desk, kind, exported.data, f"again.{form}").location)["run"]
        assert (again["unchanged"], again["refused"]) == (1, 0), form


def test_the_item_list_is_the_citys(app, session, unit, desk):
    run = desk.json(upload(desk, "items", ITEM_HEAD + ITEM).location)["run"]
    assert [row["code"] for row in run["report"]] == ["scope"]
    assert "管辖范围" in desk.see(f"/console/imports/{run['id']}").text
    assert desk.json("/console/items")["items"] == []


def test_the_refused_rows_can_be_downloaded(desk):
    location = upload(
        desk, "entities", HEAD + f"91610702MA60000000,坏,住,{DISTRICT}\n{a_code(1)},好,住,{DISTRICT}\n"
    ).location
    assert "report.csv" in desk.see(location).text
    report = desk.see(f"{location}/report.csv")
    assert report.mimetype == "text/csv"
    assert "91610702MA60000000" in report.data.decode("utf-8-sig")


def test_a_report_is_not_for_people_of_another_unit(app, session, desk):
    location = upload(desk, "inspectors", OFFICER_HEAD + OFFICER).location
    stranger = Desk(app, session, a_unit_elsewhere(session), Role.UNIT_ADMINISTRATOR, name="stranger")
    assert stranger.see(location).status_code == 404
    assert stranger.see(f"{location}/report.csv").status_code == 404
    assert stranger.json("/console/imports")["imports"] == []


def test_a_text_that_looks_like_a_formula_stays_a_text_in_the_workbook(desk, session):
    import_entities(session, name="f.csv", data=(HEAD + f"{a_code(1)},=1+1,住,{DISTRICT}\n").encode(), actor="t")
    book = load_workbook(io.BytesIO(desk.see("/console/exports/entities.xlsx").data))
    assert [(cell.value, cell.data_type) for cell in book.worksheets[0]["C"]][1] == ("=1+1", "s")


@pytest.mark.parametrize(
    ("form", "code"),
    [({"kind": "no such register"}, "bad-input"), ({"file": ""}, "bad-input"), ({}, "headings-missing")],
)
def test_what_is_wrong_with_an_upload_is_told_in_both_languages(desk, form, code):
    asked = {"kind": "inspectors", **form}
    files = (
        {"csrf": desk.csrf, **asked}
        if "file" in form
        else {"csrf": desk.csrf, "file": (io.BytesIO(b"a,b\n1,2\n"), "f.csv"), **asked}
    )
    problem = desk.client.post("/console/imports", data=files, headers=JSON).get_json()
    assert problem["code"] == code
    assert problem["zh"]["detail"] != problem["en"]["detail"]


def test_a_body_over_the_limit_is_refused_with_the_limit(app, desk):
    app.config["MAX_CONTENT_LENGTH"] = 2000
    refused = upload(desk, "entities", HEAD + "x" * 3000, headers=JSON)
    assert (refused.status_code, refused.get_json()["code"]) == (413, "too-large")
    assert "2000" in refused.get_json()["zh"]["detail"]


def test_a_long_list_turns_its_pages_and_every_entity_comes_once(desk, session):
    entities(session, 120)
    seen = [desk.json(f"/console/registry?page={n}")["entities"] for n in (1, 2, 3)]
    assert [len(page) for page in seen] == [50, 50, 20]
    assert len({e["id"] for page in seen for e in page}) == 120
    assert 'rel="next"' in desk.see("/console/registry?q=饭店").text
    assert 'rel="next"' not in desk.see("/console/registry?page=3").text
    assert desk.json("/console/registry?page=zwei")["number"] == 1


def test_search_by_place_takes_a_place_and_refuses_anything_else(desk, session):
    entities(session, 20)
    near = desk.json("/console/registry?place=107.02,33.023,300")["entities"]
    assert 0 < len(near) < 20
    for place in ("107", "a,b,c", "107,33,-1", "nan,33,5", "107,33,1e9"):
        assert desk.see(f"/console/registry?place={place}").status_code == 422, place


def test_the_register_of_a_past_day_shows_what_stood_then(desk, session):
    [entity] = entities(session, 1)
    assert desk.json("/console/registry/as-of?on=2020-01-01")["states"] == []
    assert "第1饭店" in desk.see("/console/registry/as-of?q=饭店").text
    assert "历史状态" in desk.see(f"/console/entities/{entity.id}?on=2020-01-01").text
    assert desk.json(f"/console/entities/{entity.id}?on=9999-12-31")["then"]["row"]["name"] == "第1饭店"
    for bad in ("on=yesterday", "after=x"):
        assert desk.see(f"/console/registry/as-of?{bad}").status_code == 422
