"""A visit through the field API as a phone makes it: exactly once, whole or not at all, then on to score and notice."""

import base64
import hashlib
import io
import uuid
from dataclasses import replace
from datetime import UTC, datetime

from PIL import Image

from backend.accounts.rules import Role
from backend.disclosure import queries as disclosure
from backend.inspections import reviews
from backend.inspections.models import Evidence, EvidenceState
from backend.inspections.visit_evidence import visit_evidence
from backend.registry.checklist_restaurant import restaurant_checklist
from backend.registry.checklists import keep_checklist
from backend.risk import queries as risk
from backend.times import local_today
from backend.tours.models import Task
from media.seal import receipt_holds
from tests.makers import an_actor


def picture(n: int) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((64, 48), 20 + n).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def metadata_of(facts: dict[str, str]) -> str:
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in facts.items())


def announce(phone, task: Task, data: bytes, item: int, sha256: str | None = None):
    facts = {"sha256": sha256 or hashlib.sha256(data).hexdigest(), "evidence_id": str(uuid.uuid4()),
             "task_id": str(task.id), "item": str(item), "filetype": "image/jpeg"}  # fmt: skip
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(data)), "Upload-Metadata": metadata_of(facts)}
    return facts, phone.post("/v1/uploads", headers=headers)


def send(phone, location: str, offset: int, data: bytes):
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset)}
    return phone.patch(location.removeprefix("/field"), headers=headers, data=data,
                       content_type="application/offset+octet-stream")  # fmt: skip


def photos_for(phone, task: Task) -> list[dict]:
    photos = []
    for seq, item in enumerate(i for i in task.checklist.body["items"] if i["photo"] == "ALWAYS"):
        data = picture(seq)
        facts, answer = announce(phone, task, data, item["no"])
        assert send(phone, answer.headers["Location"], 0, data).status_code == 204
        photos.append({"id": facts["evidence_id"], "item": item["no"], "sha256": facts["sha256"], "size": len(data),
                       "taken_at": datetime.now(UTC).isoformat(), "seq": seq})  # fmt: skip
    return photos


def a_body(task: Task, photos: list[dict]) -> dict:
    now = datetime.now(UTC).isoformat()
    return {
        "task_id": str(task.id), "checklist_id": str(task.checklist_id), "started_at": now, "finished_at": now,
        "clock_offset_ms": 0, "app_version": "t", "photos": photos, "comment": "",
        "answers": [{"item": i["no"], "value": "yes", "remark": ""} for i in task.checklist.body["items"]],
        "signatures": [*officers_sign(task), {"role": "entity", "name": "乙"}],
    }  # fmt: skip


def officers_sign(task: Task) -> list[dict]:
    return [{"role": "officer", "name": "执法员", "inspector_id": str(o.inspector_id)} for o in task.officers]


def test_a_visit_goes_from_the_phone_to_score_and_notice(session, unit, phone, task, drain):
    seen = phone.get("/v1/tasks").get_json()["tasks"]
    assert str(task.id) in {t["id"] for t in seen}
    body, id_ = a_body(task, photos_for(phone, task)), uuid.uuid4()
    first = phone.put(f"/v1/submissions/{id_}", json=body)
    again = phone.put(f"/v1/submissions/{id_}", json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json()["receipt"] == again.get_json()["receipt"]
    assert receipt_holds(first.get_json()["receipt"])
    drain()
    reviewer = an_actor(session, unit, Role.REVIEWER)
    reviews.confirm_result(session, actor=reviewer, submission_id=id_)
    drain()
    notice = disclosure.notice(session, f"R-{task.number}")
    assert notice.body["result"]["code"] == "R01"
    assert len(risk.scores_of(session, task.entity_id)) == 2
    session.refresh(task)
    assert task.state == "published"


def test_the_same_id_with_other_content_is_refused_and_the_first_is_kept(phone, task):
    body, id_ = a_body(task, photos_for(phone, task)), uuid.uuid4()
    phone.put(f"/v1/submissions/{id_}", json=body)
    answer = phone.put(f"/v1/submissions/{id_}", json={**body, "comment": "other"})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "submission-differs")


def test_another_record_of_a_submitted_task_is_told_that_it_came_too_late(phone, task):
    body = a_body(task, photos_for(phone, task))
    phone.put(f"/v1/submissions/{uuid.uuid4()}", json=body)
    answer = phone.put(f"/v1/submissions/{uuid.uuid4()}", json={**body, "comment": "other"})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "task-closed")


def test_photos_come_first_and_a_missing_answer_is_named(phone, task):
    body = a_body(task, photos_for(phone, task))
    unsent = {**body["photos"][0], "sha256": "0" * 64}
    answer = phone.put(f"/v1/submissions/{uuid.uuid4()}", json={**body, "photos": [unsent]}).get_json()
    assert (answer["code"], answer["missing"]) == ("photos-missing", ["0" * 64])
    answer = phone.put(f"/v1/submissions/{uuid.uuid4()}", json={**body, "answers": body["answers"][1:]}).get_json()
    assert answer["code"] == "submission-incomplete"
    assert {"item": 1, "code": "missing"} in answer["faults"]


