"""What people can do with a round before its lots: draft it in a published plan, and freeze its pool (DOMAIN §2.2–2.3)."""

from collections import Counter
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from backend import ledger
from backend.accounts.rules import Actor, Role, can_plan
from backend.draws.aims import APPROVERS, aim_of, refuse_over_ratio, refuse_steep, refuse_too_few
from backend.draws.aims import strata_of as strata_of
from backend.draws.models import Plan, PlanState, PoolExclusion, PoolMember, Round, RoundState
from backend.draws.plans import locked
from backend.draws.pools import fill_pool
from backend.ledger import Delivery, Event
from backend.problems import BadInput, Conflict, NotAllowed, NotFound, Problem
from backend.registry.models import Item
from backend.registry.rules import usable_item
from backend.times import local_today

DEFAULT_WEIGHTS = {"A": 1, "B": 2, "C": 4, "D": 8}
FILTERS = {"district", "food", "trade_format", "entity_type", "classes", "near"}
CHANGES_EXCLUSIONS = ("result.confirmed", "entity.retired")


class ItemNotUsable(Problem):
    """The item is unpublished, not in force on the day, or has no legal basis."""

    status = 422
    zh = ("抽查事项不可用", "事项 {code} 未公布、不在有效期内或没有法定依据，不能用于抽查。")
    en = (
        "The item cannot be used",
        "Item {code} is unpublished, not in force, or without a legal basis.",
    )


class ExclusionsWait(Problem):
    """Events that change exclusions have not reached the registry yet; a pool frozen now would miss them."""

    status = 409
    zh = ("名录正在更新", "还有 {waiting} 条检查结果尚未写入名录，请稍候再冻结名单。")
    en = (
        "The registry is catching up",
        "{waiting} results have not reached the registry yet; freeze the pool in a moment.",
    )


def draft_round(
    session: Session, *, actor: Actor, plan_id: UUID, title: str, item_code: str, n: int, starts: date,
    ends: date, filter: dict[str, Any] | None = None, weights: dict[str, int] | None = None,
    minimums: dict[str, int] | None = None, reserve: int = 5, team_size: int = 2,
    opens_at: datetime | None = None,
) -> Round:  # fmt: skip
    """Draft a round of a published plan. Raises NotFound, Conflict, BadInput, ItemNotUsable."""
    plan = locked(session, Plan, plan_id, "计划 plan")
    if not actor.reaches((Role.PLAN_MANAGER,), plan.unit.path, plan.district):
        raise NotAllowed(need=can_plan.__doc__)
    if plan.state != PlanState.PUBLISHED:
        raise Conflict(what="计划 plan", state=plan.state.value)
    _refuse_bad_round(n=n, starts=starts, ends=ends, filter=filter or {}, team_size=team_size)
    _refuse_bad_floors(minimums or {}, n)
    item = _usable_item(session, item_code, starts)
    code, number = _numbers(session, plan)
    round_ = Round(
        code=code, number=number, plan_id=plan.id, title=title.strip() or plan.title, item_id=item.id,
        directed=bool(filter), filter=filter or {}, weights=weights or DEFAULT_WEIGHTS, minimums=minimums or {},
        n=n, reserve=reserve, team_size=team_size, starts=starts, ends=ends, opens_at=opens_at,
        district=plan.district, unit_id=plan.unit_id, made_by=actor.person_id,
    )  # fmt: skip
    session.add(round_)
    session.flush()
    ledger.record(session, "round.drafted", round_.id, actor=actor, chain=plan.unit.code)
    return round_


def _refuse_bad_floors(minimums: dict[str, int], n: int) -> None:
    if sum(minimums.values()) > n or min(minimums.values(), default=0) < 0:
        raise BadInput({"n": ["须不少于各类至少户数之和 / must not be less than the floors of all classes together"]})


def _refuse_bad_round(*, n: int, starts: date, ends: date, filter: dict[str, Any], team_size: int) -> None:
    errors: dict[str, list[str]] = {}
    if n < 1:
        errors["n"] = ["至少抽取 1 户 / draw at least one"]
    if ends < starts:
        errors["ends"] = ["不能早于开始日期 / must not be before the start"]
    if team_size < 2:
        errors["team_size"] = ["每组至少两名执法人员 / at least two officers"]
    if unknown := set(filter) - FILTERS:
        errors["filter"] = [f"未知条件 / unknown: {', '.join(sorted(unknown))}"]
    if errors:
        raise BadInput(errors)


