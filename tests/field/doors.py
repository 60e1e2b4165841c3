"""Every closed door of the field API and whose things lie behind it; a new door without a row here fails a test."""

from uuid import UUID

from flask import Flask

from backend.accounts.rules import anyone
from backend.web import keeper_of

DOORS = {
    "GET /v1/me": "own", "POST /v1/device-log": "own", "GET /v1/key-share": "own", "POST /v1/key-share": "own",
    "GET /v1/checklists/<uuid:checklist_id>": "everyone's",
    "GET /v1/tasks": "list", "GET /v1/changes": "list", "GET /v1/drafts": "list",
    "POST /v1/operations": "inside",
    "POST /v1/tasks/<uuid:task_id>/check-in": "named",
    "PUT /v1/tasks/<uuid:task_id>/share": "named", "GET /v1/tasks/<uuid:task_id>/shares": "named",
    "GET /v1/tours/<uuid:tour_id>/map": "named",
    "GET /v1/submissions/<uuid:submission_id>": "named", "PUT /v1/submissions/<uuid:submission_id>": "named",
    "GET /v1/drafts/<uuid:visit_id>": "named", "PUT /v1/drafts/<uuid:visit_id>": "own",
    "GET /v1/drafts/<uuid:visit_id>/photos/<uuid:evidence_id>": "named",
    "PUT /v1/drafts/<uuid:visit_id>/photos/<uuid:evidence_id>": "named",
    "POST /v1/drafts/<uuid:visit_id>/taken": "named",
    "POST /v1/tickets": "named",
    "POST /v1/uploads": "upload", "PATCH /v1/uploads/<uuid:upload_id>": "upload",
    "HEAD /v1/uploads/<uuid:upload_id>": "upload", "DELETE /v1/uploads/<uuid:upload_id>": "upload",
}  # fmt: skip
"""``own``: of the person who asks (drafts lie beneath their person); ``everyone's``: of all inspectors; ``list``: what the team may
see; ``inside``: things are named in the body; ``named``: in the address or the body; ``upload``: comes by ticket"""


NOBODYS = UUID(int=0)


def nobodys(door: str) -> tuple[str, str]:
    """Method and path of a door, for things that do not exist."""
    method, path = door.split(" ")
    return method, "/".join(str(NOBODYS) if part.startswith("<") else part for part in path.split("/"))


def doors_where(whose: str) -> set[str]:
    """The doors of one kind."""
    return {door for door, kind in DOORS.items() if kind == whose}


def closed_doors(app: Flask) -> set[str]:
    """What the app itself says."""
    found = set()
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"OPTIONS"}
        methods -= {"HEAD"} if "GET" in methods else set()
        found |= {f"{method} {rule}" for method in methods if keeper_of(app, rule, method) is not anyone}
    return found


def door_of(app: Flask, method: str, path: str) -> str:
    """The door that a request goes to."""
    rule, _ = app.url_map.bind("localhost").match(path, method=method, return_rule=True)
    return f"{method} {rule}"