def test_every_officer_and_the_entity_confirm_the_record_or_its_refusal_is_noted(phone, task):
    body, (first, second) = a_body(task, photos_for(phone, task)), officers_sign(task)
    entity = {"role": "entity", "name": "乙"}

    def lacking(*signatures: dict, **more) -> list[str]:
        answer = phone.put(f"/v1/submissions/{uuid.uuid4()}", json={**body, "signatures": signatures, **more})
        return [fault["code"] for fault in answer.get_json().get("faults", [])]

    assert lacking(first, entity) == ["officer"]
    assert lacking(first, {**second, "inspector_id": str(uuid.uuid4())}, entity) == ["officer"]
    assert lacking(first, second) == ["entity"]
    assert lacking() == ["officer", "officer", "entity"]
    assert lacking(first, second, refusal={"reason": "负责人拒绝签字", "witness": "丙"}) == []


def test_answers_beside_the_items_are_judged_by_the_checklists_form(phone, task):
    checklist = phone.get(f"/v1/checklists/{task.checklist_id}").get_json()
    assert checklist["form"]["format"] == "fieldlot-form/1"
    assert checklist["sha256"] == task.checklist.sha256
    body, id_ = a_body(task, photos_for(phone, task)), uuid.uuid4()
    hot = phone.put(f"/v1/submissions/{id_}", json={**body, "form_answers": {"core_temperature": 900, "guess": 1}})
    assert hot.get_json()["code"] == "submission-incomplete"
    told = [(fault["path"], fault["code"]) for fault in hot.get_json()["faults"]]
    assert told == [("core_temperature", "constraint"), ("guess", "unknown")]
    good = {"core_temperature": 75.5, "sampled_goods": [{"goods_name": "大米", "goods_made": "2026-01-02"}]}
    assert phone.put(f"/v1/submissions/{id_}", json={**body, "form_answers": good}).status_code == 201


def test_a_visit_filled_by_another_version_is_told_which_one_judges(session, phone, task):
    made = restaurant_checklist()[1]
    newer = replace(made, version="2", valid_from=local_today(), sha256="2" * 64)
    kept, _ = keep_checklist(session, newer, b"", today=local_today())
    session.commit()
    body = a_body(task, photos_for(phone, task))
    answer = phone.put(f"/v1/submissions/{uuid.uuid4()}", json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "checklist-changed")
    assert answer.get_json()["checklist_id"] == str(kept.id)
    again = phone.put(f"/v1/submissions/{uuid.uuid4()}", json={**body, "checklist_id": str(kept.id)})
    assert again.status_code == 201
    session.refresh(task)
    assert task.checklist_id == kept.id


def test_evidence_is_of_the_item_under_which_the_submission_names_it(session, phone, task):
    photos, data, id_ = photos_for(phone, task), picture(90), uuid.uuid4()
    facts, answer = announce(phone, task, data, 2)
    send(phone, answer.headers["Location"], 0, data)
    extra = {
        **photos[0],
        "id": facts["evidence_id"],
        "sha256": facts["sha256"],
        "size": len(data),
        "item": None,
        "seq": 90,
    }
    assert phone.put(f"/v1/submissions/{id_}", json=a_body(task, [*photos, extra])).status_code == 201
    session.expire_all()
    piece = visit_evidence(session, id_).of(uuid.UUID(facts["evidence_id"]))
    assert piece
    assert (piece.item, piece.named) == (None, True)


def test_an_upload_goes_on_where_it_was_cut_and_a_stale_piece_changes_nothing(session, phone, task):
    data = picture(7)
    facts, answer = announce(phone, task, data, 1)
    place = answer.headers["Location"]
    assert send(phone, place, 0, data[:100]).headers["Upload-Offset"] == "100"
    assert send(phone, place, 0, b"x" * 100).status_code == 409
    head = phone.head(place.removeprefix("/field"), headers={"Tus-Resumable": "1.0.0"})
    assert head.headers["Upload-Offset"] == "100"
    send(phone, place, 100, data[100:])
    kept = session.get(Evidence, uuid.UUID(facts["evidence_id"]))
    assert (kept.sha256, kept.state) == (hashlib.sha256(data).hexdigest(), EvidenceState.ARRIVED)


def test_bytes_that_differ_from_what_was_announced_are_kept_in_quarantine(session, phone, task):
    data = picture(8)
    facts, answer = announce(phone, task, data, 1, sha256="0" * 64)
    send(phone, answer.headers["Location"], 0, data)
    assert session.get(Evidence, uuid.UUID(facts["evidence_id"])).state == EvidenceState.QUARANTINED


def test_other_peoples_tasks_do_not_exist_for_this_phone(phone, task):
    for answer in (
        phone.get(f"/v1/submissions/{uuid.uuid4()}"),
        phone.put(f"/v1/submissions/{uuid.uuid4()}", json={**a_body(task, []), "task_id": str(uuid.uuid4())}),
    ):
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not-found")


def test_nonsense_is_told_field_by_field_in_both_languages(phone, task):
    answer = phone.put(f"/v1/submissions/{uuid.uuid4()}", json={"task_id": "x", "strange": 1})
    told = answer.get_json()
    assert (answer.status_code, told["code"]) == (422, "bad-input")
    assert {"zh", "en", "errors"} <= told.keys()


def test_without_a_token_nothing_is_shown(phone):
    phone.key = None
    assert phone.get("/v1/tasks").status_code == 401
    stale = phone.get("/v1/tasks", headers={"Authorization": "DPoP nonsense"})
    assert stale.get_json()["code"] == "stale-token"
