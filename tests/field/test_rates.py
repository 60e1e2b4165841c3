"""No phone can wear the server out, whichever door it knocks at; the answer says when to come again, and others are served meanwhile."""

import pytest

from backend.accounts.tickets import issue_ticket
from field_api import entry
from tests.field.doors import DOORS, NOBODYS, nobodys


@pytest.fixture
def ticket(phone) -> dict[str, str]:
    """What uploads show; the others are signed by the client itself."""
    told, _ = issue_ticket(phone.key.id, NOBODYS, NOBODYS, "0" * 64, 1)
    return {"Authorization": f"Bearer {told}"}


def headers_at(door: str, ticket: dict[str, str]) -> dict[str, str]:
    return {**ticket, "Tus-Resumable": "1.0.0"} if "/uploads" in door else {}


@pytest.mark.parametrize("door", sorted(DOORS))
def test_every_door_counts_what_a_phone_asks_and_says_when_to_come_again(phone, ticket, monkeypatch, door):
    monkeypatch.setattr(entry, "RATE", "2 per hour")
    method, path = nobodys(door)
    answers = [phone.open(path, method=method, headers=headers_at(door, ticket)) for _ in range(3)]
    assert [answer.status_code == 429 for answer in answers] == [False, False, True]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 3600
    told = {} if door.startswith("HEAD") else answers[-1].get_json()
    assert door.startswith("HEAD") or (told["code"], told["retry_after"]) == (
        "too-many-requests",
        int(answers[-1].headers["Retry-After"]),
    )
