"""Imports: good rows in, every bad row told with line, column and reason, nothing twice."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from backend.registry import past, queries
from backend.registry.commands import enter_district
from backend.registry.exports import export_csv
from backend.registry.imports import import_entities
from backend.registry.models import Entity
from backend.registry.sheets import HeadingsMissing, UnreadableFile, read_mapping

SQUARE = {
    "type": "MultiPolygon",
    "coordinates": [[[[107, 33], [107.2, 33], [107.2, 33.2], [107, 33.2], [107, 33]]]],
}
HEAD = "统一社会信用代码,名称,住所,行政区划代码,经度,纬度,坐标系,行业代码\n"
GOOD = (
    HEAD
    + "91610702MA6YABCD6P,甲饭馆,东大街1号,610702,107.05,33.07,WGS84,6210\n92610702MA6YABCE4F,乙商店,西大街2号,,107.104555,33.098123,GCJ02,5213\n"
)


@pytest.fixture
def district(session: Session) -> None:
    enter_district(session, code="610702", name="汉台区", name_en="Hantai", level="county", area=SQUARE)


def load(session: Session, content: str, **more):
    return import_entities(session, name="f.csv", data=content.encode(), actor="test", **more)


def test_good_rows_come_in_and_the_district_of_a_place_is_found(session, district):
    report = load(session, GOOD)
    assert (report.added, report.refused) == (2, 0)
    shop = session.scalars(select(Entity).where(Entity.name == "乙商店")).one()
    assert (shop.district, shop.crs_source, shop.food) == ("610702", "GCJ02", True)
    lon = session.scalar(select(func.st_x(Entity.place)).where(Entity.id == shop.id))
    assert lon == pytest.approx(107.1, abs=1e-3)


def test_the_same_file_twice_changes_nothing(session, district):
    load(session, GOOD)
    report = load(session, GOOD)
    assert (report.added, report.changed, report.unchanged) == (0, 0, 2)


BAD_ROWS = [
    ("91610702MA6YABCD6Q,甲,住,610702,,,,", "uscc", "check"),
    ("9161O702MA6YABCD6P,甲,住,610702,,,,", "uscc", "character"),
    (",甲,住,610702,,,,", "uscc", "key"),
    ("91610702MA6YABCD6P,,住,610702,,,,", "name", "missing"),
    ("91610702MA6YABCD6P,甲,住,610702,abc,33,,", "lon", "number"),
    ("91610702MA6YABCD6P,甲,住,610702,107,,,", "lon", "half"),
    ("91610702MA6YABCD6P,甲,住,610702,107,33,EPSG:3857,", "crs", "crs"),
    ("91610702MA6YABCD6P,甲,住,999999,,,,", "district", "district"),
    ("91610702MA6YABCD6P,甲,住,,100,30,,", "district", "outside"),
]


@pytest.mark.parametrize(("row", "column", "code"), BAD_ROWS)
def test_a_bad_row_is_told_with_its_column_and_reason_and_the_good_ones_come_in(session, district, row, column, code):
    report = load(session, HEAD + row + "\n92610702MA6YABCE4F,乙,住,610702,,,,\n")
    assert [(r.line, r.column, r.code) for r in report.refusals] == [(2, column, code)]
    assert report.added == 1
    assert {"zh", "en", "value"} <= report.refusals[0].as_json().keys()


def test_a_duplicate_names_the_line_it_repeats(session, district):
    report = load(session, GOOD + "91610702MA6YABCD6P,又甲,住,610702,,,,\n")
    assert [(r.line, r.code, r.other) for r in report.refusals] == [(4, "duplicate", 2)]


def test_a_dry_run_reports_and_keeps_nothing(session, district):
    assert load(session, GOOD, dry_run=True).added == 2
    assert session.scalar(select(func.count()).select_from(Entity)) == 0


def test_foreign_columns_come_in_by_a_mapping(session, district):
    mapping = read_mapping("""
source = "other"
repeated = "last"
[columns]
source_id = "No"
name = "Title"
address = "Street"
entity_type = "Kind"
[constants]
district = "X-1"
[values.entity_type]
"Ltd" = "company"
"*" = "other"
""")
    report = load(
        session,
        "No,Title,Street,Kind\n7,Old,A St,Ltd\n7,New,A St,Ltd\n8,B,B St,?\n",
        mapping=mapping,
    )
    assert (report.added, report.refused) == (2, 0)
    assert session.scalars(select(Entity.name).order_by(Entity.source_id)).all() == ["New", "B"]


def test_files_that_are_none_are_refused_whole(session):
    with pytest.raises(UnreadableFile):
        load(session, "\x00\x01\x02")
    with pytest.raises(HeadingsMissing, match="name"):
        load(session, "a,b\n1,2\n")


def test_every_past_state_can_be_asked_for(session, district):
    load(session, GOOD)
    session.commit()
    before = session.scalar(text("select clock_timestamp()"))
    id_ = session.scalars(select(Entity.id).where(Entity.name == "甲饭馆")).one()
    load(session, GOOD.replace("甲饭馆", "甲酒楼"))
    now = session.scalar(text("select clock_timestamp()"))
    assert past.as_of(session, "entities", id_, before)["name"] == "甲饭馆"
    assert past.as_of(session, "entities", id_, now)["name"] == "甲酒楼"


@pytest.mark.parametrize("words", ["91610702MA6YABCD6P", "甲饭", "东大街 甲", "饭馆", "91610702ma6yabcd6p"])
def test_search_finds_by_code_name_and_address(session, district, words):
    load(session, GOOD)
    assert [e.name for e in queries.search_entities(session, words=words)] == ["甲饭馆"]


def test_search_by_words_uses_the_index_of_words(session):
    session.execute(text("set local enable_seqscan = off"))
    asked = select(Entity.id).where(queries._matches("东大街 甲饭馆")).compile(session.bind)
    plan = session.connection().exec_driver_sql(f"explain {asked}", asked.params).scalars().all()
    assert "entities_words_idx" in "".join(plan)


def test_search_finds_by_place(session, district):
    load(session, GOOD)
    found = queries.search_entities(session, near=(107.0501, 33.0701, 500))
    assert [e.name for e in found] == ["甲饭馆"]


def test_an_export_can_be_imported_again(session, district):
    load(session, GOOD)
    again = "".join(export_csv(session, "entities"))
    assert load(session, again.removeprefix("\ufeff")).unchanged == 1  # the GCJ-02 row is now given in WGS 84
