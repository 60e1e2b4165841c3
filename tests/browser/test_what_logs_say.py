"""What an instance's processes wrote while people worked in it: nothing about anybody, and nothing that opens a door."""

import re
from pathlib import Path

import pytest
import requests

from backend.demo.desk import Desk
from tests.browser.conftest import PASSWORD
from tests.browser.instance import Instance
from tests.browser.test_revoked import OPEN, rows

PERSONAL = {
    "people": "select name from people union select card_no from inspectors",
    "entities": "select name from entities union select uscc from entities union select phone from entities",
    "addresses": "select address from entities",
    "places": "select round(st_x(place)::numeric, 4)::text from entities",
    "words": "select body->>'comment' from submissions union select remark from findings",
}
TYPED = ("not-the-password", "somebody.private", "4-wrong-code", "李某某的电话是 13800138000", "\x00")


@pytest.fixture
def written(instance: Instance) -> str:
    """What all logs hold, after some more mistakes were made at both doors."""
    make_mistakes(instance)
    folders = (instance.data / "logs", (instance.data / "services").resolve())
    files = [file for folder in folders for file in Path(folder).rglob("*.log")]
    assert len(files) >= 4
    return "\n".join(file.read_text(errors="replace") for file in files)


def make_mistakes(instance: Instance) -> None:
    name, password, code, sentence, zero = TYPED[1], TYPED[0], *TYPED[2:]
    (_, person), *_ = rows(instance, OPEN)
    desk = Desk(instance.url, "admin", PASSWORD)
    desk.press_for(f"/console/people/{person}/enrolment")
    requests.post(f"{instance.url}/console/sign-in", data={"username": name, "password": password}, timeout=60)
    for words in (sentence, zero, rows(instance, "select name from entities limit 1")[0][0]):
        requests.get(f"{instance.url}/notices", params={"q": words}, timeout=60)
        requests.get(f"{instance.url}/receipt", params={"id": words}, timeout=60)
    device = {"id": name, "name": sentence, "public_key": {"kty": password}}
    for body in ({"code": code, "device": device}, sentence, [zero]):
        requests.post(f"{instance.url}/field/v1/enrol", json=body, timeout=60)


def test_logs_hold_nobodys_name_number_place_words_or_password(instance: Instance, written: str):
    assert "request_answered" in written, "the logs that were read are those of the doors"
    assert [typed for typed in (*TYPED[:4], PASSWORD) if typed in written] == []
    for kind, question in PERSONAL.items():
        known = {str(value) for (value,) in rows(instance, question) if value and len(str(value)) > 1}
        assert known or kind == "words", kind
        assert [value for value in sorted(known) if value in written][:5] == [], kind


def test_logs_hold_no_token_nor_signature(written: str):
    assert re.findall(r"eyJ[\w-]{8,}|Bearer \S+|DPoP \S+", written) == []
