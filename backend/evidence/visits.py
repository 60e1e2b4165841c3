"""A file of past inspections as the study needs it: for each visit what was known before its quarter, and what it found."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from backend.problems import Problem

COLUMNS = (
    "License",
    "Facility_Type",
    "Risk",
    "Inspection_Date",
    "Results",
    "criticalCount",
    "seriousCount",
    "minorCount",
)
FEW_MINOR = 3
FACILITIES = ("Restaurant", "School", "Grocery Store")


class NotThatFile(Problem):
    """The file lacks columns that the study needs."""

    status = 422
    zh = ("文件不符", "文件缺少这些列：{missing}。需要带有检查结果的历史检查记录。")
    en = (
        "Not that file",
        "These columns are missing: {missing}. A file of past inspections with their findings is needed.",
    )


@dataclass(frozen=True)
class Visit:
    """One inspection: the quarter it fell in, the level of each indicator known before that quarter, and whether it found a problem."""

    quarter: str
    levels: tuple[str, ...]
    problem: bool


@dataclass(frozen=True)
class _Row:
    place: str
    day: date
    facility: str
    risk: str
    result: str
    critical: bool
    serious: bool
    minor: float


def visits(file: Path) -> list[Visit]:
    """The visits of a file in order of time; a problem is ``criticalCount`` above 0. Raises NotThatFile."""
    rows = sorted(_rows(file), key=lambda row: (row.day, row.place))
    before: dict[str, list[_Row]] = defaultdict(list)
    out, quarter, waiting = [], "", list[_Row]()
    for row in rows:
        if quarter_of(row.day) != quarter:
            for known in waiting:
                before[known.place].append(known)
            quarter, waiting = quarter_of(row.day), []
        out.append(Visit(quarter, _levels(row, before[row.place]), row.critical))
        waiting.append(row)
    return out


def quarter_of(day: date) -> str:
    """2012-05-01 → 2012Q2"""
    return f"{day.year}Q{(day.month + 2) // 3}"


def _rows(file: Path) -> list[_Row]:
    with file.open(newline="", encoding="utf-8-sig") as source:
        reader = csv.DictReader(source)
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
            raise NotThatFile(missing=", ".join(missing))
        return [_row(row) for row in reader]


def _row(row: dict[str, str]) -> _Row:
    return _Row(
        row["License"], date.fromisoformat(row["Inspection_Date"]), row["Facility_Type"], row["Risk"],
        row["Results"], float(row["criticalCount"]) > 0, float(row["seriousCount"]) > 0, float(row["minorCount"]),
    )  # fmt: skip


def _levels(row: _Row, known: list[_Row]) -> tuple[str, ...]:
    """What an inspector's desk knew when the quarter began: indicator=level, nothing of the visit itself."""
    facility = row.facility if row.facility in FACILITIES else "other"
    return (f"risk={row.risk}", f"facility={facility}", *(_history(row, known) if known else ("history=none",)))


def _history(row: _Row, known: list[_Row]) -> tuple[str, ...]:
    last, before = known[-1], known[:-1]
    months = (row.day.year - last.day.year) * 12 + row.day.month - last.day.month
    return (
        f"last critical={last.critical}",
        f"last serious={last.serious}",
        f"last result={last.result}",
        f"last minor={'many' if last.minor > FEW_MINOR else 'few' if last.minor else 'none'}",
        f"earlier critical={min(2, sum(visit.critical for visit in before))}",
        f"earlier serious={min(2, sum(visit.serious for visit in before))}",
        f"visits={min(3, len(known))}",
        f"waited={min(4, months // 6)} half years",
    )
