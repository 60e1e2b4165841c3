"""Who may not inspect opens no door of the field API, whatever else they may; and no door is forgotten."""

import pytest

from backend.accounts.models import Device
from backend.accounts.rules import Role, can_inspect
from backend.accounts.tickets import issue_ticket
from tests.field.doors import DOORS, NOBODYS, closed_doors, nobodys
from tests.field.phone import TestPhone
from tests.makers import a_unit, an_actor

OTHERS = [role for role in Role if role is not Role.INSPECTOR]


def test_every_door_has_its_row(field_client):
    assert closed_doors(field_client.application) == set(DOORS)


@pytest.mark.parametrize("role", OTHERS)
def test_no_other_role_opens_any_door(session, field_client, role):
    actor, key = an_actor(session, a_unit(session), role), TestPhone()
    session.add(Device(id=key.id, person_id=actor.person_id, name="p", public_key=key.jwk))
    session.commit()
    field_client.sign_in(key)
    ticket, _ = issue_ticket(key.id, NOBODYS, NOBODYS, "0" * 64, 1)
    assert not can_inspect(actor)
    for door in DOORS:
        method, path = nobodys(door)
        headers = {"Authorization": f"Bearer {ticket}"} if "uploads" in path else {}
        assert field_client.open(path, method=method, headers=headers).status_code == 403, door
