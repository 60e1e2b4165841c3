"""The registers as people look at them: search, one entity's file now and on any past day, items, inspectors, experts."""

from datetime import date
from math import nan
from uuid import UUID

from flask import g
from flask.typing import ResponseReturnValue

from backend.accounts.rules import can_see_registry
from backend.console import console
from backend.console.forms import asked
from backend.disclosure.queries import notices_of_entity
from backend.draws.queries import reach_of
from backend.inspections.queries import submission_rows_of_entity
from backend.problems import BadInput
from backend.registry import past, queries
from backend.registry.exclusions import DECLARED, exclusions_of
from backend.replies import page
from backend.risk.queries import facts_of, scores_of
from backend.times import end_of, local_today
from backend.tours.queries import tasks
from backend.web import allows

PER_PAGE = 50
PAGES = 20
"""Beyond these a search should be narrowed: each page reads what is before it"""
FARTHEST = 20_000


@console.get("/registry")
@allows(can_see_registry)
def registry() -> ResponseReturnValue:
    """Search the register of entities by words, district, class and place, page by page"""
    words, grade, reach, number = asked("q"), asked("class"), reach_of(g.actor), _page_number()
    district = asked("district") if asked("district").startswith(reach) else reach
    found = queries.search_entities(
        g.session, words=words, district=district, credit_class=grade, near=_near(asked("place")),
        limit=PER_PAGE + 1, skip=(number - 1) * PER_PAGE,
    )  # fmt: skip
    more = len(found) > PER_PAGE
    return page(
        "console/registry.html", entities=found[:PER_PAGE], words=words, grade=grade, district=district,
        place=asked("place"), number=number, last=not more or number == PAGES, many=more and number == PAGES,
        most=PAGES * PER_PAGE, counts=queries.counts(g.session, reach),
    )  # fmt: skip


def _page_number() -> int:
    given = asked("page")
    return min(int(given), PAGES) if given.isdecimal() and len(given) < 4 and int(given) > 0 else 1


def _near(place: str) -> tuple[float, float, float] | None:
    """A place as longitude, latitude and metres. Raises BadInput."""
    if not place:
        return None
    try:
        lon, lat, metres = map(float, place.replace("，", ",").split(","))
    except ValueError:
        lon = lat = metres = nan
    if not (-180 <= lon <= 180 and -90 <= lat <= 90 and 0 < metres <= FARTHEST):
        raise BadInput(
            {"place": ["应写作 经度,纬度,米，如 107.03,33.07,500 / write longitude,latitude,metres, up to 20000"]}
        )
    return lon, lat, metres


@console.get("/registry/as-of")
@allows(can_see_registry)
def registry_as_of() -> ResponseReturnValue:
    """The register as it stood at the end of a past day"""
    words, on = asked("q"), _day()
    found = past.entities_at(
        g.session, end_of(on), words=words, district=reach_of(g.actor), limit=PER_PAGE + 1, after=_after()
    )
    more = found[PER_PAGE - 1].id if len(found) > PER_PAGE else None
    return page("console/as_of.html", states=found[:PER_PAGE], words=words, on=on, after=more)


def _day() -> date:
    try:
        return min(date.fromisoformat(asked("on")), local_today()) if asked("on") else local_today()
    except ValueError:
        raise BadInput({"on": ["日期应写作 2026-11-22 / dates are written 2026-11-22"]}) from None


def _after() -> UUID | None:
    try:
        return UUID(asked("after")) if asked("after") else None
    except ValueError:
        raise BadInput({"after": ["请从第一页重新开始 / begin again with the first page"]}) from None


@console.get("/entities/<uuid:entity_id>")
@allows(can_see_registry)
def entity(entity_id: UUID) -> ResponseReturnValue:
    """An entity's file: who it is, its class with reasons, visits, notices; and what stood there on a past day"""
    return page(
        "console/entity.html",
        entity=queries.entity(g.session, entity_id, reach_of(g.actor)),
        on=_day(),
        then=past.state_at(g.session, "entities", entity_id, end_of(_day())) if asked("on") else None,
        scores=scores_of(g.session, entity_id),
        facts=facts_of(g.session, entity_id),
        tasks=tasks(g.session, entity_id=entity_id),
        submissions=submission_rows_of_entity(g.session, entity_id),
        notices=notices_of_entity(g.session, entity_id),
        exclusions=exclusions_of(g.session, entity_id),
        declared=DECLARED,
        items=queries.items(g.session),
        today=local_today(),
    )


@console.get("/items")
@allows(can_see_registry)
def items() -> ResponseReturnValue:
    """The item list"""
    return page("console/items.html", items=queries.items(g.session))


@console.get("/inspectors")
@allows(can_see_registry)
def inspectors() -> ResponseReturnValue:
    """The register of inspectors, and who may be drawn today"""
    words = asked("q")
    found = queries.inspectors(g.session, on=local_today(), district=reach_of(g.actor), words=words)
    return page("console/inspectors.html", inspectors=found, words=words)


@console.get("/experts")
@allows(can_see_registry)
def experts() -> ResponseReturnValue:
    """The register of experts"""
    return page("console/experts.html", experts=queries.experts(g.session, district=reach_of(g.actor)))
