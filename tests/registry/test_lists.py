"""Item list, inspectors and experts by file: good rows in, every bad row told, nothing twice, nobody beyond their scope."""

import io
from datetime import date

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from backend.accounts.commands import enter_unit
from backend.accounts.models import Level, Person, RoleGrant
from backend.accounts.rules import Role
from backend.draws.models import Recusal
from backend.draws.registers import import_register
from backend.registry import past
from backend.registry.exports import export_csv, export_xlsx
from backend.registry.models import Expert, Inspector, Item
from backend.registry.scope import scope_of
from backend.registry.sheets import HeadingsMissing
from tests.makers import a_code, a_unit, an_actor, entities

ITEM_HEAD = (
    "事项编号,抽查事项名称,部门编码,抽查依据,生效日期,事项类别,最高抽查比例,年度抽查频次上限,检查人员要求,抽查对象\n"
)
ITEM = "610701000201,餐饮检查,01,食品安全法|第一百一十条|https://flk.npc.gov.cn|2021-04-29,2026-01-01,重点检查事项,5%,2,餐饮,企业;个体户\n"
OFFICER_HEAD = "card_no,name,unit_code,card_valid_to,qualifications,state,recusals\n"
OFFICER = "S1,张三,HT,2030-01-01,餐饮;综合,有效,\n"
EXPERT_HEAD = "姓名,工作单位,专业特长,资格证书编号,已签保密承诺,聘期至,单位编码\n"
EXPERT = "李四,省食检院,微生物;添加剂,Z-1,是,2028-12-31,HT\n"


@pytest.fixture
def unit(session):
    return a_unit(session)


def load(session, kind: str, content: str | bytes, **more):
    data = content if isinstance(content, bytes) else content.encode()
    return import_register(session, kind, name="f.csv", data=data, actor="test", **more)


def told(report) -> list[tuple[int, str, str]]:
    return [(refusal.line, refusal.column, refusal.code) for refusal in report.refusals]


@pytest.mark.parametrize(
    ("kind", "content"),
    [("items", ITEM_HEAD + ITEM), ("inspectors", OFFICER_HEAD + OFFICER), ("experts", EXPERT_HEAD + EXPERT)],
)
def test_the_same_file_twice_changes_nothing_and_an_export_comes_in_again(session, unit, kind, content):
    first, again = load(session, kind, content), load(session, kind, content)
    assert (first.added, first.refusals) == (1, [])
    assert (again.added, again.changed, again.unchanged) == (0, 0, 1)
    for language in ("zh", "en"):
        assert load(session, kind, "".join(export_csv(session, kind, language=language))).unchanged == 1
        assert load(session, kind, export_xlsx(session, kind, language=language)).unchanged == 1


def test_an_item_comes_in_with_its_basis_ratio_and_trades(session, unit):
    load(session, "items", ITEM_HEAD + ITEM)
    item = session.scalars(select(Item)).one()
    assert item.legal_basis == [
        {"law": "食品安全法", "article": "第一百一十条", "url": "https://flk.npc.gov.cn", "effective": "2021-04-29"}
    ]
    assert (item.ratio_max, item.frequency_cap, item.item_class) == (0.05, 2, "KEY")
    assert (item.qualification, item.object_types) == ("food_catering", ["company", "individual"])


def test_an_earlier_state_of_an_item_can_be_asked_for(session, unit):
    load(session, "items", ITEM_HEAD + ITEM)
    item = session.scalars(select(Item)).one()
    session.commit()
    before = session.scalar(select(func.clock_timestamp()))
    assert load(session, "items", ITEM_HEAD + ITEM.replace("餐饮检查", "餐饮服务检查")).changed == 1
    assert past.as_of(session, "items", item.id, before)["name"] == "餐饮检查"


BAD_ITEMS = [
    (ITEM.replace("610701000201", "61070100020X"), "code", "item_code"),
    (ITEM.replace("食品安全法|第一百一十条|https://flk.npc.gov.cn|2021-04-29", ""), "legal_basis", "missing"),
    (ITEM.replace("5%", "150%"), "ratio_max", "ratio"),
    (ITEM.replace(",2,", ",0,"), "frequency_cap", "whole"),
    (ITEM.replace("企业;", "火星人;"), "object_types", "choice"),
    (ITEM.replace("2026-01-01", "元旦"), "valid_from", "date"),
]
BAD_OFFICERS = [
    (OFFICER.replace("HT", "XX"), "unit_code", "unit"),
    (OFFICER.replace("2030-01-01", ""), "card_valid_to", "missing"),
    (OFFICER.replace("有效", "在休假"), "state", "choice"),
    (OFFICER.replace("有效,", "有效,91610702MA6YABCD6P|近亲属"), "recusals", "entity"),
]


