"""Workbooks: whatever is outside the subset is refused by its name, at its sheet, row and column, in both languages."""

import contextlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from backend.registry.checklist_restaurant import restaurant_workbook
from backend.registry.forms import compile as compiler
from backend.registry.forms import workbook as reading
from backend.registry.forms.compile import compile_workbook
from backend.registry.forms.workbook import WorkbookRefused, WorkbookUnreadable
from tests.registry.forms import JUDGEMENT, SETTINGS, a_workbook

TEXT = {"type": "text", "name": "q", "label": "题"}
REPEAT = {"type": "begin_repeat", "name": "r", "label": "组"}
ITEM = {"type": "select_one judgement", "name": "i", "label": "项", "item_no": 1}
GROUP = [{"type": "begin_group", "name": "A", "label": "组"}, ITEM, {"type": "end_group"}]


def faults(survey, choices=JUDGEMENT, settings=None) -> list[dict]:
    with pytest.raises(WorkbookRefused) as refused:
        compile_workbook("t.xlsx", a_workbook(survey, choices, settings))
    return refused.value.facts["faults"]


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ({"type": "audio"}, "A type", "“audio”"),
        ({"type": "select_one_from_file a.csv"}, "A type", "select_one_from_file"),
        ({"type": "select_one judgement or_other"}, "A type", "or_other"),
        ({"type": "range"}, "A type", "range"),
        ({"name": "1 x"}, "B name", "1 x"),
        ({"label": None}, "C label", "label"),
        ({"relevant": "${nobody} = 1"}, "D relevant", "nobody"),
        ({"relevant": ". = 1"}, "D relevant", "“.”"),
        ({"constraint": "once(.)"}, "D constraint", "once()"),
        ({"constraint": ". >"}, "D constraint", "missing"),
        ({"default": "1"}, "D default", "default"),
        ({"media::image": "a.png"}, "D media::image", "media"),
        ({"label::Français (fr)": "q"}, "D label::Français (fr)", "fr"),
        ({"calculation": "1"}, "D calculation", "calculat"),
        ({"appearance": "map"}, "D appearance", "map"),
        ({"hint": "${nobody}"}, "D hint", "nobody"),
        ({"repeat_count": "3"}, "D repeat_count", "repeat_count"),
        ({"photo_rule": "SOMETIMES", **ITEM}, "D photo_rule", "ALWAYS"),
    ],
)
def test_a_fault_is_told_at_its_cell(row, column, said):
    (fault, *_) = [
        fault for fault in faults([{"type": "note", "name": "n", "label": "注"}, {**TEXT, **row}]) if fault["row"] == 3
    ]
    assert (fault["sheet"], fault["column"]) == ("survey", column)
    assert said in fault["en"] + fault["zh"]
    assert fault["zh"] != fault["en"]


@pytest.mark.parametrize(
    "survey",
    [
        [{**TEXT, "relevant": "${q} = 1"}],
        [{**TEXT, "relevant": "${p} = 1"}, {**TEXT, "name": "p", "relevant": "${q} = 1"}],
        [TEXT, TEXT],
        [{"type": "begin_group", "name": "g", "label": "组"}, TEXT],
        [TEXT, {"type": "end_group"}],
        [REPEAT, {**REPEAT, "name": "s"}, TEXT, {"type": "end_repeat"}, {"type": "end_repeat"}],
        [REPEAT, TEXT, {"type": "end_repeat"}, {**TEXT, "name": "o", "relevant": "${q} = 1"}],
        [ITEM],
        [*GROUP, {"type": "begin_group", "name": "B", "label": "组"}, {**ITEM, "name": "j"}, {"type": "end_group"}],
        [{**ITEM, "type": "select_one nowhere"}],
        [],
    ],
    ids=["itself", "a circle", "one name twice", "no end", "no begin", "repeat in repeat", "many for one", "item outside groups",
         "one number twice", "no such list", "nothing"],
)  # fmt: skip
def test_what_does_not_hold_together_is_refused(survey):
    assert all(fault["zh"] and fault["en"] for fault in faults(survey))


@pytest.mark.parametrize(
    "wrong",
    [
        {"form_id": "No"},
        {"version": ""},
        {"form_title": ""},
        {"valid_from": "soon"},
        {"general_max_for_basic": "-1"},
        {"public_key": "x"},
    ],
)
def test_settings_are_checked(wrong):
    (fault, *_) = faults([TEXT], settings={**SETTINGS, **wrong})
    assert fault["sheet"] == "settings"


def test_what_only_pyxform_finds_is_told_at_its_row(monkeypatch):
    book = reading.read_workbook("t.xlsx", a_workbook([TEXT, {**TEXT, "name": "p", "relevant": "${nobody} = 1"}]))
    (fault,) = compiler._pyxform_faults(book)
    assert (fault.sheet, fault.row) == ("survey", 3)
    assert "nobody" in fault.en


def test_english_is_shown_where_chinese_is_missing_and_the_other_way_round():
    form = compile_workbook(
        "t.xlsx", a_workbook([{"type": "text", "name": "q", "label::English (en)": "Why?"}, {**TEXT, "name": "p"}])
    ).body["form"]
    assert [node["label"] for node in form["nodes"]] == [{"zh": "Why?", "en": "Why?"}, {"zh": "题", "en": "题"}]


