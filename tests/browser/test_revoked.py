"""A revoked phone in a browser: cut off in the middle, it hands over what was unsent, empties itself and says so."""

import json

import psycopg
import pytest
from playwright.sync_api import Page, expect

from backend.demo.desk import Desk
from backend.sample.photos import draw_photo
from backend.times import utc_now
from tests.browser.conftest import PASSWORD
from tests.browser.enrolling import enrol_phone, unlock_phone

HAND = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "permissions": ["geolocation"]}
WITHIN_MS = 20_000
OPEN = """select t.id, i.person_id from tasks t join task_officers o on o.task_id = t.id and o.leader
    join inspectors i on i.id = o.inspector_id where t.state = 'assigned' and t.opens_at < now() order by t.id limit 1"""
PIECES = "select kind, count(*) from quarantined_pieces where device_id = %s group by kind order by kind"
DEVICE = "select id from devices where person_id = %s order by enrolled_at desc limit 1"
LEFT = """async () => {
  const db = await new Promise(done => { indexedDB.open("fieldlot").onsuccess = event => done(event.target.result); });
  const tables = [...db.objectStoreNames].filter(name => name !== "facts");
  const count = name => new Promise(done => {
    db.transaction(name).objectStore(name).count().onsuccess = event => done(event.target.result);
  });
  const rows = await Promise.all(tables.map(count));
  const files = [];
  for await (const name of (await navigator.storage.getDirectory()).keys()) files.push(name);
  const maps = await caches.has("maps-of-fieldlot");
  return {rows: rows.reduce((a, b) => a + b, 0), files, maps};
}"""


def rows(instance, question: str, *values) -> list[tuple]:
    """What the instance's database answers."""
    url = json.loads((instance.data / "instance.json").read_text())["database_url"]
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        return connection.execute(question, values).fetchall()


@pytest.fixture
def desk(instance) -> Desk:
    """The administrator."""
    return Desk(instance.url, "admin", PASSWORD)


@pytest.fixture
def at_work(instance, desk, a_page, watch) -> tuple[Page, str]:
    """A phone with a draft that has a photo, and the id of its device."""
    watch.expected = {401, 404}
    (task, person), *_ = rows(instance, OPEN)
    code = desk.code_for(person)
    page = a_page(geolocation={"longitude": 107.0, "latitude": 33.07, "accuracy": 8}, **HAND)
    enrol_phone(page, code)
    page.goto(f"/field/#/visit/{task}")
    page.locator(".steps button").nth(2).click()
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": draw_photo("a", utc_now(), 107.0, 33.07, 1)}
    page.locator(".shutter input[type=file]").first.set_input_files(photo)
    expect(page.locator(".thumb").first).to_be_visible(timeout=WITHIN_MS)
    return page, str(rows(instance, DEVICE, person)[0][0])


def look_for_work(page: Page) -> None:
    """What the app does at its next contact."""
    page.goto("/field/#/")
    page.evaluate("dispatchEvent(new Event('online'))")  # no button: the app may have heard by itself already


def test_a_revoked_phone_hands_over_its_drafts_and_photos_then_it_is_empty_and_says_so(instance, desk, at_work):
    page, device = at_work
    page.route("**/quarantine/photo/*", lambda route: route.abort())
    desk.press(f"/console/devices/{device}/revoke")
    look_for_work(page)
    expect(page.get_by_text("已移交 1/2 件")).to_be_visible(timeout=WITHIN_MS)
    page.unroute("**/quarantine/photo/*")
    page.reload()
    unlock_phone(page)
    expect(page.get_by_text("本机已停用并清空")).to_be_visible(timeout=WITHIN_MS)
    assert rows(instance, PIECES, device) == [("photo", 1), ("visit", 1)]
    assert page.evaluate(LEFT) == {"rows": 0, "files": [], "maps": False}
