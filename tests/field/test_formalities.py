"""What a submission tells of the steps on site: cards, rights, recusal, reading back, drawn signatures (DOMAIN §2.6)."""

import io
import uuid
from datetime import UTC, datetime

from PIL import Image, ImageDraw

from backend.inspections import rules
from backend.inspections.models import Submission
from tests.field.test_visit import a_body, announce, officers_sign, photos_for, send

NOW = "2026-11-23T10:00:00+08:00"


def a_drawn_signature(phone, task) -> dict:
    """A stroke as PNG, sent like a photo of no item; as a submission names it."""
    out = io.BytesIO()
    image = Image.new("RGB", (300, 120), "white")
    ImageDraw.Draw(image).line([(20, 90), (120, 20), (160, 100), (280, 40)], fill="black", width=4)
    image.save(out, "PNG")
    facts, answer = announce(phone, task, out.getvalue(), "")
    assert send(phone, answer.headers["Location"], 0, out.getvalue()).status_code == 204
    return {"id": facts["evidence_id"], "item": None, "sha256": facts["sha256"], "size": len(out.getvalue()),
            "taken_at": datetime.now(UTC).isoformat(), "seq": 99}  # fmt: skip


def put(phone, body: dict) -> tuple[int, list[str]]:
    answer = phone.put(f"/v1/submissions/{uuid.uuid4()}", json=body)
    return answer.status_code, [fault["code"] for fault in answer.get_json().get("faults", [])]


def test_the_steps_on_site_stand_in_the_record_as_they_were_told(phone, task, session):
    drawn, id_ = a_drawn_signature(phone, task), uuid.uuid4()
    entity = {"role": "entity", "name": "乙", "sha256": drawn["sha256"]}
    steps = {"cards_shown_at": NOW, "rights_told_at": NOW, "read_back_at": NOW, "recusal": {"asked": False}}
    body = {**a_body(task, [*photos_for(phone, task), drawn]), **steps, "signatures": [*officers_sign(task), entity]}
    assert phone.put(f"/v1/submissions/{id_}", json=body).status_code == 201
    kept = session.get(Submission, id_).body
    assert [kept[name] for name in ("cards_shown_at", "rights_told_at", "read_back_at")] == [NOW] * 3
    assert kept["recusal"] == {"asked": False, "ground": "", "decision": ""}
    assert drawn["sha256"] in {one["sha256"] for one in kept["signatures"]}


def test_a_signature_whose_image_is_not_among_the_files_is_told(phone, task):
    body = a_body(task, photos_for(phone, task))
    body["signatures"][-1]["sha256"] = "1" * 64
    assert put(phone, body) == (422, ["signature"])
    refusal = {"reason": "负责人离开", "witness": "丙", "witness_sha256": "2" * 64}
    assert put(phone, {**a_body(task, body["photos"]), "refusal": refusal}) == (422, ["signature"])


def test_a_visit_in_which_recusal_is_asked_for_waits_until_somebody_has_rejected_it(phone, task):
    body, asked = a_body(task, photos_for(phone, task)), {"asked": True, "ground": "检查员是房东"}
    assert put(phone, {**body, "recusal": asked}) == (422, ["recusal"])
    assert put(phone, {**body, "recusal": {**asked, "decision": " "}}) == (422, ["recusal"])
    assert put(phone, {**body, "recusal": {**asked, "decision": "张科长 10:20 电话决定驳回"}})[0] == 201


def test_a_signature_is_no_photo_of_the_site(phone, task):
    drawn = a_drawn_signature(phone, task)
    body = {**a_body(task, [drawn]), "answers": [], "result_code": "R04"}
    body["signatures"] = [{**one, "sha256": drawn["sha256"]} for one in officers_sign(task)]
    assert put(phone, body) == (422, ["site_photo"])


def test_drawn_signatures_are_of_officers_entity_and_witness():
    body = {"signatures": [{"sha256": "a"}, {"sha256": None}, {}], "refusal": {"witness_sha256": "b"}}
    assert rules.drawn_signatures(body) == {"a", "b"}
