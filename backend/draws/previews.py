"""What a drafted round would mean if it were frozen now: who is eligible, whose chance is how great, what its figures could tell."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.rules import Actor
from backend.draws import queries, sizing
from backend.draws.aims import LARGEST_DESIGN_EFFECT, SMALLEST_CHANCE, Aim, aim_of, drawn_this_year, strata_of
from backend.draws.models import Round
from backend.draws.pools import sizes_if_frozen
from backend.draws.rules import FloorsTooHigh
from backend.problems import BadInput

LIKELY_RATE = 0.1
WANTED_WIDTH = 0.05


@dataclass(frozen=True)
class Preview:
    """A drafted round, as it would be now; nothing is fixed by looking."""

    sizes: dict[str, int]
    """Eligible, by class"""
    kept_out: dict[str, int]
    """How many a rule keeps out, by reason"""
    aim: Aim | None
    """None where nobody is eligible, or the floors exceed the number"""
    half_width: float | None
    """To expect of the city rate's 95 % interval, were the rate ``rate``"""
    rate: float
    width: float
    needed: int | None
    """How many to draw so that the half width is at most ``width``; None where not even all suffice"""
    before: int
    """Drawn this year already by the unit's other rounds of the item"""
    share: float
    """Of all found, with this round: what the item's ratios speak of"""
    ratio_min: float | None
    ratio_max: float | None
    """None for key items, which have no upper ratio"""
    effect_bound: float = LARGEST_DESIGN_EFFECT
    chance_bound: float = SMALLEST_CHANCE


def preview(
    session: Session, actor: Actor, round_id: UUID, rate: float = LIKELY_RATE, width: float = WANTED_WIDTH
) -> Preview:
    """A drafted round's preview. Raises NotFound, also for rounds elsewhere, and BadInput for shares that are none."""
    if not (0 < rate < 1 and 0 < width < 1):
        raise BadInput({"rate, width": ["须在 0 与 100% 之间 / between 0 and 100 %"]})
    queries.seen_round(session, actor, round_id)
    round_ = session.get_one(Round, round_id)
    sizes, kept_out = sizes_if_frozen(session, round_)
    aim = _aim(session, round_, dict(sizes))
    before, found = drawn_this_year(session, round_), sizes.total() + kept_out.total()
    item = round_.item
    return Preview(
        dict(sizes), dict(kept_out), aim, sizing.half_width(sizes, aim.given, rate) if aim else None, rate, width,
        sizing.sample_size(strata_of(round_, sizes), rate, width), before, (before + round_.n) / found if found else 0,
        item.ratio_min, item.ratio_max if item.item_class == "GENERAL" else None,
    )  # fmt: skip


def _aim(session: Session, round_: Round, sizes: dict[str, int]) -> Aim | None:
    try:
        return aim_of(session, round_, sizes) if sizes else None
    except FloorsTooHigh:
        return None
