"""Files that are not as they should be: each is told for what it is, and what was there before stays as it was."""

import io
import zipfile

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from backend.accounts.commands import enter_unit
from backend.accounts.models import Level
from backend.accounts.rules import Role
from backend.registry.imports import import_entities
from backend.registry.models import Entity
from backend.registry.scope import Scope, scope_of
from backend.registry.sheets import UnreadableFile, WorkbookTooLarge
from tests.makers import DISTRICT, a_code, a_unit, an_actor

HEAD = "统一社会信用代码,名称,住所,行政区划代码,属地监管所\n"


@pytest.fixture
def unit(session):
    return a_unit(session)


def row(n: int, district: str = DISTRICT, unit: str = "", name: str = "饭店") -> str:
    return f"{a_code(n)},{name}{n},东大街{n}号,{district},{unit}\n"


def load(session, content: str | bytes, name: str = "f.csv", **more):
    data = content if isinstance(content, bytes) else content.encode()
    return import_entities(session, name=name, data=data, actor="test", **more)


def told(report) -> list[tuple[int, str, str]]:
    return [(refusal.line, refusal.column, refusal.code) for refusal in report.refusals]


def kept(session) -> int:
    return session.scalar(select(func.count()).select_from(Entity))


def a_workbook(*rows: list[object]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for cells in rows:
        book.active.append(cells)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_chinese_files_come_in_whatever_their_encoding(session, unit, encoding):
    assert load(session, (HEAD + row(1)).encode(encoding)).added == 1
    assert session.scalars(select(Entity.name)).one() == "饭店1"


@pytest.mark.parametrize(
    "data",
    [
        (HEAD + row(1) + a_code(2) + ',"没有结束的引号,住所,610702,\n' + row(3)).encode(),
        (HEAD + row(1) + f'{a_code(2)},"甲"乙,住所,610702,\n').encode(),
        b"\x00\x01\x02\xff\xfe",
        (HEAD + row(1)).encode("utf-16"),
        b"PK\x03\x04 no workbook at all",
        a_workbook(["统一社会信用代码", "名称", "住所"])[:-200],
    ],
    ids=["open quote", "text after a quote", "binary", "utf-16", "no zip", "cut zip"],
)
def test_a_broken_file_is_refused_whole_and_changes_nothing(session, unit, data):
    load(session, HEAD + row(9))
    with pytest.raises(UnreadableFile) as refused:
        load(session, data)
    assert kept(session) == 1
    assert refused.value.told("zh") != refused.value.told("en")


def test_a_damaged_sheet_inside_a_sound_workbook_is_refused(session, unit):
    whole, out = a_workbook(["名称", "住所"]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as packed, zipfile.ZipFile(out, "w") as other:
        for part in packed.infolist():
            content = packed.read(part)
            other.writestr(part.filename, content[:-40] if "sheet1" in part.filename else content)
    with pytest.raises(UnreadableFile):
        load(session, out.getvalue(), "f.xlsx")


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_refused_unread(session, unit):
    out = io.BytesIO(a_workbook(["名称", "住所"]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/zeros.bin", bytes(96 * 2**20))
    assert len(out.getvalue()) < 2**20
    with pytest.raises(WorkbookTooLarge, match="96"):
        load(session, out.getvalue(), "f.xlsx")


def test_a_comma_without_quotes_is_told_instead_of_shifting_the_columns(session, unit):
    report = load(session, HEAD + f"{a_code(1)},甲饭店,东大街1号,二楼,{DISTRICT},HT\n" + row(2))
    assert (2, "+", "cells") in told(report)
    assert report.added == 1


def test_a_code_that_another_register_has_is_told(session, unit):
    load(session, HEAD + row(1))
    report = load(session, "来源编号," + HEAD + "X-1," + row(1) + "X-2," + row(2))
    assert told(report) == [(2, "uscc", "taken")]
    assert report.added == 1


def test_entities_beyond_the_importers_scope_are_refused_and_others_come_in(session, unit):
    yang = enter_unit(session, code="YX", name="洋县局", level=Level.COUNTY, district="610723", department="SAMR")
    scope = scope_of(session, an_actor(session, unit, Role.UNIT_ADMINISTRATOR))
    assert scope == Scope(((unit.path, DISTRICT),))
    report = load(session, HEAD + row(1) + row(2, unit="HT") + row(3, unit=yang.code), scope=scope)
    assert (report.added, told(report)) == (2, [(4, "district", "scope")])


def test_an_entity_of_another_unit_cannot_be_taken_over(session, unit):
    enter_unit(session, code="YX", name="洋县局", level=Level.COUNTY, district="610723", department="SAMR")
    load(session, HEAD + row(1, unit="YX"))
    scope = scope_of(session, an_actor(session, unit, Role.UNIT_ADMINISTRATOR))
    assert told(load(session, HEAD + row(1, unit="HT", name="夺"), scope=scope)) == [(2, "district", "scope")]
    assert session.scalars(select(Entity.name)).one() == "饭店1"