@pytest.mark.parametrize(
    ("kind", "head", "good", "bad", "column", "code"),
    [("items", ITEM_HEAD, ITEM.replace("0201", "0301"), *case) for case in BAD_ITEMS]
    + [("inspectors", OFFICER_HEAD, OFFICER.replace("S1", "S2"), *case) for case in BAD_OFFICERS]
    + [("experts", EXPERT_HEAD, EXPERT, EXPERT.replace("李四", "").replace("Z-1", "Z-2"), "name", "missing")],
)
def test_a_bad_row_is_told_and_the_good_one_comes_in(session, unit, kind, head, good, bad, column, code):
    report = load(session, kind, head + bad + good)
    assert told(report) == [(2, column, code)]
    assert report.added == 1
    row = report.refusals[0].as_json()
    assert row["zh"] != row["en"]
    assert row["column_zh"] != row["column"]


def test_a_key_that_comes_again_names_the_line_it_repeats(session, unit):
    report = load(session, "inspectors", OFFICER_HEAD + OFFICER + OFFICER.replace("张三", "王五"))
    assert told(report) == [(3, "card_no", "duplicate")]
    assert report.refusals[0].other == 2


def test_an_officer_gets_their_role_and_a_move_of_unit_moves_it(session, unit):
    load(session, "inspectors", OFFICER_HEAD + OFFICER)
    other = enter_unit(session, code="HT2", name="二所", level=Level.TOWNSHIP, district=unit.district,
                       department="SAMR", parent=unit)  # fmt: skip
    assert load(session, "inspectors", OFFICER_HEAD + OFFICER.replace("HT", "HT2")).changed == 1
    inspector = session.scalars(select(Inspector)).one()
    grants = session.scalars(select(RoleGrant.unit_id).where(RoleGrant.person_id == inspector.person_id)).all()
    assert (grants, inspector.unit_id) == ([other.id], other.id)
    assert session.get_one(Person, inspector.person_id).unit_id == other.id


def test_recusals_in_the_file_are_declared_once(session, unit):
    [entity] = entities(session, 1)
    row = OFFICER.replace("有效,", f"有效,{a_code(1)}|近亲属")
    for _ in range(2):
        assert load(session, "inspectors", OFFICER_HEAD + row).refusals == []
    recusal = session.scalars(select(Recusal)).one()
    assert (recusal.entity_id, recusal.ground) == (entity.id, "近亲属")
    assert "近亲属" not in "".join(export_csv(session, "inspectors"))


@pytest.mark.parametrize(
    ("kind", "content", "model"),
    [("items", ITEM_HEAD + ITEM, Item), ("inspectors", OFFICER_HEAD + OFFICER, Inspector),
     ("experts", EXPERT_HEAD + EXPERT, Expert)],
)  # fmt: skip
def test_a_dry_run_keeps_nothing(session, unit, kind, content, model):
    assert load(session, kind, content, dry_run=True).added == 1
    assert session.scalar(select(func.count()).select_from(model)) == 0


def test_rows_beyond_the_importers_scope_are_refused_and_others_come_in(session, unit):
    enter_unit(session, code="YX", name="洋县局", level=Level.COUNTY, district="610723", department="SAMR")
    scope = scope_of(session, an_actor(session, unit, Role.UNIT_ADMINISTRATOR))
    rows = OFFICER + OFFICER.replace("S1", "S2").replace("HT", "YX")
    report = load(session, "inspectors", OFFICER_HEAD + rows, scope=scope)
    assert (report.added, told(report)) == (1, [(3, "unit_code", "scope")])
    assert told(load(session, "items", ITEM_HEAD + ITEM, scope=scope)) == [(2, "code", "scope")]
    elsewhere = EXPERT_HEAD + EXPERT.replace("HT", "YX") + EXPERT.replace("Z-1", "Z-2").replace("HT", "")
    assert [code for *_, code in told(load(session, "experts", elsewhere, scope=scope))] == ["scope", "scope"]


def test_an_officer_of_another_unit_cannot_be_taken_over(session, unit):
    enter_unit(session, code="YX", name="洋县局", level=Level.COUNTY, district="610723", department="SAMR")
    load(session, "inspectors", OFFICER_HEAD + OFFICER.replace("HT", "YX"))
    scope = scope_of(session, an_actor(session, unit, Role.UNIT_ADMINISTRATOR))
    assert told(load(session, "inspectors", OFFICER_HEAD + OFFICER, scope=scope)) == [(2, "unit_code", "scope")]


def test_a_city_importer_may_touch_the_item_list(session, unit):
    city = enter_unit(session, code="C", name="市局", level=Level.CITY, district="610700", department="SAMR")
    scope = scope_of(session, an_actor(session, city, Role.CITY_SUPERVISOR))
    assert load(session, "items", ITEM_HEAD + ITEM, scope=scope).added == 1


def test_files_of_another_register_are_refused_whole(session, unit):
    with pytest.raises(HeadingsMissing, match="执法证编号"):
        load(session, "inspectors", ITEM_HEAD + ITEM)


def test_a_workbook_with_real_dates_and_numbers_comes_in(session, unit):
    book, out = Workbook(), io.BytesIO()
    book.active.append(["执法证编号", "姓名", "单位编码", "执法证有效期至"])
    book.active.append([61070012, "张三", "HT", date(2030, 1, 1)])
    book.save(out)
    assert load(session, "inspectors", out.getvalue()).refusals == []
    assert session.scalars(select(Inspector.card_no)).one() == "61070012"
