"""Scoring all entities of a district in a few statements: Python judges each distinct value once, SQL spreads the judgements.

Only entities whose score, class or reasons changed write history. Nothing is committed here: whoever scores a city gives
each district a transaction of its own, because a long one holds back what every phone may pull (DESIGN §2).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.risk import spread
from backend.risk.card import Scorecard
from backend.risk.grammar import ValueOutsideRule
from backend.risk.judging import LICENCE_KIND, Judge, Row
from backend.times import utc_now

MEMORY = "128MB"
NO_LOOPS, LOOPS = "set local enable_nestloop = off", "set local enable_nestloop = on"
"""Who joins many columns at once is taken for few rows, and few rows for a reason to loop: hours instead of seconds."""

NO_SORTS, SORTS = "set local enable_sort = off", "set local enable_sort = on"
"""A tally is hashed: sorting a district's facts costs more than adding them up."""
KNOW_ENTITIES = "analyze scoring_entities (eno, id, audiences)"


@dataclass(frozen=True)
class Scored:
    """What came of a district: how many entities were scored, and how many of them have a new finding."""

    count: int
    changed: int


@dataclass(frozen=True)
class Bulk:
    """One district, by one card, as of one day, for one cause."""

    session: Session
    judge: Judge
    district: str
    cause: str

    def run(self) -> Scored:
        """Score the district. Raises ValueOutsideRule, with nothing kept."""
        self._run(f"set local work_mem = '{MEMORY}'")
        self._run(NO_LOOPS)
        self._run("drop table if exists " + ", ".join([*spread.SCRATCH, *spread.MADE]))
        self._find()
        count = self._number("select count(*) from scoring_found")
        self._refuse_unsound()
        if changed := count - self._run(spread.UNCHANGED).rowcount:
            self._keep()
        self._run(LOOPS)
        return Scored(count, changed)

    def _find(self) -> None:
        """Facts to points and classes, in ``scoring_found``."""
        self._take("scoring_places", self.judge.indicators())
        self._run(spread.ROWS)
        self._take("scoring_kinds", self.judge.kinds(self._run(spread.KINDS)))
        self._take("scoring_register", self.judge.register(self._run(spread.KEYS)))
        self._run(spread.ENTITIES)
        self._take("scoring_values", self.judge.values(self._run(spread.VALUES)))
        for statement in (KNOW_ENTITIES, NO_SORTS, spread.TALLY, SORTS, spread.SEVERAL, "analyze scoring_chosen"):
            self._run(statement)
        self._sum_up()
        self._run(spread.FOUND)

    def _sum_up(self) -> None:
        """What events of the chosen entities add up to."""
        self._run(spread.SUMS)
        self._take("scoring_totals", self.judge.totals(self._run(spread.TOTALS)))

    def _refuse_unsound(self) -> None:
        wrong = self._run("select wrong from scoring_found where wrong is not null limit 1").scalar()
        if wrong is not None:
            place, _, value = wrong.partition("=")
            indicator = self.judge.card.indicators[int(place)]
            raise ValueOutsideRule(value=value, rule=indicator.rule.text, indicator=indicator.code)

    def _keep(self) -> None:
        """History with reasons, class and mark of those that changed."""
        for statement in ("analyze scoring_found", spread.FRESH, spread.CHANGED, "analyze scoring_chosen"):
            self._run(statement)
        self._sum_up()
        self._run(spread.REASONS)
        self._take("scoring_unknown", self.judge.unknown(self._run(spread.SILENT)))
        for statement in (spread.KEEP, spread.CLASSIFY, spread.MARK):
            self._run(statement)

    def _take(self, table: str, rows: Iterable[Row]) -> None:
        """Make a scratch table of rows."""
        self._run(f"create temp table {table} ({spread.SCRATCH[table]}) on commit drop")
        cursor = self.session.connection().connection.cursor()
        with cursor.copy(f"copy {table} from stdin") as copy:
            for row in list(rows):
                copy.write_row(row)
        self._run(f"analyze {table}")

    def _run(self, statement: str) -> Any:
        wanted = {key: value for key, value in self._facts.items() if f":{key}" in statement}
        return self.session.execute(text(statement), wanted)

    def _number(self, query: str) -> int:
        return int(self._run(query).scalar_one())

    @property
    def _facts(self) -> dict[str, Any]:
        card: Scorecard = self.judge.card
        limits = {name.lower(): points * 100 for name, points in card.thresholds.items()}
        return {
            "district": self.district, "on": self.judge.on, "ages": self.judge.ages(), "licence": LICENCE_KIND,
            "version": card.version, "cause": self.cause, "at": utc_now(), "nothing": "0" * len(card.indicators), **limits,
        }  # fmt: skip


def score_district(session: Session, *, card: Scorecard, district: str, on: date, cause: str) -> Scored:
    """Score every entity of one district by a card as of a day; those that no indicator concerns are left aside.

    Raises ValueOutsideRule.
    """
    return Bulk(session, Judge(card, on), district, cause).run()
