"""The study of aimed draws: it knows only the past, its estimates are unbiased where the found rate is not, and bad files are told."""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from backend.cli import main
from backend.evidence.aimed_draws import pools_of, study
from backend.evidence.card import fit
from backend.evidence.replays import Pool, replay
from backend.evidence.visits import Visit, visits

POOL = Pool("2012Q1", {"A": 900, "B": 500, "C": 250, "D": 150}, {"A": 60, "B": 70, "C": 60, "D": 70})
AIMED = {"A": 1, "B": 2, "C": 4, "D": 8}


def a_file(folder: Path, places: int = 900) -> Path:
    """Invented inspections of two years: bad places stay bad."""
    chance, rows = random.Random(7), []
    for place in range(places):
        tendency = chance.random() ** 2
        for visit in range(6):
            day = date(2012, 1, 1) + timedelta(days=120 * visit + chance.randrange(100))
            bad = chance.random() < tendency * 0.6
            rows.append([place, "Restaurant", "Risk 1", day, "Fail" if bad else "Pass", int(bad), 0, 2])
    file = folder / "visits.csv"
    with file.open("w", newline="") as out:
        csv.writer(out).writerows([COLUMNS_IN_ORDER, *rows])
    return file


COLUMNS_IN_ORDER = ("License", "Facility_Type", "Risk", "Inspection_Date", "Results", "criticalCount", "seriousCount",
                    "minorCount")  # fmt: skip


def test_the_estimate_is_unbiased_where_the_found_rate_is_not():
    told = replay([POOL], AIMED, 40_000, np.random.default_rng(1))
    assert abs(told.bias) < 0.0005
    assert told.lift[0] > 1.1
    assert told.coverage >= 0.93


def test_without_aiming_there_is_no_lift_and_no_price():
    told = replay([POOL], dict.fromkeys("ABCD", 1), 20_000, np.random.default_rng(1))
    assert told.lift[0] == pytest.approx(1, abs=0.03)  # two visits in each stratum come first, which aims a little
    assert told.design_effect == pytest.approx(1, abs=0.01)


def test_a_quarter_is_classed_by_what_was_known_before_it(tmp_path):
    told = visits(a_file(tmp_path))
    last = max(visit.quarter for visit in told)
    turned = [v if v.quarter < last else Visit(v.quarter, v.levels, not v.problem) for v in told]
    assert [pool.members for pool in pools_of(told)] == [pool.members for pool in pools_of(turned)]


def test_worse_pasts_get_more_points(tmp_path):
    card = fit(visits(a_file(tmp_path)))
    assert card.points["last critical=True"] > card.points["last critical=False"]
    assert card.points["earlier critical=2"] > card.points["earlier critical=0"]


def test_the_command_prints_a_table_with_every_weighting(tmp_path):
    told = CliRunner().invoke(main, ["evidence", str(a_file(tmp_path)), "--replays", "500"])
    assert told.exit_code == 0, told.output
    assert [line.split(" |")[0] for line in told.output.splitlines() if line.startswith("| 1") or line[2:3] == "2"] == [
        "| 1 : 1 : 1 : 1", "| 2 : 3 : 4 : 6", "| 1 : 2 : 4 : 8", "| 1 : 3 : 9 : 27",
    ]  # fmt: skip


def test_a_file_without_the_columns_is_told_which(tmp_path):
    (tmp_path / "other.csv").write_text("name,address\n")
    with pytest.raises(Exception, match="criticalCount"):
        visits(tmp_path / "other.csv")


@pytest.mark.long
def test_on_the_real_file_the_figures_hold(shared):
    file = shared / "data/inspections/chicago_canvass_2011_2014_08.csv"
    _, told = study(file, 400_000)
    assert max(abs(one.bias) for one in told) < 0.0002
    assert next(one for one in told if one.weights == AIMED).coverage >= 0.93
