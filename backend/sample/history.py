"""The past of invented entities: what every source knows of them, as rows of the fact import, and their visits."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy.special import ndtri

from backend.risk.card import rows_of
from backend.risk.commands import default_rows
from backend.sample.chance import SOURCE
from backend.sample.cohort import Cohort, Row, cohorts
from backend.sample.people import SampleInspector
from backend.sample.process import Course, courses
from backend.sample.visits import CONCLUSION, GENERAL_ITEMS, SampleVisit, trade_of, visits

STATE_DAYS, EVENT_DAYS = 150, 3 * 365
"""How long ago a state was last confirmed, and an event happened, at most."""
REPAIRED = 0.07
"""Part of the repairable records that are repaired."""
PROBLEMS = frozenset({"R02", "R03", "R04", "R05", "R06", "R08"})
REG_STATES = {"dormant": "dormant", "liquidation": "liquidation", "moved_out": "moved_out", "revoked": "revoked_not_deregistered"}
FORMATS = {"producer": "restaurant"}


@dataclass(frozen=True)
class History:
    """What is known of some entities: facts (rows of the import) and past visits."""

    facts: list[Row]
    visits: list[SampleVisit]
