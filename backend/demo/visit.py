"""One visit as a team makes it: arrive, walk through the checklist, take photos, submit."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from backend.demo.phone import Phone
from backend.sample.finding import Photo, Scene, answers_of, named, photos_of, submission_of

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
    checklist = phone.ask("GET", f"/checklists/{task['checklist']['id']}")
    scene = _scene(task, checklist["items"])
    if task["state"] == "assigned":  # gone on with, the visit has its arrival: the same id with another time is refused
        _arrive(phone, task, scene)
    answers = answers_of(scene, seed, failing)
    photos = [
        named(scene, photo, phone.upload(photo.data, _metadata(scene, photo))) for photo in photos_of(scene, answers)
    ]
    submission = scene.id(f"submission-{task['submission']['id'] if task['submission'] else 1}")
    body = submission_of(scene, checklist["id"], answers, photos, task["team"], VERSION)
    phone.ask("PUT", f"/submissions/{submission}", json=body)
    return Visited(task["id"], submission, len(photos), sum(a["value"] == "no" for a in answers))


def _scene(task: dict[str, Any], items: list[dict[str, Any]]) -> Scene:
    lon, lat = round(task["entity"]["lon"] + 0.0002, 6), round(task["entity"]["lat"] + 0.0001, 6)
    return Scene(UUID(task["id"]), datetime.now(UTC) - timedelta(minutes=40), lon, lat, items)


def _arrive(phone: Phone, task: dict[str, Any], scene: Scene) -> None:
    arrival = {"id": scene.id("arrival"), "at": scene.started.isoformat(), "scanned": task["entity"]["uscc"],
               "lon": scene.lon, "lat": scene.lat, "accuracy": scene.accuracy, "clock_offset_ms": 0}  # fmt: skip
    phone.ask("POST", f"/tasks/{task['id']}/check-in", json=arrival)


def _metadata(scene: Scene, photo: Photo) -> dict[str, str]:
    return {
        "filename": f"{photo.item}.jpg", "filetype": "image/jpeg", "evidence_id": photo.id,
        "task_id": str(scene.task_id), "item": str(photo.item), "taken_at": photo.taken.isoformat(),
        "lon": str(photo.lon), "lat": str(photo.lat), "accuracy": str(scene.accuracy), "clock_offset_ms": "0",
    }  # fmt: skip
