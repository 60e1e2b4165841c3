"""What people can ask of a lot under way or drawn: its sources, its picks and teams, and what a visited party may know."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import keys
from backend.accounts.models import Person
from backend.draws import log
from backend.draws.acts import not_before
from backend.draws.beacon import beacon_url, round_time
from backend.draws.changes import Salt, resting
from backend.draws.matching import leader
from backend.draws.models import Lot, LotState, Match, OfferedNonce, Pick, PoolMember, Witnessing
from backend.draws.nonces import AGENCY
from backend.draws.primitives import alias_of, salt_of
from backend.draws.rules import ticket
from backend.draws.sources import WITNESSES, missing_sources
from backend.draws.staff import inspectors_by_alias
from backend.problems import NotFound
from backend.registry.models import Entity, Inspector


@dataclass(frozen=True)
class SourceView:
    """One planned source of the seed: ``dice``, ``drand`` or ``nonce``; whose; and whether it is in."""

    kind: str
    party: str
    state: str
    """``waiting`` for somebody, ``kept`` (committed, comes with the seed), ``in``"""
    detail: str


@dataclass(frozen=True)
class Ceremony:
    """Where a lot's ceremony stands: what is fixed, what is still open, and since when chance may enter."""

    lot_id: UUID
    name: str
    kind: str
    attempt: int
    state: str
    lead: int
    not_before: datetime
    sources: list[SourceView]
    missing: list[str]
    drand: dict[str, Any] | None
    """{round, time, url, chain}"""
    void: dict[str, Any] | None
    """{reason, …}: asked for, or signed where the state is ``void``"""
    head: log.Head


def ceremony(session: Session, lot_id: UUID) -> Ceremony:
    """A lot's ceremony. Raises NotFound."""
    lot = _lot(session, lot_id)
    planned = lot.seed_plan["drand"]
    beacon = planned and {"round": planned["round"], "time": round_time(planned), "url": beacon_url(planned),
                          "chain": planned["chain"]}  # fmt: skip
    return Ceremony(
        lot.id, lot.name, lot.kind, lot.attempt, lot.state.value, lot.seed_plan["lead"], not_before(session, lot),
        list(_sources(session, lot)), missing_sources(session, lot) if lot.state != LotState.VOID else [], beacon,
        lot.void, log.head_covering(session, lot.commit_hash),
    )  # fmt: skip


def _sources(session: Session, lot: Lot) -> Iterator[SourceView]:
    if lot.seed_plan["dice"]:
        signed = session.scalar(select(func.count()).where(Witnessing.lot_id == lot.id)) or 0
        yield SourceView("dice", "", "in" if signed >= WITNESSES else "waiting", f"{signed}/{WITNESSES}")
    if planned := lot.seed_plan["drand"]:
        yield SourceView("drand", planned["chain"], "in" if lot.drand else "waiting", str(planned["round"]))
    offers = {o.party: o for o in session.scalars(select(OfferedNonce).where(OfferedNonce.lot_id == lot.id))}
    for party, digest in sorted(lot.seed_plan["nonces"].items()):
        held = party == AGENCY or offers[party].sealed is not None
        yield SourceView("nonce", party, "in" if lot.seed else "kept" if held else "waiting", digest)


def offered(session: Session, round_id: UUID, kind: str) -> list[tuple[str, str]]:
    """The nonces that witnesses offered for a lot to be committed: (party, hash)."""
    rows = session.execute(
        select(OfferedNonce.party, OfferedNonce.digest)
        .where(OfferedNonce.round_id == round_id, OfferedNonce.kind == kind, OfferedNonce.lot_id.is_(None))
        .order_by(OfferedNonce.party)
    )
    return [(party, digest) for party, digest in rows]


@dataclass(frozen=True)
class PickView:
    """Somebody drawn, or a reserve, with their name: for those who hold the draw, never for the public."""

    entity_id: UUID
    entity: str
    alias: str
    stratum: str
    position: int
    state: str
    ticket: str


def picks(session: Session, lot_id: UUID) -> list[PickView]:
    """Everybody whom a lot drew or holds in reserve, by stratum in ticket order. Raises NotFound."""
    lot = _lot(session, lot_id)
    rows = session.execute(
        select(Pick, Entity.name)
        .join(Entity, Entity.id == Pick.entity_id)
        .where(Pick.lot_id == lot_id)
        .order_by(Pick.stratum, Pick.position)
    )
    return [
        PickView(p.entity_id, name, p.alias, p.stratum, p.position, p.state, ticket(lot.seed or "", p.alias))
        for p, name in rows
    ]


def tickets(session: Session, name: str) -> dict[str, list[tuple[str, str]]]:
    """Who was drawn, as an audience may see it: (alias, ticket) by stratum, in ticket order. Raises NotFound."""
    seed, result = _result(session, name)
    return {stratum: [(id_, ticket(seed, id_)) for id_ in ids] for stratum, ids in result["drawn"].items()}


