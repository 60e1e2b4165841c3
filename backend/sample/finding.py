"""What an invented team finds on a visit: answers, the photos they ask for, and the submission that tells it all."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.inspections.rules import PhotoRule, wants_photo
from backend.sample.photos import draw_photo


@dataclass(frozen=True)
class Scene:
    """One visit as it will be told: EPSG:4326 degrees and metres, the checklist's items, the same ids each time."""

    task_id: uuid.UUID
    started: datetime
    lon: float
    lat: float
    items: list[dict[str, Any]]
    accuracy: float = 12.0

    def id(self, what: str) -> str:
        """The same id whenever the same step is played again."""
        return str(uuid.uuid5(self.task_id, what))

    def near(self, what: str) -> tuple[float, float]:
        """The place as a phone finds it at one step: some metres off each time, as satellites have it."""
        chance = random.Random(self.id(what))
        east, north = (chance.gauss(0, 4) for _ in "xy")
        return round(self.lon + east / 93_000, 6), round(self.lat + north / 111_000, 6)


def answers_of(scene: Scene, seed: int, failing: float) -> list[dict[str, Any]]:
    """An answer to each item; ``failing`` is the share of items that fail."""
    chance = random.Random(seed)
    return [_answer(item, chance.random(), failing) for item in scene.items]


def _answer(item: dict[str, Any], luck: float, failing: float) -> dict[str, Any]:
    value = "no" if luck < failing else "na" if luck > 0.93 else "yes"
    return {"item": item["no"], "value": value, "remark": "现场发现不符合要求" if value == "no" else ""}


@dataclass(frozen=True)
class Photo:
    """One photo of an item, with its bytes."""

    id: str
    item: int
    seq: int
    taken: datetime
    data: bytes
    lon: float
    lat: float


def photos_of(scene: Scene, answers: list[dict[str, Any]]) -> Iterator[Photo]:
    """The photos that the answers ask for, each drawn when it is asked for."""
    values = {answer["item"]: answer["value"] for answer in answers}
    wanted = [item["no"] for item in scene.items if wants_photo(PhotoRule(item["photo"]), values[item["no"]])]
    for seq, item in enumerate(wanted, start=1):
        taken, id_ = scene.started + timedelta(minutes=seq), scene.id(f"photo-{item}")
        caption = f"#{item} {str(scene.task_id)[:8]}"
        lon, lat = scene.near(f"photo-{item}")
        data = draw_photo(caption, taken, lon, lat, uuid.UUID(id_).int % 2**32)
        yield Photo(id_, item, seq, taken, data, lon, lat)


def named(scene: Scene, photo: Photo, sha256: str) -> dict[str, Any]:
    """How a submission names a photo."""
    return {"id": photo.id, "item": photo.item, "sha256": sha256, "size": len(photo.data), "seq": photo.seq,
            "taken_at": photo.taken.isoformat(), "lon": photo.lon, "lat": photo.lat,
            "accuracy": scene.accuracy}  # fmt: skip


def submission_of(
    scene: Scene, checklist_id: str, answers: list[dict[str, Any]], photos: list[dict[str, Any]],
    officers: list[dict[str, Any]], version: str,
) -> dict[str, Any]:  # fmt: skip
    """The body of the submission, as a phone sends it."""
    signed = [{"role": "officer", "name": o["name"], "inspector_id": o["inspector_id"]} for o in officers]
    return {
        "task_id": str(scene.task_id), "checklist_id": checklist_id, "started_at": scene.started.isoformat(),
        "finished_at": (scene.started + timedelta(minutes=38)).isoformat(), "clock_offset_ms": 0, "app_version": version,
        "answers": answers, "photos": photos, "comment": "示例检查", "result_code": None, "refusal": None,
        "signatures": [*signed, {"role": "entity", "name": "现场负责人"}], **_steps(scene.started),
    }  # fmt: skip


def _steps(started: datetime) -> dict[str, Any]:
    """Cards shown and rights told on arriving, nobody asked to be replaced, the record read out at the end (DOMAIN §2.6)."""
    minutes = {"cards_shown_at": 1, "rights_told_at": 2, "read_back_at": 36}
    told = {name: (started + timedelta(minutes=after)).isoformat() for name, after in minutes.items()}
    return {**told, "recusal": {"asked": False, "ground": "", "decision": ""}}
