"""The map that a phone carries: its own tours' alone, the same again only when something changed, and times to plan by."""

import uuid

import pytest
from osmium.osm.mutable import Node
from sqlalchemy import select

from backend.accounts import queries as accounts
from backend.config import settings
from backend.problems import NotFound
from backend.tours import maps
from backend.tours.models import Tour
from geo.polyline import decode
from geo.sphere import distance_m
from tests.geo.towns import street, write_town
from tests.makers import an_actor


def the_map(phone, task) -> dict:
    answer = phone.get(f"/v1/tours/{task.tour_id}/map")
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def test_the_pack_holds_the_way_and_the_borders_around_it(session, phone, task):
    pack, tour = the_map(phone, task), session.get(Tour, task.tour_id)
    route = decode(pack["route"])
    for (lon, lat), place in zip(route, tour.path["coordinates"], strict=True):
        assert distance_m(lon, lat, *place) < 2
    west, south, east, north = pack["box"]
    assert all(west < lon < east and south < lat < north for lon, lat in route)
    assert {outline["name"] for outline in pack["outlines"]} <= {"汉台区"}
    assert pack["tour"]["quality"] == "degraded"
    assert pack["roads"] == []


def test_roads_come_with_the_pack_where_the_operator_gave_them(phone, task, tmp_path, monkeypatch):
    office = [Node(id=1000 + at, location=(107.095 + at / 100, 33.1)) for at in range(2)]
    # The lot decides where the tour goes; its office lies where it lies.
    roads = write_town(tmp_path / "roads.osm.pbf", street(300, [1000, 1001]), nodes=tuple(office))
    monkeypatch.setattr(maps, "settings", lambda: settings().__class__(**{**settings().__dict__, "roads": roads}))
    plain, pack = the_map(phone, task)["version"], the_map(phone, task)
    assert {road["kind"] for road in pack["roads"]} == {"minor"}
    assert plain == pack["version"]


def test_a_phone_that_has_this_version_is_sent_nothing(phone, task):
    address = f"/v1/tours/{task.tour_id}/map"
    first = phone.get(address)
    again = phone.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["ETag"] == f'"{first.get_json()["version"]}"'


def test_other_teams_tours_do_not_exist_for_a_phone(session, unit, phone, task):
    assert phone.get(f"/v1/tours/{uuid.uuid4()}/map").status_code == 404
    with pytest.raises(NotFound):
        maps.own_map(session, an_actor(session, unit, name="别队"), task.tour_id)
    member = accounts.actor_of_person(task.officers[1].inspector.person, uuid.uuid4())
    assert maps.own_map(session, member, task.tour_id).tour["id"] == str(task.tour_id)


def test_tasks_say_how_long_the_way_to_them_takes_and_when_visits_may_be(session, phone, task):
    told = {t["id"]: t["tour"] for t in phone.get("/v1/tasks").get_json()["tasks"]}[str(task.id)]
    assert told["windows"] == [[32400, 43200], [50400, 63000]]
    for tour in session.scalars(select(Tour)):
        at = tour.leave_s
        for stop in tour.stops:
            assert at + stop.leg_s <= stop.arrive_s
            at = stop.depart_s
        assert at <= tour.back_s
    assert told["leg"] > 0