def teams(session: Session, name: str) -> dict[str, list[tuple[str, bool]]]:
    """Who was matched, as an audience may see it: (alias, leads) by tour, the leader first. Raises NotFound."""
    seed, result = _result(session, name)
    return {tour: sorted(((id_, id_ == leader(seed, tour, team)) for id_ in team), key=lambda member: not member[1])
            for tour, team in sorted(result["teams"].items())}  # fmt: skip


def _result(session: Session, name: str) -> tuple[str, dict[str, Any]]:
    """A lot's seed and its result record."""
    told = {entry.type: entry.record for entry in log.entries(session, name)}
    if "seed" not in told or "result" not in told:
        raise NotFound(what="抽签结果 result", id=name)
    return told["seed"]["seed"], told["result"]


@dataclass(frozen=True)
class MatchView:
    """A member of a team, with their name: for the console."""

    tour: str
    inspector_id: UUID
    inspector: str
    alias: str
    leader: bool
    could_replace: int
    """How many rest who could take the place"""


def matches(session: Session, lot_id: UUID) -> list[MatchView]:
    """The teams of a lot as they stand now, the leader first. Raises NotFound."""
    lot = _lot(session, lot_id)
    names = {id_: name for name, id_ in inspectors_by_alias(session, lot).items()}
    rows = session.execute(
        select(Match, Person.name)
        .join(Inspector, Inspector.id == Match.inspector_id)
        .join(Person, Person.id == Inspector.person_id)
        .where(Match.lot_id == lot_id)
        .order_by(Match.tour, Match.leader.desc(), Match.inspector_id)
    )
    return [
        MatchView(m.tour, m.inspector_id, name, names[m.inspector_id], m.leader,
                  len(resting(session, lot, m.tour, names[m.inspector_id])))
        for m, name in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class PartyProof:
    """What a party's own page shows: that its alias stands in the frozen pool, and whether the lot drew it."""

    lot: str
    alias: str
    stratum: str
    drawn: bool
    state: str
    """``drawn``, ``reserve``, ``skipped``, or ``pool`` for those whom the lot did not draw"""
    position: int | None
    """Its place among the tickets of its stratum, from 1; absent where it was not among the first"""
    drawn_of_stratum: int
    in_stratum: int
    ticket: str


def party_proof(session: Session, name: str, id_: str, salt: str) -> PartyProof:
    """What a lot's public records say of the party whose salt this is. Raises NotFound when the salt opens nothing there."""
    lot = session.scalar(select(Lot).where(Lot.name == name, Lot.kind == "entities", Lot.seed.is_not(None)))
    member = _member(session, lot, id_) if lot else None
    if lot is None or member is None or salt_of(keys.unseal(lot.alias_key, "alias key"), id_) != salt:
        raise NotFound(what="抽签凭证 proof", id=name)
    own, stratum = alias_of(salt, id_), member.stratum
    pick = session.get(Pick, (lot.id, member.entity_id))
    in_stratum = select(func.count()).where(PoolMember.round_id == lot.round_id, PoolMember.stratum == stratum)
    drawn_there = select(func.count()).where(Pick.lot_id == lot.id, Pick.stratum == stratum, Pick.state == "drawn")
    return PartyProof(
        name, own, stratum, bool(pick and pick.state == "drawn"), pick.state if pick else "pool",
        pick.position + 1 if pick else None, session.scalar(drawn_there) or 0, session.scalar(in_stratum) or 0,
        ticket(lot.seed or "", own),
    )  # fmt: skip


def salt_of_visited(session: Session, round_id: UUID, entity_id: UUID) -> Salt | None:
    """The salt of a party that a round's lot drew, to be told to that party alone once it was visited (DRAWS §1)."""
    query = (
        select(Lot, Pick.alias)
        .join(Pick, Pick.lot_id == Lot.id)
        .where(
            Lot.round_id == round_id, Lot.state == LotState.DRAWN, Pick.entity_id == entity_id, Pick.state == "drawn"
        )
    )
    for lot, alias in session.execute(query):
        salt = salt_of(keys.unseal(lot.alias_key, "alias key"), str(entity_id))
        return Salt(lot.name, str(entity_id), salt, alias)
    return None


def _member(session: Session, lot: Lot, id_: str) -> PoolMember | None:
    try:
        return session.get(PoolMember, (lot.round_id, UUID(id_)))
    except ValueError:
        return None


def _lot(session: Session, lot_id: UUID) -> Lot:
    lot = session.get(Lot, lot_id)
    if lot is None:
        raise NotFound(what="抽签 lot", id=str(lot_id))
    return lot
