"""What a reviewer sees of evidence: doubts in plain words, corrected times, recordings that play, files nobody named."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from backend.accounts import queries as accounts
from backend.accounts.models import Unit
from backend.accounts.rules import Role
from backend.inspections import visits
from backend.inspections.doubts import CODES
from backend.inspections.models import Evidence, Submission
from backend.registry.models import Entity
from media import faults
from tests.faces.desks import Desk
from tests.faces.test_words import catalogue
from tests.faces.visits import a_visited_ground, read_anew
from tests.inspections.makers import sent_file
from tests.media.makers import a_picture, as_file
from tests.standing import standing

SOUND = b"OggS\0\2\0\0" + bytes(2000)
FAULTS = (faults.NotAnImage, faults.TooManyPixels, faults.TooManyBytes)


@pytest.fixture(scope="module")
def ground(services):
    with standing(a_visited_ground) as ground:
        yield ground


@pytest.fixture
def unit(session, ground):
    return session.get_one(Unit, ground[1][0])


@pytest.fixture
def visited(session, ground):
    return read_anew(session, ground[1][1])


@pytest.fixture
def officer(session, visited):
    return accounts.actor_of_person(visited.task.officers[0].inspector.person, uuid.uuid4())


@pytest.fixture
def reviewer(app, session, unit, visited):
    return Desk(app, session, unit, Role.REVIEWER, name="reviewer")


def page(visited) -> str:
    return f"/console/submissions/{visited.submission_id}"


@pytest.mark.parametrize("code", [*CODES, *(fault.code for fault in FAULTS)])
def test_every_doubt_has_a_name_and_a_sentence_in_both_languages(code):
    assert {f"flag.{code}", f"doubt.{code}"} <= catalogue("console").keys()


def test_implausible_fixes_are_told_in_plain_words_and_block_nothing(session, visited, officer, reviewer):
    at = session.scalar(select(func.max(Evidence.received_at)))
    lon, lat = session.execute(select(func.st_x(Entity.place), func.st_y(Entity.place)).where(Entity.id == visited.task.entity_id)).one()  # fmt: skip
    ahead = 10 * 60_000
    fixes = [(at, lon, lat, 5.0), (at + timedelta(seconds=30), lon + 0.1, lat, 0.0)]
    for n, (when, x, y, accuracy) in enumerate(fixes):
        fix = visits.FixInfo(when + timedelta(milliseconds=ahead), x, y, accuracy, ahead)
        visits.check_in(session, actor=officer, task_id=visited.task.id, arrival_id=uuid.uuid4(), fix=fix, scanned=None,
                        reason=f"第{n}次")  # fmt: skip
    session.commit()
    told = reviewer.see(page(visited)).text
    for words in ("人不可能这样移动", "误差为 0 米", "手机时钟与服务器相差 10.0 分钟", "距登记地址", "手机显示"):
        assert words in told, words
    assert "which nobody travels" in reviewer.see(page(visited), "en").text


def test_an_old_fix_and_a_photo_from_before_the_visit_are_told(session, visited, officer, reviewer):
    at = session.get_one(Submission, visited.submission_id).started_at - timedelta(hours=3)
    sent_file(session, officer, visited.task, as_file(a_picture(seed=2)).getvalue(), at=at, lon=107.031812, lat=33.067634,
              fixed_at=at - timedelta(minutes=12))  # fmt: skip
    session.commit()
    told = reviewer.see(page(visited)).text
    assert "定位比拍摄早 12.0 分钟" in told
    assert "拍摄时间不在本次检查期间" in told


def test_files_that_the_record_does_not_name_are_shown_and_recordings_play_in_ranges(
    session, visited, officer, reviewer
):
    sound = sent_file(session, officer, visited.task, SOUND)
    junk = sent_file(session, officer, visited.task, b"<script>alert(1)</script>")
    other = sent_file(session, officer, visited.task, as_file(a_picture()).getvalue(), whole=False)
    session.commit()
    told = reviewer.see(page(visited)).text
    assert "未写入记录的文件（3）" in told
    assert "隔离" in told
    place = f"/console/evidence/{sound.id}/original"
    assert f'<audio controls preload="none" src="{place}"' in told
    part = reviewer.client.get(place, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data, part.mimetype) == (206, b"OggS", "audio/ogg")
    assert reviewer.client.get(place).data == SOUND
    handed = reviewer.client.get(f"/console/evidence/{junk.id}/original")
    assert (handed.mimetype, handed.headers["Content-Disposition"][:10]) == ("application/octet-stream", "attachment")
    assert reviewer.see(f"/console/evidence/{other.id}/thumbnail").status_code == 404


def test_a_photos_watermarked_copy_can_be_seen_and_the_chain_is_told(session, visited, reviewer):
    assert reviewer.see(f"/console/evidence/{visited.evidence_id}/watermarked").mimetype == "image/jpeg"
    assert "证据链完好" in reviewer.see(page(visited)).text
    kept = session.get_one(Evidence, visited.evidence_id)
    kept.size += 1
    session.commit()
    assert "证据链从第 1 张照片起不符" in reviewer.see(page(visited)).text


def test_the_receipt_leads_to_its_public_check(visited, reviewer):
    told = reviewer.see(page(visited)).text
    link = told.split('href="/receipt?')[1].split('"')[0].replace("&amp;", "&")
    assert "回执真实有效" in reviewer.see(f"/receipt?{link}").text


def test_a_photo_that_was_seen_before_can_be_compared_where_one_may_see_the_other(session, visited, officer, reviewer):
    kept = session.get_one(Evidence, visited.evidence_id)
    elsewhere = str(uuid.uuid4())
    kept.flags = [{"code": "seen_before", "task": "T-7", "evidence": id_} for id_ in (str(kept.id), elsewhere)]
    session.commit()
    told = reviewer.see(page(visited)).text
    assert "与任务 T-7 的一个文件相同或看起来相同。" in told
    assert "查看对照" in told
    assert elsewhere not in told
