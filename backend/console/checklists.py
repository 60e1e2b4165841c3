"""Checklists: versions in force and to come, upload of a workbook, each version's questions, download."""

import io
from typing import Any
from uuid import UUID

from flask import g, redirect, request, send_file
from flask.typing import ResponseReturnValue

from backend.accounts.rules import can_edit_registry, can_see_registry
from backend.console import console
from backend.problems import BadInput
from backend.registry import checklists
from backend.registry.forms.compile import Compiled, compile_workbook
from backend.registry.forms.workbook import WorkbookRefused
from backend.replies import page, wants_json
from backend.times import local_today
from backend.web import allows

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@console.get("/checklists")
@allows(can_see_registry)
def checklist_list() -> ResponseReturnValue:
    """All versions of all checklists"""
    return _list()


def _list(dry: Compiled | None = None, faults: list[dict[str, Any]] | None = None) -> ResponseReturnValue:
    rows = checklists.checklists(g.session, on=local_today())
    return page("console/checklists.html", checklists=rows, dry=dry, faults=faults or [])


@console.post("/checklists")
@allows(can_edit_registry)
def publish_checklist() -> ResponseReturnValue:
    """Take a workbook as a new version, or only check it; faults are told by sheet, row and column"""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise BadInput({"file": ["请选择文件 / choose a file"]})
    try:
        return _taken(file.filename, file.read())
    except WorkbookRefused as refused:
        if wants_json():
            raise
        return _list(faults=refused.facts["faults"]), refused.status  # type: ignore[return-value]


def _taken(name: str, data: bytes) -> ResponseReturnValue:
    if request.form.get("dry_run") == "1":
        return _list(dry=compile_workbook(name, data))
    kept, _new = checklists.publish_checklist(g.session, file=name, data=data, actor=g.actor)
    return redirect(f"/console/checklists/{kept.id}", 303)


@console.get("/checklists/<uuid:checklist_id>")
@allows(can_see_registry)
def checklist(checklist_id: UUID) -> ResponseReturnValue:
    """One version: its items by section, and what it asks besides"""
    return page("console/checklist.html", checklist=checklists.checklist(g.session, checklist_id, on=local_today()))


@console.get("/checklists/<uuid:checklist_id>/workbook")
@allows(can_see_registry)
def checklist_workbook(checklist_id: UUID) -> ResponseReturnValue:
    """The workbook of a version, to read or to write the next one from"""
    name, data = checklists.checklist_workbook(g.session, checklist_id)
    return send_file(io.BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=name)


@console.post("/checklists/<uuid:checklist_id>/withdraw")
@allows(can_edit_registry)
def withdraw_checklist(checklist_id: UUID) -> ResponseReturnValue:
    """Remove a version that no visit has used"""
    checklists.withdraw_checklist(g.session, checklist_id=checklist_id, actor=g.actor)
    return redirect("/console/checklists", 303)
