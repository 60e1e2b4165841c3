"""The registers: search, one entity's file, imports with their reports, exports."""

from uuid import UUID

from flask import Response, g, redirect, request
from flask.typing import ResponseReturnValue

from backend.accounts.rules import can_edit_registry, can_see_registry
from backend.console import console
from backend.console.forms import asked
from backend.disclosure.queries import notices_of_entity
from backend.draws.queries import reach_of
from backend.inspections.queries import submission_rows_of_entity
from backend.problems import BadInput
from backend.registry import imports, queries
from backend.registry.exports import export_csv
from backend.registry.sheets import read_mapping
from backend.risk.queries import facts_of, scores_of
from backend.times import local_today
from backend.tours.queries import tasks
from backend.web import allows, language, page

MOST = 50
"""Entities that one search shows"""


@console.get("/registry")
@allows(can_see_registry)
def registry() -> ResponseReturnValue:
    """Search the register of entities"""
    words, grade, reach = asked("q"), asked("class"), reach_of(g.actor)
    district = asked("district") if asked("district").startswith(reach) else reach
    found = queries.search_entities(g.session, words=words, district=district, credit_class=grade, limit=MOST)
    return page(
        "console/registry.html", entities=found, words=words, grade=grade, district=district, most=MOST,
        counts=queries.counts(g.session, reach),
    )  # fmt: skip


@console.get("/entities/<uuid:entity_id>")
@allows(can_see_registry)
def entity(entity_id: UUID) -> ResponseReturnValue:
    """An entity's file: who it is, its class with reasons, visits, notices"""
    return page(
        "console/entity.html",
        entity=queries.entity(g.session, entity_id, reach_of(g.actor)),
        scores=scores_of(g.session, entity_id),
        facts=facts_of(g.session, entity_id),
        tasks=tasks(g.session, entity_id=entity_id),
        submissions=submission_rows_of_entity(g.session, entity_id),
        notices=notices_of_entity(g.session, entity_id),
    )


@console.get("/entities.csv")
@allows(can_see_registry)
def export_entities() -> ResponseReturnValue:
    """The register as CSV, in the headings that an import takes"""
    lines = "".join(export_csv(g.session, "entities", district=reach_of(g.actor), language=language()))
    response = Response(lines, mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=entities.csv"
    return response


@console.get("/imports")
@allows(can_edit_registry)
def import_page() -> ResponseReturnValue:
    """Bring a file in, and the imports so far"""
    return page("console/imports.html", imports=queries.imports(g.session), dry=None)


@console.post("/imports")
@allows(can_edit_registry)
def import_entities() -> ResponseReturnValue:
    """Import a file of entities, or only check it"""
    file, mapping = request.files.get("file"), request.files.get("mapping")
    if file is None or not file.filename:
        raise BadInput({"file": ["请选择文件 / choose a file"]})
    chosen = read_mapping(_text(mapping.read())) if mapping and mapping.filename else None
    dry = request.form.get("dry_run") == "1"
    report = imports.import_entities(
        g.session, name=file.filename, data=file.read(), actor=g.actor, mapping=chosen, dry_run=dry
    )
    if dry:
        return page("console/imports.html", imports=queries.imports(g.session), dry=imports.told(report))
    return redirect(f"/console/imports/{report.run}", 303)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput({"mapping": ["映射文件须为 UTF-8 编码 / a mapping is UTF-8 text"]}) from None


@console.get("/imports/<uuid:run_id>")
@allows(can_edit_registry)
def import_run(run_id: UUID) -> ResponseReturnValue:
    """One import's report"""
    return page("console/import.html", run=queries.import_run(g.session, run_id))


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
