"""What lies aside is seen by those who answer for the phone's person, opened by supervisors, and runs nowhere."""

import io
import uuid

import pytest

from backend.accounts import queries as accounts
from backend.accounts.commands import enter_person
from backend.accounts.models import Device
from backend.accounts.rules import Role
from backend.inspections import evidence
from backend.inspections.aside import quarantine
from backend.inspections.aside.faulty import keep_faulty
from backend.inspections.aside.models import FaultyPayload
from backend.ledger import Event
from backend.problems import NotFound
from backend.times import utc_now
from tests.faces.desks import Desk, a_unit_elsewhere, every_role
from tests.makers import a_unit

PIECE = b'{"answers": {}} <script>alert(1)</script>'


@pytest.fixture
def unit(session):
    return a_unit(session)


@pytest.fixture
def phone(session, unit, tmp_path, monkeypatch) -> Device:
    """A revoked phone of an inspector of the unit."""
    monkeypatch.setattr(evidence, "store", lambda: evidence.open_store(f"file://{tmp_path}"))
    person = enter_person(session, unit=unit, name="执法员", roles=(Role.INSPECTOR,))
    device = Device(id=uuid.uuid4(), person_id=person.id, name="旧手机", public_key={}, revoked_at=utc_now())
    session.add(device)
    session.flush()
    return device


def kept(session, phone, data: bytes = PIECE, piece: uuid.UUID | None = None) -> uuid.UUID:
    piece = piece or uuid.uuid4()
    quarantine.keep_piece(session, device_id=phone.id, kind="visit", piece_id=piece, source=io.BytesIO(data),
                          size=len(data))  # fmt: skip
    session.flush()
    return piece


def refused(session, phone) -> FaultyPayload:
    actor = accounts.actor_of_person(phone.person, phone.id)
    problem = NotFound(what="任务 task", id="1")
    keep_faulty(session, actor=actor, kind="submission", operation="op-1", data=PIECE, problem=problem)
    return session.query(FaultyPayload).one()


def test_unit_administrators_see_both_kinds_and_open_payloads_only(app, session, unit, phone):
    payload, piece = refused(session, phone), kept(session, phone)
    desk = Desk(app, session, unit, Role.UNIT_ADMINISTRATOR)
    shown = desk.see("/console/aside").text
    assert all(word in shown for word in ("执法员", "旧手机", "没有找到", "op-1"))
    assert "Not found" in desk.see("/console/aside", "en").text
    opened = desk.see(f"/console/aside/payloads/{payload.id}")
    assert (opened.data, opened.mimetype) == (PIECE, "application/octet-stream")
    assert opened.headers["Content-Disposition"].startswith("attachment")
    assert desk.see(f"/console/aside/pieces/{phone.id}/visit/{piece}").status_code == 403


def test_a_supervisor_downloads_a_piece_as_it_came(app, session, unit, phone):
    piece = kept(session, phone)
    desk = Desk(app, session, unit, Role.COUNTY_SUPERVISOR)
    opened = desk.see(f"/console/aside/pieces/{phone.id}/visit/{piece}")
    assert (opened.status_code, opened.data) == (200, PIECE)
    assert opened.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_nobody_elsewhere_sees_any_of_it(app, session, unit, phone):
    payload, piece = refused(session, phone), kept(session, phone)
    stranger = Desk(app, session, a_unit_elsewhere(session), *every_role(), name="stranger")
    assert stranger.json("/console/aside") == {"payloads": [], "pieces": []}
    assert stranger.see(f"/console/aside/payloads/{payload.id}").status_code == 404
    assert stranger.see(f"/console/aside/pieces/{phone.id}/visit/{piece}").status_code == 404


def test_a_piece_comes_once_and_other_bytes_leave_a_trace_of_the_first(session, phone):
    piece = kept(session, phone)
    kept(session, phone, piece=piece)
    kept(session, phone, b"newer", piece)
    session.commit()
    events = session.query(Event).filter_by(name="piece.quarantined", subject=str(piece)).all()
    assert len({event.payload["sha256"] for event in events}) == len(events) == 2


def test_a_phone_is_emptied_only_when_all_it_tells_of_is_here(session, phone):
    kept(session, phone)
    with pytest.raises(quarantine.QuarantineIncomplete):
        quarantine.empty_device(session, device_id=phone.id, count=2)
    assert quarantine.empty_device(session, device_id=phone.id, count=1) == 1


def test_a_phone_that_may_still_send_is_neither_quarantined_nor_emptied(session, phone):
    phone.revoked_at = None
    with pytest.raises(quarantine.DeviceNotRevoked):
        kept(session, phone)
    with pytest.raises(quarantine.DeviceNotRevoked):
        quarantine.empty_device(session, device_id=phone.id, count=0)


def test_one_phone_cannot_fill_the_store(session, phone, monkeypatch):
    monkeypatch.setattr(quarantine, "MOST_BYTES", len(PIECE) + 1)
    kept(session, phone)
    with pytest.raises(quarantine.QuarantineFull):
        kept(session, phone)