def _usable_item(session: Session, code: str, on: date) -> Item:
    item = session.scalar(select(Item).where(Item.code == code))
    if item is None:
        raise NotFound(what="事项 item", id=code)
    if not usable_item(item.published_at, item.valid_from, item.valid_to, item.legal_basis, on):
        raise ItemNotUsable(code=code)
    return item


def _numbers(session: Session, plan: Plan) -> tuple[str, str]:
    """The round's number for people and for exchange (DOMAIN §2.2)."""
    session.execute(text("select pg_advisory_xact_lock(hashtext('round numbers'))"))
    count = (session.scalar(select(func.count()).select_from(Round)) or 0) + 1
    place = "".join(c for c in plan.district if c.isalnum())[:6].ljust(6, "0")
    return f"汉市监抽查〔{plan.year}〕{count}号", f"{place}{local_today():%Y%m%d}{count:04d}"


def revise_round(
    session: Session, *, actor: Actor, round_id: UUID, n: int, weights: dict[str, int], minimums: dict[str, int],
    reserve: int,
) -> Round:  # fmt: skip
    """Change how many a drafted round draws, and how it aims; nothing is fixed yet. Raises NotFound, NotAllowed, Conflict, BadInput."""
    round_ = locked_round(session, actor, round_id, RoundState.DRAFT, (Role.PLAN_MANAGER,))
    _refuse_bad_round(n=n, starts=round_.starts, ends=round_.ends, filter=round_.filter, team_size=round_.team_size)
    _refuse_bad_floors(minimums, n)
    round_.n, round_.weights, round_.minimums, round_.reserve = n, weights, minimums, reserve
    ledger.record(session, "round.revised", round_.id, actor=actor, chain=round_.unit.code, n=n)
    return round_


def freeze_pool(session: Session, *, actor: Actor, round_id: UUID, acceptance: str | None = None) -> Counter[str]:
    """Fix who may be drawn, with the class each has now, and who is kept out and why. Returns counts per class.

    ``acceptance`` is the reason for which a supervisor takes a plan that breaks a bound of DRAWS §2.
    Raises Conflict, ExclusionsWait, TooFewEntities, OverTheRatio, AimTooSteep.
    """
    approvers = APPROVERS if acceptance else ()
    round_ = locked_round(session, actor, round_id, RoundState.DRAFT, (*HOLDERS, *approvers))
    _refuse_while_exclusions_wait(session)
    fill_pool(session, round_)
    counts = strata_counts(session, round_.id)
    refuse_too_few(round_, counts)
    refuse_over_ratio(session, round_, counts.total() + _kept_out(session, round_.id))
    refuse_steep(aim_of(session, round_, counts), round_, actor, acceptance)
    round_.state = RoundState.FROZEN
    ledger.record(session, "pool.frozen", round_.id, actor=actor, chain=round_.unit.code, size=counts.total(),
                  plan_version=round_.plan.version)  # fmt: skip
    return counts


def _kept_out(session: Session, round_id: UUID) -> int:
    return session.scalar(select(func.count()).where(PoolExclusion.round_id == round_id)) or 0


HOLDERS = (Role.PLAN_MANAGER, Role.DRAW_OPERATOR)


def locked_round(
    session: Session, actor: Actor, round_id: UUID, state: RoundState, roles: tuple[Role, ...] = HOLDERS
) -> Round:
    """A round that the actor may act on, locked, in the state that the deed needs. Raises NotFound, NotAllowed, Conflict."""
    round_: Round = locked(session, Round, round_id, "抽查任务 round")
    if not actor.reaches(roles, round_.unit.path, round_.district):
        raise NotAllowed(need="hold a draw")
    if round_.state != state:
        raise Conflict(what="抽查任务 round", state=round_.state.value)
    return round_


def strata_counts(session: Session, round_id: UUID) -> Counter[str]:
    """How many members each class of the frozen pool has."""
    rows = session.execute(
        select(PoolMember.stratum, func.count()).where(PoolMember.round_id == round_id).group_by(PoolMember.stratum)
    )
    return Counter(dict(rows.all()))


def _refuse_while_exclusions_wait(session: Session) -> None:
    waiting = session.scalar(
        select(func.count())
        .select_from(Delivery)
        .join(Event, Event.id == Delivery.event_id)
        .where(Event.name.in_(CHANGES_EXCLUSIONS), Delivery.state.in_(["waiting", "sent"]),
               Delivery.reaction.in_(["*", "registry.note_result"]))
    )  # fmt: skip
    if waiting:
        raise ExclusionsWait(waiting=waiting)
