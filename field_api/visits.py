"""Visits: today's tasks, their checklists, arriving, and submitting."""

import hashlib
from typing import Any
from uuid import UUID

from flask import g, jsonify, make_response, request
from flask.views import MethodView
from flask_smorest import Blueprint
from werkzeug import Response

from backend.accounts.rules import can_inspect
from backend.inspections import commands, field_tasks, pulls, queries, visits
from backend.times import iso_local
from backend.web import allows
from field_api import schemas, views
from field_api.devices import now
from field_api.faults import keeps_faulty

blp = Blueprint("visits", __name__, url_prefix="/v1", description="Tasks, checklists, arrivals, submissions")


@blp.route("/tasks")
class Tasks(MethodView):
    """The tasks of the phone's teams."""

    @allows(can_inspect)
    @blp.response(200, views.TasksView)
    def get(self) -> dict[str, Any]:
        """List the tasks of my teams, in tour order"""
        return {"server_time": now(), "tasks": _shown(field_tasks.field_tasks(g.session, g.actor))}


@blp.route("/changes")
class Changes(MethodView):
    """What is new since a phone's last pull."""

    @allows(can_inspect)
    @blp.arguments(schemas.ChangesQuery, location="query")
    @blp.response(200, views.ChangesView)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Pull what changed since a token; drop what `visible` does not name"""
        pulled = pulls.pull(g.session, g.actor, query["since"])
        return {**pulled.__dict__, "server_time": now(), "tasks": _shown(pulled.tasks)}


def _shown(tasks: list[field_tasks.FieldTask]) -> list[dict[str, Any]]:
    return [{**task.__dict__, "opens_at": iso_local(task.opens_at), "due": str(task.due)} for task in tasks]


@blp.route("/checklists/<uuid:checklist_id>")
class Checklists(MethodView):
    """Checklist versions; they never change, so phones may keep them."""

    @allows(can_inspect)
    @blp.doc(responses={200: {"description": "The checklist"}})
    @blp.alt_response(200, schema=views.ChecklistView)
    def get(self, checklist_id: UUID) -> Response:
        """Get a checklist"""
        response = make_response(jsonify(field_tasks.checklist(g.session, checklist_id)))
        response.headers["Cache-Control"] = "private, max-age=86400"
        response.add_etag()
        return response.make_conditional(request)


@blp.route("/tasks/<uuid:task_id>/check-in")
class CheckIn(MethodView):
    """Arriving at the site."""

    @allows(can_inspect)
    @keeps_faulty("arrival")
    @blp.arguments(schemas.CheckInBody)
    @blp.response(200, views.CheckInView)
    def post(self, body: dict[str, Any], task_id: UUID) -> dict[str, Any]:
        """Say that the team has arrived"""
        return arrive(body, task_id, request.get_data())[0]


def arrive(body: dict[str, Any], task_id: UUID, data: bytes) -> tuple[dict[str, Any], bool]:
    """Note an arrival, by its body and that body's exact bytes. Returns the answer and whether it is new."""
    known = visits.has_arrival(g.session, body["id"])
    fix = visits.FixInfo(body["at"], body["lon"], body["lat"], body["accuracy"], body["clock_offset_ms"])
    arrival = visits.check_in(
        g.session, actor=g.actor, task_id=task_id, arrival_id=body["id"], fix=fix, scanned=body["scanned"],
        reason=body["reason"], body_sha256=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip
    task = visits.own_task(g.session, g.actor, task_id)
    return {"distance_m": arrival.distance_m, "inside": arrival.inside, "state": task.state.value}, not known


@blp.route("/submissions/<uuid:submission_id>")
class Submissions(MethodView):
    """What a team found; each exactly once."""

    @allows(can_inspect)
    @keeps_faulty("submission")
    @blp.arguments(schemas.SubmissionBody)
    @blp.response(201, views.SubmissionView)
    @blp.alt_response(200, schema=views.SubmissionView)
    def put(self, body: dict[str, Any], submission_id: UUID) -> Any:
        """Submit a visit; the same bytes again give the same receipt"""
        answer, fresh = submit(body, submission_id, request.get_data())
        return answer, 201 if fresh else 200

    @allows(can_inspect)
    @blp.response(200, views.SubmissionView)
    def get(self, submission_id: UUID) -> dict[str, Any]:
        """See how a submission fares"""
        return queries.own_submission(g.session, g.actor, submission_id)


def submit(body: dict[str, Any], submission_id: UUID, data: bytes) -> tuple[dict[str, Any], bool]:
    """Take a submission, by its body and that body's exact bytes. Returns the answer with its receipt, and whether it is new."""
    submission, fresh = commands.accept_submission(
        g.session, actor=g.actor, submission_id=submission_id, body=body, body_sha256=hashlib.sha256(data).hexdigest()
    )
    return queries.answer_of(g.session, submission), fresh
