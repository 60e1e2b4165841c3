"""A revoked phone hands over what it holds, proves it by its key alone, and is emptied when all of it is here."""

import hashlib
import json
import uuid
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from backend.accounts.models import Device
from backend.accounts.rules import Role
from backend.demo.signing import unpadded
from backend.inspections import evidence
from backend.inspections.aside.models import QuarantinedPiece
from backend.inspections.models import Submission
from backend.ledger import Event
from backend.times import utc_now
from tests.field.phone import HOST, TestPhone
from tests.makers import a_unit, an_actor

PHOTO = b"\xff\xd8 the bytes of a photo"


@dataclass
class Revoked:
    """A revoked phone at the field door, with the newest nonce it was given."""

    client: object
    key: TestPhone
    nonce: str = ""

    def proof(self, method: str, path: str, body: bytes, **other) -> str:
        return self.key.proof(method, path, self.nonce, body, **other)

    def send(self, method: str, path: str, body: bytes, proof: str | None = None, **other):
        headers = {"DPoP": proof or self.proof(method, path, body, **other)}
        kind = "application/json" if path.endswith("done") else "application/octet-stream"
        answer = self.client.open(path, method=method, data=body, headers=headers, content_type=kind)
        self.nonce = answer.headers.get("DPoP-Nonce", "")
        return answer

    def hand_over(self, kind: str = "photo", body: bytes = PHOTO, piece: uuid.UUID | None = None, **other):
        return self.send("PUT", f"/v1/quarantine/{kind}/{piece or uuid.uuid4()}", body, **other)

    def done(self, count: int):
        return self.send("POST", "/v1/quarantine/done", json.dumps({"count": count}).encode())


@pytest.fixture
def phone(session, field_client, tmp_path, monkeypatch) -> Revoked:
    monkeypatch.setattr(evidence, "store", lambda: evidence.open_store(f"file://{tmp_path}"))
    person, key = an_actor(session, a_unit(session), Role.INSPECTOR), TestPhone()
    session.add(Device(id=key.id, person_id=person.person_id, name="p", public_key=key.jwk, revoked_at=utc_now()))
    session.commit()
    made = Revoked(field_client, key)
    assert made.hand_over().get_json()["code"] == "use-dpop-nonce"
    return made


def told(answer) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def test_what_a_revoked_phone_hands_over_is_kept_and_never_applied(session, phone):
    piece = uuid.uuid4()
    assert [phone.hand_over(piece=piece).status_code for _ in range(2)] == [201, 200]
    assert phone.hand_over("visit", b'{"task_id": 1}').status_code == 201
    kept = session.get(QuarantinedPiece, (phone.key.id, "photo", piece))
    with evidence.store().open(kept.sha256) as stream:
        assert stream.read() == PHOTO
    assert session.scalar(select(func.count()).select_from(Submission)) == 0


def test_the_phone_is_emptied_when_all_it_counts_is_here_and_not_before(session, phone):
    phone.hand_over()
    assert told(phone.done(2)) == (409, "quarantine-incomplete")
    answer = phone.done(1)
    assert (answer.status_code, answer.get_json()) == (200, {"wipe": True})
    session.commit()
    emptied = session.scalars(select(Event).where(Event.name == "device.emptied")).one()
    assert (emptied.subject, emptied.payload) == (str(phone.key.id), {"pieces": 1})


@pytest.mark.parametrize(("other", "code"), [
    ({"htm": "POST"}, "bad-proof"), ({"htu": HOST + "/v1/quarantine/visit/x"}, "bad-proof"), ({"jti": 1}, "bad-proof"),
    ({"bsh": unpadded(hashlib.sha256(b"other").digest())}, "bad-proof"), ({"bsh": None}, "bad-proof"),
    ({"bsh": "é"}, "bad-proof"), ({"nonce": "old"}, "use-dpop-nonce"), ({"nonce": None}, "use-dpop-nonce"),
])  # fmt: skip
def test_a_proof_that_does_not_fit_is_refused_and_nothing_is_kept(session, phone, other, code):
    answer = phone.hand_over(**other)
    assert told(answer) == (401, code)
    assert answer.headers["DPoP-Nonce"]
    assert session.scalar(select(func.count()).select_from(QuarantinedPiece)) == 0


@pytest.mark.parametrize(
    "proof", ["x", "a.b.c", "..", unpadded(b"[1]") + "." + unpadded(b"{}") + ".x", unpadded(b"{}") * 3]
)
def test_nonsense_is_no_proof(phone, proof):
    assert told(phone.hand_over(proof=proof)) == (401, "bad-proof")


def test_a_proof_is_good_once(phone):
    path = f"/v1/quarantine/photo/{uuid.uuid4()}"
    proof = phone.proof("PUT", path, PHOTO)
    assert phone.send("PUT", path, PHOTO, proof).status_code == 201
    assert told(phone.send("PUT", path, PHOTO, proof)) == (401, "replayed-request")


def test_another_key_speaks_for_no_phone_and_wipes_nothing(phone):
    stranger = Revoked(phone.client, TestPhone(phone.key.id), phone.nonce)
    assert told(stranger.done(0)) == (404, "device-unknown")
    forged = phone.proof("PUT", "/v1/quarantine/photo/x", PHOTO)
    assert told(phone.hand_over(proof=forged[:-8] + "AAAAAAAA")) == (401, "bad-proof")


def test_a_phone_that_may_send_is_not_emptied(session, phone):
    session.get(Device, phone.key.id).revoked_at = None
    session.commit()
    assert told(phone.done(0)) == (409, "device-not-revoked")
    assert told(phone.hand_over("dance")) == (409, "device-not-revoked")