def test_the_same_workbook_always_gives_the_same_hash():
    first, second = (compile_workbook("t.xlsx", restaurant_workbook()) for _ in range(2))
    assert first.sha256 == second.sha256


def a_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"<html>", a_bomb(), b"0" * 2_000_001], ids=["empty", "cut", "html", "bomb", "large"]
)
def test_what_is_no_workbook_is_refused(data):
    with pytest.raises(WorkbookUnreadable):
        compile_workbook("t.xlsx", data)


@pytest.mark.parametrize(("cell", "text", "row"), [("A1048576", "x", 1048576), ("C3", "x" * 5000, 3), ("D2", "x", 2)])
def test_cells_far_away_far_too_long_or_without_a_heading_are_refused(cell, text, row):
    book = load_workbook(io.BytesIO(a_workbook([TEXT])))
    book["survey"][cell] = text
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(WorkbookRefused) as refused:
        compile_workbook("t.xlsx", out.getvalue())
    assert refused.value.facts["faults"][0]["row"] == row


def changed(change) -> bytes:
    """A sound workbook after somebody worked on it."""
    book, out = load_workbook(io.BytesIO(a_workbook([TEXT, {**TEXT, "name": "r"}]))), io.BytesIO()
    change(book)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        (lambda book: book["survey"].__setitem__("C3", '="Q" & "2"'), ("survey", 3, "C"), "formula"),
        (lambda book: book["choices"].__setitem__("C2", "#REF!"), ("choices", 2, "C"), "error"),
        (lambda book: book["settings"].__setitem__("B2", "=1+1"), ("settings", 2, "B"), "formula"),
        (lambda book: book["survey"].merge_cells("C2:C3"), ("survey", 2, "C2:C3"), "unmerge"),
    ],
    ids=["formula", "error", "a formula among settings", "merged"],
)
def test_what_only_looks_filled_is_told_at_its_cell(change, where, said):
    with pytest.raises(WorkbookRefused) as refused:
        compile_workbook("t.xlsx", changed(change))
    (fault,) = refused.value.facts["faults"]
    assert (fault["sheet"], fault["row"], fault["column"]) == where
    assert said in fault["en"]


def test_other_sheets_may_be_merged_and_may_reckon():
    def explain(book: Workbook) -> None:
        sheet = book.create_sheet("how to fill")
        sheet["A1"] = "=1+1"
        sheet.merge_cells("A1:C1")

    assert len(compile_workbook("t.xlsx", changed(explain)).body["form"]["nodes"]) == 2


def test_a_text_that_begins_like_a_formula_is_a_text():
    def quote(book: Workbook) -> None:
        book["survey"]["C3"] = "=甲"
        book["survey"]["C3"].data_type = "s"

    assert compile_workbook("t.xlsx", changed(quote)).body["form"]["nodes"][1]["label"]["zh"] == "=甲"


def test_macros_are_refused_by_name():
    out = io.BytesIO(a_workbook([TEXT]))
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
    with pytest.raises(WorkbookUnreadable) as refused:
        compile_workbook("t.xlsm", out.getvalue())
    assert "宏" in refused.value.facts["zh_why"]


def test_twenty_thousand_rows_are_refused_at_the_first_too_many():
    told = faults([{**TEXT, "name": f"q{at}"} for at in range(20_000)])
    assert (told[0]["row"], len(told)) == (3001, 200)


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>"""


def rewritten(part: str, content: bytes) -> bytes:
    """The workbook with one of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(a_workbook([TEXT]))) as packed, zipfile.ZipFile(out, "w") as new:
        for name in packed.namelist():
            new.writestr(name, content if name == part else packed.read(name))
    return out.getvalue()


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml", "xl/styles.xml"]
)
@pytest.mark.parametrize("content", [LAUGHS, b"", b"<x", b"\xff\xfe\x00"], ids=["entities", "empty", "cut", "bytes"])
def test_parts_that_are_no_sound_xml_are_refused(part, content):
    with pytest.raises((WorkbookUnreadable, WorkbookRefused)):
        compile_workbook("t.xlsx", rewritten(part, content))


@given(changes=st.dictionaries(st.integers(0, 4000), st.integers(0, 255), min_size=1, max_size=6))
def test_whatever_bytes_are_changed_the_answer_is_a_checklist_or_a_problem(changes):
    data = bytearray(a_workbook(GROUP))
    for at, byte in changes.items():
        data[at % len(data)] = byte
    with contextlib.suppress(WorkbookUnreadable, WorkbookRefused):
        compile_workbook("t.xlsx", bytes(data))


def test_a_workbook_without_its_sheets_is_refused():
    out = io.BytesIO()
    Workbook().save(out)
    with pytest.raises(WorkbookRefused) as refused:
        compile_workbook("t.xlsx", out.getvalue())
    assert {fault["sheet"] for fault in refused.value.facts["faults"]} == {"survey", "settings"}
