"""The public log over HTTP: heads, entries and proofs that hold, and clear words for what cannot be."""

from datetime import datetime

import pytest

from backend.draws import merkle
from backend.times import local
from media.canonical import canonical_json
from tests.faces.desks import HTML, JSON
from tests.makers import Ceremony, a_scored_district


@pytest.fixture
def lot(session):
    ceremony = Ceremony(session, a_scored_district(session))
    return ceremony.draw(ceremony.a_round())


def test_every_entry_is_proven_to_stand_under_the_newest_head(client, lot):
    head = client.get("/log/head").get_json()
    entries = client.get(f"/log/entries?lot={lot.name}").get_json()
    assert [entry["type"] for entry in entries] == ["commit", "dice", "seed", "result"]
    for entry in entries:
        proof = client.get(f"/log/inclusion?index={entry['index']}&size={head['size']}").get_json()["path"]
        leaf = merkle.leaf_hash(canonical_json(entry["record"]))
        path = [bytes.fromhex(step) for step in proof]
        assert merkle.includes(leaf, entry["index"], head["size"], path, bytes.fromhex(head["root"]))


def test_an_older_head_is_proven_to_be_a_beginning_of_the_newest(client, lot):
    old, new = (client.get(f"/log/head?size={size}").get_json() for size in (2, 4))
    proof = client.get("/log/consistency?from=2&to=4").get_json()["path"]
    path = [bytes.fromhex(step) for step in proof]
    assert merkle.consistent(2, 4, path, bytes.fromhex(old["root"]), bytes.fromhex(new["root"]))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/log/head?size=99", 404),
        ("/log/head?size=x", 422),
        (f"/log/head?size={10**30}", 422),
        ("/log/entries", 404),
        ("/log/entries?lot=nothing%00", 422),
        ("/log/inclusion?index=4&size=4", 422),
        ("/log/inclusion?index=-1&size=4", 422),
        ("/log/inclusion?size=4", 422),
        ("/log/consistency?from=0&to=4", 422),
        ("/log/consistency?from=3&to=2", 422),
        ("/lots/none", 404),
        ("/notices/none", 404),
    ],
)
def test_what_is_not_there_is_said_in_both_languages(client, lot, path, status):
    told = client.get(path, headers=JSON)
    assert (told.status_code, told.mimetype) == (status, "application/problem+json")
    assert told.get_json()["zh"]["title"]
    assert told.get_json()["en"]["title"]


def test_there_is_no_head_before_the_first_record(client):
    assert client.get("/log/head").status_code == 404


def test_the_lots_page_tells_the_numbers_of_each_class(client, lot):
    told = client.get(f"/lots/{lot.name}", headers=JSON).get_json()["told"]
    assert sum(c["drawn"] for c in told["classes"]) == told["drawn"] == 6
    assert sum(c["pool"] for c in told["classes"]) == told["pool"] == 60
    assert len(told["witnesses"]) == 2


@pytest.mark.parametrize(
    "query", ["page=0", "page=-3", f"page={10**30}", "page=x", "q=%00", "q=" + "长" * 3000, "kind=x"]
)
def test_a_strange_search_is_answered_without_a_fault(client, session, query):
    assert client.get(f"/notices?{query}").status_code == 200


def test_a_lots_page_names_roles_and_units_in_words_and_the_chinese_wall_clock(client, lot):
    shown = client.get(f"/lots/{lot.name}", headers=HTML).text
    unit, held = lot.round.unit.name, client.get(f"/log/entries?lot={lot.name}").get_json()[0]["record"]["at"]
    assert f"见证人 · {unit}、见证人 · {unit}" in shown
    assert f"抽取人 · {unit}" in shown
    assert local(datetime.fromisoformat(held)).strftime("%Y-%m-%d %H:%M:%S") in shown
