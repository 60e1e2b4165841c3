"""Operations: what phones did, many at once, each told by itself and none in another's way.

An operation's body is the exact JSON text that its single door takes, so that "same id, same bytes" holds however it
is sent. Another kind of operation is another line of ``KINDS``.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import g
from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError

from backend.accounts.rules import can_inspect
from backend.inspections.aside.faulty import LARGEST
from backend.inspections.visits import lock_tasks
from backend.problems import BadInput, Problem, TooLarge
from backend.replies import language
from backend.web import allows
from field_api import schemas, shares, views, visits
from field_api.devices import now
from field_api.faults import Payload, attempt, keep_if_for_good

blp = Blueprint("operations", __name__, url_prefix="/v1", description="What phones did, many at once")


@dataclass(frozen=True)
class Operation:
    """One thing that a phone did: its id, the task it is about where the body does not say, and the body's bytes."""

    id: str
    kind: str
    task_id: UUID | None
    data: bytes


@dataclass(frozen=True)
class Kind:
    """How a kind of operation is done: the schema of its body, the deed, and how the answer is shown.

    The deed takes the operation and the loaded body, and returns the answer and whether anything was new.
    """

    body: type[Schema]
    deed: Callable[[Operation, dict[str, Any]], tuple[Any, bool]]
    answer: type[Schema]


def _arrival(sent: Operation, body: dict[str, Any]) -> tuple[Any, bool]:
    if body["id"] != _uuid(sent.id):
        raise BadInput({"id": ["须与 body 中的 id 相同 / must be the id in the body"]})
    return visits.arrive(body, _task_of(sent), sent.data)


def _submission(sent: Operation, body: dict[str, Any]) -> tuple[Any, bool]:
    return visits.submit(body, _uuid(sent.id), sent.data)


def _share(sent: Operation, body: dict[str, Any]) -> tuple[Any, bool]:
    return shares.share(body, _task_of(sent), sent.data)


KINDS = {
    "arrival": Kind(schemas.CheckInBody, _arrival, views.CheckInView),
    "submission": Kind(schemas.SubmissionBody, _submission, views.SubmissionView),
    "share": Kind(schemas.ShareBody, _share, views.ShareKeptView),
}


class UnknownOperation(Problem):
    """No door takes this kind of operation."""

    status = 422
    zh = ("未知的操作", "服务器不认识操作“{kind}”。内容已留存；请更新应用后重试。")
    en = ("Unknown operation", "The server knows no operation “{kind}”. It is kept; update the app and try again.")


@blp.route("/operations")
class Operations(MethodView):
    """What a phone did while nobody looked."""

    @allows(can_inspect)
    @blp.arguments(schemas.OperationsBody)
    @blp.response(200, views.OperationsView)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Send what was done; each is told whether it was applied, and why not"""
        sent = [
            Operation(o["id"], o["kind"], o["task_id"], o["body"].encode(errors="surrogatepass"))
            for o in body["operations"]
        ]
        lock_tasks(g.session, g.actor, {task for one in sent if (task := _guessed_task(one)) is not None})
        return {"server_time": now(), "results": [_result(one) for one in sent]}


def _result(sent: Operation) -> dict[str, Any]:
    """Do one operation and tell how it went."""
    outcome = attempt(lambda: _done(sent))
    if not isinstance(outcome, Problem):
        answer, fresh = outcome
        status = "applied" if fresh else "already-applied"
        return {"id": sent.id, "status": status, "again": False, "problem": None, "answer": answer}
    final = keep_if_for_good(outcome, Payload(sent.kind, sent.id, sent.data))
    status = "conflict" if outcome.status == 409 else "refused"
    told = outcome.as_json(language())
    return {"id": sent.id, "status": status, "again": not final, "problem": told, "answer": None}


def _done(sent: Operation) -> tuple[Any, bool]:
    if len(sent.data) > LARGEST:
        raise TooLarge(limit=LARGEST)
    kind = KINDS.get(sent.kind)
    if kind is None:
        raise UnknownOperation(kind=sent.kind)
    answer, fresh = kind.deed(sent, _loaded(kind.body(), sent.data))
    return kind.answer().dump(answer), fresh


def _loaded(schema: Schema, data: bytes) -> Any:
    try:
        return schema.load(json.loads(data))
    except ValidationError as wrong:
        raise BadInput({"json": wrong.messages}) from wrong
    except (ValueError, RecursionError) as wrong:
        raise BadInput({"body": ["须为 JSON 对象的文本 / must be the text of a JSON object"]}) from wrong


def _guessed_task(sent: Operation) -> UUID | None:
    """The task that an operation will change, as far as can be told before it is read properly."""
    if sent.task_id is not None:
        return sent.task_id
    try:
        return UUID(json.loads(sent.data)["task_id"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _task_of(sent: Operation) -> UUID:
    if sent.task_id is None:
        raise BadInput({"task_id": [f"{sent.kind} 须带 task_id / needs a task_id"]})
    return sent.task_id


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as wrong:
        raise BadInput({"id": ["须为 UUID / must be a UUID"]}) from wrong
