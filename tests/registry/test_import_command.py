"""Registers by the command line: in, out, and told in both languages what is wrong; nothing changed by a bad file."""

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from backend.cli import main
from backend.registry.models import Entity, Inspector
from tests.makers import DISTRICT, a_code, a_unit
from tests.registry.test_lists import EXPERT, EXPERT_HEAD, ITEM, ITEM_HEAD, OFFICER, OFFICER_HEAD

HEAD = "统一社会信用代码,名称,住所,行政区划代码,经度,纬度,坐标系\n"
FILES = {"items": ITEM_HEAD + ITEM, "inspectors": OFFICER_HEAD + OFFICER, "experts": EXPERT_HEAD + EXPERT}


@pytest.fixture
def fieldlot(session, tmp_path):
    """Runs ``fieldlot`` with a file of this content."""
    a_unit(session)
    session.commit()

    def run(*arguments: str, content: str | bytes = "", name: str = "f.csv"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return CliRunner().invoke(main, [str(file) if part == "FILE" else part for part in arguments])

    return run


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_goes_out_comes_in_again(fieldlot, tmp_path, kind, form):
    assert "1 added" in fieldlot("import", kind, "FILE", content=FILES[kind]).output
    out = tmp_path / f"out.{form}"
    assert fieldlot("export", kind, "--output", str(out), "--language", "en").exit_code == 0
    assert (
        "1 unchanged, 0 refused" in fieldlot("import", kind, "FILE", content=out.read_bytes(), name=f"in.{form}").output
    )


def test_an_export_without_a_file_goes_to_standard_output(fieldlot):
    fieldlot("import", "items", "FILE", content=FILES["items"])
    assert "610701000201" in fieldlot("export", "items").output


def test_a_dry_run_reports_to_a_file_and_keeps_nothing(fieldlot, session, tmp_path):
    report = tmp_path / "refused.csv"
    content = OFFICER_HEAD + OFFICER + OFFICER.replace("S1", "S2").replace("HT", "XX")
    done = fieldlot("import", "inspectors", "FILE", "--dry-run", "--report", str(report), content=content)
    assert (done.exit_code, "1 added" in done.output, "dry run" in done.output) == (0, True, True)
    assert session.scalar(select(func.count()).select_from(Inspector)) == 0
    assert "没有这个单位代码" in report.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("content", "zh", "en"),
    [
        ("a,b\n1,2\n", "缺少必需的列", "Columns are missing"),
        (HEAD + '"没有结束,', "文件无法读取", "The file cannot be read"),
        (b"PK\x03\x04nothing", "文件无法读取", "The file cannot be read"),
    ],
)
def test_a_file_that_cannot_be_taken_ends_with_one_and_both_languages(fieldlot, session, content, zh, en):
    refused = fieldlot("import", "entities", "FILE", content=content)
    assert (refused.exit_code, zh in refused.output, en in refused.output) == (1, True, True)
    assert "Traceback" not in refused.output
    assert session.scalar(select(func.count()).select_from(Entity)) == 0


def test_a_mapping_that_is_none_is_refused_in_words(fieldlot, tmp_path):
    mapping = tmp_path / "m.toml"
    for wrong in (b"columns = 3", b"\xff\xfe"):
        mapping.write_bytes(wrong)
        refused = fieldlot("import", "items", "FILE", "--mapping", str(mapping), content=FILES["items"])
        assert (refused.exit_code, "映射文件有误" in refused.output) == (1, True)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"91610702MA6YABCD6Q,甲,住,{DISTRICT},,,", "check character"),
        (f"{a_code(1)},甲,住,{DISTRICT},,,\n{a_code(1)},甲,住,{DISTRICT},,,", "line 2"),
        (f"{a_code(1)},甲,住,{DISTRICT},107.05,33.05,EPSG:3857", "coordinate system"),
    ],
)
def test_bad_rows_are_told_with_line_and_reason(fieldlot, row, reason):
    assert reason in fieldlot("import", "entities", "FILE", content=HEAD + row + "\n").output


@pytest.mark.parametrize(
    ("system", "lon", "lat"),
    [("WGS84", 107.0318, 33.0676), ("GCJ02", 107.036356, 33.065737), ("BD09", 107.042753, 33.07205)],
)
def test_the_same_place_in_any_system_is_kept_as_wgs_84_with_its_system_noted(fieldlot, session, system, lon, lat):
    fieldlot("import", "entities", "FILE", content=f"{HEAD}{a_code(1)},甲,住,,{lon},{lat},{system}\n")
    kept = session.execute(select(func.st_x(Entity.place), func.st_y(Entity.place), Entity.crs_source)).one()
    assert kept[:2] == (pytest.approx(107.0318, abs=2e-5), pytest.approx(33.0676, abs=2e-5))
    assert kept[2] == system
