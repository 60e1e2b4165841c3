"""One visit as a team makes it: arrive, walk through the checklist, take photos, submit."""

import random
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from backend.demo.phone import Phone
from backend.inspections.rules import PhotoRule, wants_photo
from backend.sample.photos import draw_photo

VERSION = "demo-1"


@dataclass(frozen=True)
class Visited:
    """What a visit left behind."""

    task: str
    submission: str
    photos: int
    failed: int


def visit(phone: Phone, task: dict[str, Any], seed: int, failing: float) -> Visited:
    """Make the visit of a task; ``failing`` is the share of items that fail. The same ids each time, so it may go on."""
    chance = random.Random(seed)  # noqa: S311 - a story, no secret
    started = datetime.now(UTC) - timedelta(minutes=40)
    lon, lat = task["entity"]["lon"] + 0.0002, task["entity"]["lat"] + 0.0001
    fix = {"lon": round(lon, 6), "lat": round(lat, 6), "accuracy": 12.0, "clock_offset_ms": 0}
    arrival = {"id": _id(task, "arrival"), "at": started.isoformat(), "scanned": task["entity"]["uscc"], **fix}
    phone.ask("POST", f"/tasks/{task['id']}/check-in", json=arrival)
    checklist = phone.ask("GET", f"/checklists/{task['checklist']['id']}")
    answers = [_answer(item, chance, failing) for item in checklist["items"]]
    photos = _photos(phone, task, checklist, answers, started, fix)
    submission = _id(task, f"submission-{task['submission']['id'] if task['submission'] else 1}")
    body = {
        "task_id": task["id"], "checklist_id": checklist["id"], "started_at": started.isoformat(),
        "finished_at": (started + timedelta(minutes=38)).isoformat(), "clock_offset_ms": 0, "app_version": VERSION,
        "answers": answers, "photos": photos, "comment": "示例检查", "result_code": None, "refusal": None,
        "signatures": [{"role": "officer", "name": officer["name"], "inspector_id": officer["inspector_id"]}
                       for officer in task["team"]] + [{"role": "entity", "name": "现场负责人"}],
    }  # fmt: skip
    phone.ask("PUT", f"/submissions/{submission}", json=body)
    return Visited(task["id"], submission, len(photos), sum(a["value"] == "no" for a in answers))


def _answer(item: dict[str, Any], chance: random.Random, failing: float) -> dict[str, Any]:
    roll = chance.random()
    value = "no" if roll < failing else "na" if roll > 0.93 else "yes"
    return {"item": item["no"], "value": value, "remark": "现场发现不符合要求" if value == "no" else ""}


def _photos(
    phone: Phone, task: dict[str, Any], checklist: dict[str, Any], answers: list[dict[str, Any]], started: datetime,
    fix: dict[str, Any],
) -> list[dict[str, Any]]:  # fmt: skip
    """Take and send the photos that the answers ask for."""
    values = {answer["item"]: answer["value"] for answer in answers}
    photos = []
    for seq, item in enumerate(
        (i for i in checklist["items"] if wants_photo(PhotoRule(i["photo"]), values[i["no"]])), start=1
    ):
        taken = started + timedelta(minutes=seq)
        id_ = _id(task, f"photo-{item['no']}")
        data = draw_photo(f"#{item['no']} {task['id'][:8]}", taken, fix["lon"], fix["lat"], uuid.UUID(id_).int % 2**32)
        digest = phone.upload(data, _metadata(task, item["no"], id_, taken, fix))
        photos.append({"id": id_, "item": item["no"], "sha256": digest, "size": len(data), "taken_at": taken.isoformat(),
                       "lon": fix["lon"], "lat": fix["lat"], "accuracy": fix["accuracy"], "seq": seq})  # fmt: skip
    return photos


def _metadata(task: dict[str, Any], item: int, id_: str, taken: datetime, fix: dict[str, Any]) -> dict[str, str]:
    return {
        "filename": f"{item}.jpg", "filetype": "image/jpeg", "evidence_id": id_, "task_id": task["id"], "item": str(item),
        "taken_at": taken.isoformat(), **{key: str(fix[key]) for key in ("lon", "lat", "accuracy", "clock_offset_ms")},
    }  # fmt: skip


def _id(task: dict[str, Any], what: str) -> str:
    """The same id whenever the same step is played again."""
    return str(uuid.uuid5(uuid.UUID(task["id"]), what))
