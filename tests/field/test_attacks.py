"""What a hostile phone may try at the field door: it is told why not, nothing breaks, and nobody else is hurt."""

import base64
import json
import uuid

from backend.demo.signing import unpadded
from tests.field.phone import TestPhone
from tests.field.test_operations import an_arrival
from tests.field.test_visit import a_body

ME = "/v1/me"
EARLY, LATE = "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"
CLAIMS = [
    {"nonce": "\ud800"}, {"jti": "\ud800" * 20}, {"jti": ["x"] * 20}, {"htu": "http://["}, {"htu": None}, {"htu": "http://a:b:c/"},
    {"nonce": 7}, {"ath": "\ud800"}, {"ath": []}, {"bsh": {}}, {"htm": ["GET"]},
]  # fmt: skip
HEADS = [[], None, 1, {"typ": "dpop+jwt", "alg": "none", "jwk": {}}, {"jwk": [1]}, {"jwk": {"kty": []}}]
BODIES = [b"[" * 100_000, b'{"a":' * 50_000, b'{"id": "\\ud800"}', b"\xff\xfe", b"1" * 5000, b"NaN", b'{"seq": 1e999}']
ARRIVALS = [
    {"at": EARLY}, {"at": LATE}, {"at": "2026-01-01T00:00:00"}, {"clock_offset_ms": 10**30}, {"clock_offset_ms": -(10**18)},
    {"accuracy": 1e308}, {"scanned": "\ud800"}, {"reason": "a\x00b"},
]  # fmt: skip
RECORDS = [
    {"started_at": EARLY}, {"finished_at": LATE}, {"clock_offset_ms": 10**30}, {"comment": "\ud800"}, {"comment": "a\x00b"},
    {"form_answers": {"a": "\ud800"}}, {"form_answers": {"a": [[[]]] * 50}}, {"form_answers": {"a": 1e300}},
    {"answers": [{"item": 10**30, "value": "yes"}]}, {"result_code": "\x00"}, {"read_back_at": EARLY},
]  # fmt: skip


def ask_with(phone, proof: str):
    return phone.get(ME, headers={"Authorization": f"DPoP {phone.token}", "DPoP": proof})


def jws(key: TestPhone, head: object, claims: object) -> str:
    signed = ".".join(unpadded(json.dumps(part).encode()) for part in (head, claims))
    return f"{signed}.{key.signer.sign(signed)}"


def send(phone, method: str, path: str, body: object):
    """JSON as a hostile client writes it: half characters and all."""
    return phone.open(path, method=method, data=json.dumps(body).encode(), content_type="application/json")


def test_a_proof_of_nonsense_is_refused_as_such(phone):
    for claims in CLAIMS:
        answer = ask_with(phone, phone.key.proof("GET", ME, phone.nonce, b"", phone.token, **claims))
        expected = "use-dpop-nonce" if "nonce" in claims else "bad-proof"
        assert (answer.status_code, answer.get_json()["code"]) == (401, expected), claims
    made = [jws(phone.key, head, claims) for head in HEADS for claims in ({}, [])]
    for proof in (*made, "..", "a.b.c", "é.é.é", "[" * 5000, unpadded(b"[" * 5000) + ".e30.", ""):
        answer = ask_with(phone, proof)
        assert (answer.status_code, answer.get_json()["code"]) == (401, "bad-proof"), proof


def test_a_stolen_token_is_of_no_use_without_its_key(phone):
    thief = TestPhone()
    assert ask_with(phone, thief.proof("GET", ME, phone.nonce, b"", phone.token)).get_json()["code"] == "bad-proof"
    # Now the thief tells the phone's own key in the head, and signs by another.
    thief.jwk = phone.key.jwk
    assert ask_with(phone, thief.proof("GET", ME, phone.nonce, b"", phone.token)).get_json()["code"] == "bad-proof"
    assert phone.get(ME, headers={"Authorization": f"Bearer {phone.token}"}).get_json()["code"] == "sign-each-request"
    assert ask_with(phone, phone.key.proof("GET", ME, phone.nonce, b"", phone.token)).status_code == 200


