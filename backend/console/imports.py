"""Registers by file: imports with a dry run and a report of every refused row, and exports that can come in again."""

import csv
import io
from typing import Any
from uuid import UUID

from flask import Response, g, redirect, request
from flask.typing import ResponseReturnValue

from backend.accounts.rules import can_edit_registry, can_see_registry
from backend.console import console
from backend.console.forms import text
from backend.draws.queries import reach_of
from backend.draws.registers import import_register
from backend.problems import BadInput, NotFound
from backend.registry import queries
from backend.registry.exports import export_csv, export_xlsx
from backend.registry.imports import told
from backend.registry.scope import scope_of
from backend.registry.sheets import Mapping, read_mapping
from backend.replies import language, page
from backend.web import allows

KINDS = ("entities", "items", "inspectors", "experts")
COLUMNS = ("line", "column", "column_zh", "value", "zh", "en")
TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@console.get("/imports")
@allows(can_edit_registry)
def import_page() -> ResponseReturnValue:
    """Bring a file in, and the imports so far"""
    return _page(kind=request.args.get("kind", ""))


@console.post("/imports")
@allows(can_edit_registry)
def import_file() -> ResponseReturnValue:
    """Import a register's file, or only check it"""
    file, kind, dry = request.files.get("file"), text("kind", KINDS[0]), text("dry_run") == "1"
    if file is None or not file.filename:
        raise BadInput({"file": ["请选择文件 / choose a file"]})
    if kind not in KINDS:
        raise BadInput({"kind": ["请选择名录 / choose a register"]})
    report = import_register(
        g.session, kind, name=file.filename, data=file.read(), actor=g.actor, mapping=_mapping(), dry_run=dry,
        scope=scope_of(g.session, g.actor),
    )  # fmt: skip
    return _page(kind=kind, dry=told(report)) if dry else redirect(f"/console/imports/{report.run}", 303)


def _page(kind: str, dry: dict[str, Any] | None = None) -> ResponseReturnValue:
    runs = queries.imports(g.session, scope_of(g.session, g.actor))
    return page("console/imports.html", imports=runs, dry=dry, kinds=KINDS, kind=kind)


def _mapping() -> Mapping | None:
    given = request.files.get("mapping")
    if given is None or not given.filename:
        return None
    try:
        return read_mapping(given.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput({"mapping": ["映射文件须为 UTF-8 编码 / a mapping is UTF-8 text"]}) from None


@console.get("/imports/<uuid:run_id>")
@allows(can_edit_registry)
def import_run(run_id: UUID) -> ResponseReturnValue:
    """One import's report"""
    return page("console/import.html", run=queries.import_run(g.session, run_id, scope_of(g.session, g.actor)))


@console.get("/imports/<uuid:run_id>/report.csv")
@allows(can_edit_registry)
def import_report(run_id: UUID) -> ResponseReturnValue:
    """The refused rows of an import as CSV"""
    run, out = queries.import_run(g.session, run_id, scope_of(g.session, g.actor)), io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(run.report)
    return _file("\ufeff" + out.getvalue(), f"refused-{run.kind}", "csv")


@console.get("/exports/<kind>.<form>")
@allows(can_see_registry)
def export(kind: str, form: str) -> ResponseReturnValue:
    """A register as CSV or XLSX, in the headings that an import takes"""
    if kind not in KINDS or form not in TYPES:
        raise NotFound(what="名录 register", id=f"{kind}.{form}")
    asked = {"district": reach_of(g.actor), "language": language()}
    made = export_xlsx(g.session, kind, **asked) if form == "xlsx" else "".join(export_csv(g.session, kind, **asked))
    return _file(made, kind, form)


def _file(content: str | bytes, name: str, form: str) -> Response:
    response = Response(content, mimetype=TYPES[form])
    response.headers["Content-Disposition"] = f"attachment; filename={name}.{form}"
    return response
