"""Does a round keep within its bounds: enough entities, no chance too small, no price too high, no item over its ratio?

The bounds of chance and price are DRAWS §2's; an item's ratios are the authority's own (DOMAIN §1.1).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from backend.accounts.rules import Actor, Role
from backend.draws.models import Round, RoundState
from backend.draws.rules import Stratum, allocate, design_effect, yearly_chance
from backend.draws.terms import terms_from
from backend.problems import Problem

LARGEST_DESIGN_EFFECT = 2.0
SMALLEST_CHANCE = 0.01
APPROVERS = (Role.CITY_SUPERVISOR, Role.COUNTY_SUPERVISOR)


class TooFewEntities(Problem):
    """The pool is smaller than what is to be drawn."""

    status = 422
    zh = (
        "可抽对象不足",
        "符合条件的主体有 {eligible} 户，不足 {asked} 户。请放宽筛选条件或减少抽取数。",
    )
    en = (
        "Too few entities",
        "{eligible} entities are eligible, {asked} were asked for. Widen the filter or ask for fewer.",
    )


class AimTooSteep(Problem):
    """The plan breaks a bound of DRAWS §2 and nobody has accepted that with a reason."""

    status = 422
    zh = (
        "抽取比例过于悬殊",
        "预计设计效应 {effect}（上限 2），最小概率 {chance}（下限 0.01）。请调整权重或数量，或由批准人说明理由后接受。",
    )
    en = (
        "The aim is too steep",
        "Design effect {effect} (at most 2), smallest chance {chance} (at least 0.01). Change weights or number, or let an approver accept it with a reason.",
    )


class OverTheRatio(Problem):
    """A general item may not be drawn beyond its yearly ratio."""

    status = 422
    zh = (
        "超过事项的抽查比例上限",
        "一般检查事项 {code} 的年度抽查比例上限为 {most}%：符合条件的 {found} 户中本年已安排 {before} 户，本次最多还可抽 {left} 户。",
    )
    en = (
        "Over the item's ratio",
        "General item {code} may be drawn at most at {most} % a year: of {found} entities, {before} are already planned this year, so {left} more at most.",
    )


@dataclass(frozen=True)
class Aim:
    """What a round means for those in its pool, before it is drawn."""

    sizes: dict[str, int]
    given: dict[str, int]
    """Places by class"""
    design_effect: float
    smallest_chance: float
    """Of any entity over the rounds of the year"""
    rounds: int
    """How many rounds of the year the chance counts"""

    @property
    def within_bounds(self) -> bool:
        """Do both bounds of DRAWS §2 hold?"""
        return self.design_effect <= LARGEST_DESIGN_EFFECT and self.smallest_chance >= SMALLEST_CHANCE


def strata_of(round_: Round, counts: Mapping[str, int]) -> dict[str, Stratum]:
    """The round's strata as the allocation wants them."""
    return {
        name: Stratum(size, int(round_.weights.get(name, 1)), int(round_.minimums.get(name, 0)))
        for name, size in sorted(counts.items())
    }


def aim_of(session: Session, round_: Round, counts: Mapping[str, int]) -> Aim:
    """The round's aim over a pool with so many of each class. Raises FloorsTooHigh."""
    given = allocate("", strata_of(round_, counts), round_.n)
    rounds = _rounds_of_the_year(session, round_)
    chance = min((yearly_chance([given[name] / size] * rounds) for name, size in counts.items()), default=0.0)
    return Aim(dict(counts), given, design_effect(counts, given), chance, rounds)


def _rounds_of_the_year(session: Session, round_: Round) -> int:
    """As many as the published plan means to hold, or more where more were frozen. A draft promises nobody a chance."""
    frozen = session.scalar(
        select(func.count()).where(
            Round.plan_id == round_.plan_id, Round.id != round_.id, Round.state != RoundState.DRAFT
        )
    )
    return max(terms_from(round_.plan.terms).rounds, (frozen or 0) + 1)


def refuse_steep(aim: Aim, round_: Round, actor: Actor, acceptance: str | None) -> None:
    """Refuse an aim beyond DRAWS §2's bounds, unless a supervisor accepts it with a reason. Raises AimTooSteep."""
    if aim.within_bounds:
        return
    if not acceptance or not actor.has(*APPROVERS):
        effect = "∞" if aim.design_effect == float("inf") else f"{aim.design_effect:.2f}"
        raise AimTooSteep(effect=effect, chance=f"{aim.smallest_chance:.4f}")
    round_.accepted = {"by": actor.title(), "reason": acceptance}


def drawn_this_year(session: Session, round_: Round) -> int:
    """How many the unit's other rounds of the item draw in the same year, from the moment that they are frozen."""
    return (
        session.scalar(
            select(func.sum(Round.n)).where(
                Round.item_id == round_.item_id, Round.unit_id == round_.unit_id, Round.id != round_.id,
                Round.state != RoundState.DRAFT, extract("year", Round.starts) == round_.starts.year,
            )
        )
        or 0
    )  # fmt: skip


def refuse_over_ratio(session: Session, round_: Round, found: int) -> None:
    """Refuse a general item's round beyond its yearly share of those found (eligible or kept out). Raises OverTheRatio."""
    most = round_.item.ratio_max
    if round_.item.item_class != "GENERAL" or most is None:
        return
    before = drawn_this_year(session, round_)
    if before + round_.n > most * found:
        left = max(0, int(most * found) - before)
        raise OverTheRatio(code=round_.item.code, most=f"{most * 100:g}", found=found, before=before, left=left)


def refuse_too_few(round_: Round, counts: Counter[str]) -> None:
    """Refuse a pool that is smaller than what is to be drawn. Raises TooFewEntities."""
    if counts.total() < round_.n:
        raise TooFewEntities(eligible=counts.total(), asked=round_.n)