def test_lengths_and_offsets_that_are_no_numbers_are_refused(phone, task):
    facts = {"sha256": "0" * 64, "evidence_id": str(uuid.uuid4()), "task_id": str(task.id)}
    metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in facts.items())
    ticket = phone.post("/v1/tickets", json={**facts, "size": 5}).get_json()["ticket"]
    headers = {"Authorization": f"Bearer {ticket}", "Tus-Resumable": "1.0.0", "Upload-Metadata": metadata}
    there = f"/v1/uploads/{facts['evidence_id']}"
    assert phone.post("/v1/uploads", headers={**headers, "Upload-Length": "5"}).status_code == 201
    for text in ("²", "9" * 5000, "-1", "1e3", "5.0", " ", str(2**70)):
        answer = phone.post("/v1/uploads", headers={**headers, "Upload-Length": text})
        assert answer.status_code == 422, (text, answer.get_json())
        answer = phone.patch(there, headers={**headers, "Upload-Offset": text}, data=b"1",
                             content_type="application/offset+octet-stream")  # fmt: skip
        assert answer.status_code == 422, (text, answer.get_json())


def test_deep_broken_and_huge_bodies_are_refused_at_every_door_that_takes_one(phone, task):
    doors = [("POST", "/v1/operations"), ("POST", f"/v1/tasks/{task.id}/check-in"), ("POST", "/v1/device-log"),
             ("PUT", f"/v1/submissions/{uuid.uuid4()}"), ("PUT", f"/v1/tasks/{task.id}/share"), ("POST", "/v1/tickets"),
             ("PUT", f"/v1/drafts/{uuid.uuid4()}"), ("POST", "/v1/key-share"), ("POST", "/v1/enrol"), ("POST", "/v1/token")]  # fmt: skip
    for method, path in doors:
        for body in BODIES:
            answer = phone.open(path, method=method, data=body, content_type="application/json")
            assert answer.status_code in (400, 422), (path, body[:20], answer.get_json())


def test_an_arrival_of_strange_values_never_breaks_the_server_nor_the_batch(phone, task):
    arrivals = [json.loads(an_arrival(task)["body"]) | strange for strange in ARRIVALS]
    for body in arrivals:
        answer = send(phone, "POST", f"/v1/tasks/{task.id}/check-in", body)
        assert answer.status_code < 500, (body, answer.get_json())
    told = [{"id": body["id"], "kind": "arrival", "task_id": str(task.id), "body": text}
            for body in arrivals for text in (json.dumps(body), json.dumps(body, ensure_ascii=False))]  # fmt: skip
    answer = send(phone, "POST", "/v1/operations", {"operations": [*told, an_arrival(task)]})
    assert answer.status_code == 200, answer.get_json()
    assert answer.get_json()["results"][-1]["status"] == "applied"
    assert all((result["problem"] or {}).get("status", 200) < 500 for result in answer.get_json()["results"])


def test_a_record_of_strange_values_never_breaks_the_server(phone, task):
    for strange in RECORDS:
        body = {**a_body(task, []), **strange}
        answer = send(phone, "PUT", f"/v1/submissions/{uuid.uuid4()}", body)
        assert 400 <= answer.status_code < 500, (strange, answer.get_json())
        share = {"seq": 1, "at": body["finished_at"], "photos": []}
        share |= {name: body[name] for name in ("answers", "form_answers") if name in body}
        answer = send(phone, "PUT", f"/v1/tasks/{task.id}/share", share)
        assert answer.status_code < 500, (strange, answer.get_json())


def test_members_that_a_body_does_not_name_are_refused_and_change_nothing(session, phone, task):
    state = task.state
    more = {"state": "scored", "person_id": str(uuid.uuid4()), "received_at": EARLY, "team": []}
    for name, value in more.items():
        answers = [
            send(phone, "PUT", f"/v1/submissions/{uuid.uuid4()}", {**a_body(task, []), name: value}),
            send(phone, "POST", f"/v1/tasks/{task.id}/check-in", {**json.loads(an_arrival(task)["body"]), name: value}),
        ]
        assert [answer.status_code for answer in answers] == [422, 422], name
        assert all(name in json.dumps(answer.get_json()["errors"]) for answer in answers)
    session.refresh(task)
    assert task.state == state
