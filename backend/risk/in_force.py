"""Which points card is in force where and when; a version is read and understood once in each process."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from backend.problems import Problem
from backend.risk.card import Scorecard as Card
from backend.risk.judging import Judge
from backend.risk.models import Scorecard

REMEMBERED = 16
_understood: OrderedDict[tuple[str, datetime], Card] = OrderedDict()
"""By version and adoption: adopted versions never change"""
_judges: list[Judge] = []


class NoScorecard(Problem):
    """Nothing can be scored before a points card is in force."""

    status = 409
    zh = ("没有生效的评分模型", "尚未采用任何评分模型，请先由模型管理员采用一个版本。")
    en = ("No points card in force", "No points card has been adopted yet; a model manager must adopt one first.")


def card_in_force(session: Session, district: str, on: date) -> Card:
    """The card of a district on a day: of the longest prefix, there the newest. Raises NoScorecard."""
    found = session.execute(
        select(Scorecard.version, Scorecard.adopted_at)
        .where(Scorecard.effective <= on, literal(district).startswith(Scorecard.district))
        .order_by(func.length(Scorecard.district).desc(), Scorecard.effective.desc(), Scorecard.adopted_at.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        raise NoScorecard
    return _card(session, found.version, found.adopted_at)


def judge_in_force(session: Session, district: str, on: date) -> Judge:
    """A judge by the card in force: the last one with all that it has judged, if card and day are the same."""
    card = card_in_force(session, district, on)
    if not (_judges and _judges[-1].card is card and _judges[-1].on == on):
        _judges[:] = [Judge(card, on)]
    return _judges[-1]


def _card(session: Session, version: str, adopted_at: datetime) -> Card:
    key = (version, adopted_at)
    if key not in _understood:
        row = session.get_one(Scorecard, version)
        _understood[key] = Card.from_rows(row.version, row.indicators, row.thresholds)
        while len(_understood) > REMEMBERED:
            _understood.popitem(last=False)
    return _understood[key]


@dataclass
class Cards:
    """The cards in force on a day, each asked for once."""

    session: Session
    on: date
    known: dict[str, Card] = field(default_factory=dict)

    def card_for(self, district: str) -> Card:
        """The card of a district. Raises NoScorecard."""
        if district not in self.known:
            self.known[district] = card_in_force(self.session, district, self.on)
        return self.known[district]

    def any_for(self, district: str) -> bool:
        """Is there a card for the district?"""
        try:
            self.card_for(district)
        except NoScorecard:
            return False
        return True
