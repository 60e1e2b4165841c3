"""Who stands in a lot, by alias: the frozen pool, the anonymous tours as handed over, the inspectors who may be drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import keys
from backend.accounts.rules import district_reach
from backend.draws.matching import AnonymousTour, Candidate
from backend.draws.models import Lot, PoolMember, Recusal, Round
from backend.draws.primitives import alias_of, salt_of
from backend.registry.models import Inspector
from backend.registry.rules import drawable


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
        for i, group in _grouped(drawable_inspectors(session, round_), groups)
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


def _recused(session: Session, tours: Sequence[TourToMatch]) -> set[tuple[UUID, str]]:
    visits = {entity: tour.id for tour in tours for entity in tour.entities}
    rows = session.execute(select(Recusal.inspector_id, Recusal.entity_id).where(Recusal.entity_id.in_(visits)))
    return {(inspector, visits[entity]) for inspector, entity in rows}
