"""Who stands in a lot, by alias: the frozen pool, the anonymous tours as handed over, the inspectors who may be drawn."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import keys
from backend.accounts.rules import district_reach
from backend.draws.matching import AnonymousTour, Candidate
from backend.draws.models import Lot, Match, PoolMember, Recusal, Round
from backend.draws.primitives import alias_of, salt_of
from backend.registry.models import Inspector
from backend.registry.rules import drawable
from backend.times import utc_now

POOL_FACTOR = 2
"""A period's pool has twice as many inspectors as its tours need: enough to rest, replace and avoid"""


@dataclass(frozen=True)
class TourToMatch:
    """A bundle of day tours as the tours room hands it over: who is visited and what it needs, no team.

    ``avoid`` are the pairs of inspectors who were together at one of its entities the last time.
    """

    id: str
    group: str
    need: tuple[str, ...]
    entities: tuple[UUID, ...]
    avoid: tuple[tuple[UUID, UUID], ...] = ()


def alias(key: bytes, id_: UUID) -> str:
    """What stands for an id in a lot's public records."""
    return alias_of(salt_of(key, str(id_)), str(id_))


def aliased_pool(session: Session, lot: Lot, key: bytes) -> list[tuple[str, str, UUID]]:
    """The frozen pool as (alias, stratum, entity id), sorted by alias."""
    rows = session.execute(select(PoolMember.entity_id, PoolMember.stratum).where(PoolMember.round_id == lot.round_id))
    return sorted((alias(key, id_), stratum, id_) for id_, stratum in rows)


def staff_of(session: Session, round_: Round, first: Lot, tours: Sequence[TourToMatch], key: bytes) -> dict[str, Any]:
    """The inspectors and tours as they are committed: by alias, sorted, inner lists sorted (DRAWS §4)."""
    first_key = keys.unseal(first.alias_key, "alias key")
    recused = _recused(session, tours)
    groups = sorted({tour.group for tour in tours})
    inspectors = [
        {"id": alias(key, i.id), "group": group, "quals": sorted(i.qualifications),
         "recuse": sorted(t.id for t in tours if t.group == group and (i.id, t.id) in recused)}
        for i, group in _period_pool(session, _grouped(drawable_inspectors(session, round_), groups), tours, round_.team_size)
    ]  # fmt: skip
    listed = [
        {"id": t.id, "group": t.group, "need": sorted(t.need), "stops": sorted(alias(first_key, e) for e in t.entities),
         "avoid": sorted(sorted((alias(key, a), alias(key, b))) for a, b in t.avoid)}
        for t in tours
    ]  # fmt: skip
    return {
        "inspectors": sorted(inspectors, key=lambda i: str(i["id"])),
        "tours": sorted(listed, key=lambda t: str(t["id"])),
    }


def candidates_and_tours(staff: dict[str, Any]) -> tuple[list[Candidate], list[AnonymousTour]]:
    """A committed staff as the matching wants it."""
    candidates = [Candidate(i["id"], i["group"], tuple(i["quals"]), tuple(i["recuse"])) for i in staff["inspectors"]]
    tours = [
        AnonymousTour(
            t["id"],
            t["group"],
            tuple(t["need"]),
            tuple(t["stops"]),
            tuple((a, b) for a, b in t["avoid"]),
        )
        for t in staff["tours"]
    ]
    return candidates, tours


def drawable_inspectors(session: Session, round_: Round) -> list[Inspector]:
    """Who may be drawn for the round: active, card valid through its end, in the round's district."""
    prefix = district_reach(round_.district)
    found = session.scalars(select(Inspector).where(Inspector.district.startswith(prefix)).order_by(Inspector.id))
    return [i for i in found if drawable(i.state, i.card_valid_to, round_.ends)]


def inspectors_by_alias(session: Session, lot: Lot) -> dict[str, UUID]:
    """Whom the aliases of a teams lot stand for."""
    key = keys.unseal(lot.alias_key, "alias key")
    return {alias(key, id_): id_ for id_ in session.scalars(select(Inspector.id))}


def _grouped(inspectors: list[Inspector], groups: list[str]) -> list[tuple[Inspector, str]]:
    """Each inspector in exactly one group: one of their district's (``610702/1``, ``610702/2`` …), dealt in turn."""
    dealt: dict[str, int] = {}
    out = []
    for inspector in inspectors:
        own = [group for group in groups if group.split("/")[0] == inspector.district]
        if own:
            turn = dealt.get(inspector.district, 0)
            dealt[inspector.district] = turn + 1
            out.append((inspector, own[turn % len(own)]))
    return out


def _period_pool(
    session: Session, grouped: list[tuple[Inspector, str]], tours: Sequence[TourToMatch], size: int
) -> list[tuple[Inspector, str]]:
    """Who stands in the period's pool: of each group those with the fewest tours in a year, so that work evens out (DOMAIN §2.4).

    Twice as many as its tours need, everybody with as many tours as the last of them, and enough holders of what tours need.
    """
    loads = _loads(session)
    chosen: list[tuple[Inspector, str]] = []
    for group in sorted({group for _, group in grouped}):
        own = sorted((i for i, g in grouped if g == group), key=lambda i: (loads[i.id], i.id))
        asked = [tour for tour in tours if tour.group == group]
        kept = _least_loaded(own, loads, POOL_FACTOR * size * len(asked))
        for qual in {qual for tour in asked for qual in tour.need}:
            holders = [i for i in own if qual in i.qualifications]
            kept |= _least_loaded(holders, loads, POOL_FACTOR * len(asked))
        chosen += [(i, group) for i in own if i.id in kept]
    return chosen


def _least_loaded(inspectors: list[Inspector], loads: Counter[UUID], count: int) -> set[UUID]:
    """The first ``count`` of those sorted by load, and all with the same load as the last of them: nobody is left out by chance."""
    if len(inspectors) <= count:
        return {i.id for i in inspectors}
    last = loads[inspectors[count - 1].id]
    return {i.id for i in inspectors if loads[i.id] <= last}


def _loads(session: Session) -> Counter[UUID]:
    """How many tours each inspector was given in the last year."""
    rows = session.execute(
        select(Match.inspector_id, func.count())
        .join(Lot, Lot.id == Match.lot_id)
        .where(Lot.committed_at > utc_now() - timedelta(days=365))
        .group_by(Match.inspector_id)
    )
    return Counter(dict(rows.all()))


def _recused(session: Session, tours: Sequence[TourToMatch]) -> set[tuple[UUID, str]]:
    visits = {entity: tour.id for tour in tours for entity in tour.entities}
    rows = session.execute(select(Recusal.inspector_id, Recusal.entity_id).where(Recusal.entity_id.in_(visits)))
    return {(inspector, visits[entity]) for inspector, entity in rows}
