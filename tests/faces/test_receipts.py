"""Anybody can check a receipt: a genuine one, an altered one and a forged one are told apart, and nothing personal is told."""

import base64
import json
import re
import uuid
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend import keys
from backend.config import settings
from backend.inspections.models import Receipt, Submission
from backend.inspections.queries import receipt_of
from backend.inspections.receipts import receipt_query
from media.seal import sign_receipt
from tests.faces.visits import a_visited_ground, read_anew
from tests.standing import standing

HTML = {"Accept": "text/html", "Accept-Language": "en"}


@pytest.fixture(scope="module")
def ground(services):
    with standing(a_visited_ground) as ground:
        yield ground


@pytest.fixture
def visited(session, ground):
    return read_anew(session, ground[1][1])


@pytest.fixture
def receipt(session, visited) -> dict[str, str]:
    return receipt_of(session.get_one(Submission, visited.submission_id))


@pytest.fixture
def ask(client):
    def asked(given: dict[str, str]) -> dict:
        return client.get(f"/receipt.json?{urlencode(given)}").get_json()

    return asked


def test_the_link_of_a_receipt_opens_a_page_that_says_what_it_proves(client, receipt):
    link = f"/receipt?{urlencode(receipt_query(receipt))}"
    assert len(link) < 300, "a QR code that a phone shows must stay coarse"
    page = client.get(link, headers=HTML).text
    assert "The receipt is genuine" in page
    assert "does not say that the findings are right" in page
    assert "回执真实有效" in client.get(link, headers={**HTML, "Accept-Language": "zh"}).text


def test_a_number_alone_is_looked_up_without_javascript(client, receipt):
    page = client.get(f"/receipt?id={receipt['submission']}", headers=HTML).text
    assert "what is on record holds" in page
    assert receipt["manifest_sha256"] in page
    assert "<script" not in page
    assert "No receipt has this number" in client.get(f"/receipt?id={uuid.uuid4()}", headers=HTML).text
    assert client.get("/receipt", headers=HTML).status_code == 200


def test_the_whole_receipt_leads_to_the_page_that_shows_that_nobody_chose_and_its_number_alone_does_not(
    client, receipt
):
    page = client.get(f"/receipt?{urlencode(receipt_query(receipt))}", headers=HTML).text
    way = re.search(r'href="(/lots/[^"]+/party[^"]+)"', page)[1].replace("&amp;", "&")
    assert "You were drawn by lot" in client.get(way, headers=HTML).text
    for less in ({"id": receipt["submission"]}, {**receipt_query(receipt), "m": "00" * 32}):
        assert "/party" not in client.get(f"/receipt?{urlencode(less)}", headers=HTML).text


@pytest.mark.parametrize("member", ["task", "manifest_sha256", "received_at", "signature", "key"])
def test_an_altered_member_is_named(ask, receipt, member):
    other = {"task": str(uuid.uuid4()), "received_at": "2020-01-01T00:00:00Z"}.get(member, "0" * len(receipt[member]))
    told = ask({**receipt, member: other})
    assert (told["verdict"], told["good"], told["differs"]) == ("altered", False, [member])


def test_a_forged_receipt_is_told_from_one_whose_record_is_lost(ask, receipt):
    facts = {"submission": str(uuid.uuid4()), "task": str(uuid.uuid4()), "received_at": receipt["received_at"]}
    forged = sign_receipt(Ed25519PrivateKey.generate(), manifest={"body": "1"}, **facts)
    assert ask(forged)["verdict"] == "forged"
    assert ask({"submission": facts["submission"], "signature": "junk"})["verdict"] == "forged"
    lost = sign_receipt(keys.signer("receipt"), manifest={"body": "1"}, **facts)
    assert ask(lost)["verdict"] == "not_on_record"


def test_a_receipt_of_a_former_key_holds_once_that_key_is_named(ask, receipt, monkeypatch):
    former, place = keys.public_hex("receipt"), settings().keys / "receipt.former"
    monkeypatch.setenv("KEY_RECEIPT", base64.b64encode(bytes(range(32))).decode())
    assert ask(receipt)["verdict"] == "damaged"
    place.write_text(f"{former}\n")
    try:
        assert ask(receipt)["verdict"] == "genuine"
        short = {name: value for name, value in receipt.items() if name != "key"}
        assert ask(short)["verdict"] == "genuine"
    finally:
        place.unlink()


def test_a_record_that_was_changed_behind_our_back_is_told(session, ask, visited, receipt):
    kept = session.get_one(Receipt, visited.submission_id)
    kept.manifest = {**kept.manifest, "photos": kept.manifest["photos"][1:]}
    session.commit()
    assert ask(receipt)["verdict"] == "damaged"


def test_no_personal_data_is_told(session, client, visited, receipt):
    told = client.get(f"/receipt.json?{urlencode(receipt)}").text + client.get(f"/receipt?{urlencode(receipt)}").text
    task = visited.task
    hidden = [task.entity.name, task.entity.uscc, task.number, *(o.inspector.person.name for o in task.officers)]
    assert [word for word in hidden if word in told] == []


def test_a_pasted_receipt_is_checked_and_junk_is_told(client, receipt):
    page = client.get(f"/receipt?{urlencode({'receipt': json.dumps(receipt)})}", headers=HTML).text
    assert "The receipt is genuine" in page
    for junk in ("{", "[]"):
        assert client.get(f"/receipt?{urlencode({'receipt': junk})}", headers=HTML).status_code == 422
    assert client.get("/receipt.json").get_json()["code"] == "bad-input"


def test_hashes_may_be_written_in_any_usual_way(ask, receipt):
    loud = {**receipt, "signature": receipt["signature"].upper()}
    padded = {**receipt, "signature": base64.urlsafe_b64encode(bytes.fromhex(receipt["signature"])).decode()}
    assert {ask(loud)["verdict"], ask(padded)["verdict"]} == {"genuine"}
