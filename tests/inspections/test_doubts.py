"""Implausible fixes, clocks and photos are noticed; plausible ones are left in peace."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.inspections import doubts
from backend.inspections.doubts import Spot
from geo.sphere import distance_m
from media.exif import Exif

NINE = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
HOME = (107.031812, 33.067634)


def a_spot(n: int = 0, *, minutes: float = 0.0, east_m: float = 0.0, **more: object) -> Spot:
    lon = HOME[0] + east_m / 93_300
    facts = {"lon": lon + n * 1e-6, "lat": HOME[1], "accuracy_m": 8.0, **more}
    return Spot(f"s{n}", NINE + timedelta(minutes=minutes), **facts)


def codes(found) -> list[tuple[str, str]]:
    return sorted((doubt.code, doubt.about) for doubt in found)


def test_a_morning_by_car_between_two_visits_is_left_in_peace():
    spots = [a_spot(n, minutes=n, east_m=n * 900) for n in range(20)]  # 54 km/h
    assert doubts.fix_doubts(spots) == []


@pytest.mark.parametrize(
    ("metres", "minutes", "doubted"),
    [(30_000, 1, True), (30_000, 0, True), (30_000, 30, False), (290, 0, False), (3_000, 2, False)],
)
def test_a_jump_faster_than_anybody_travels_is_noticed(metres, minutes, doubted):
    found = doubts.fix_doubts([a_spot(0), a_spot(1, minutes=minutes, east_m=metres)])
    assert codes(found) == ([("fix_jump", "s1")] if doubted else [])


def test_a_jump_within_what_the_phone_itself_allows_is_none():
    vague = [a_spot(0, accuracy_m=900.0), a_spot(1, minutes=0.2, east_m=1500, accuracy_m=900.0)]
    assert doubts.fix_doubts(vague) == []


def test_coordinates_equal_to_the_last_digit_for_long_are_noticed_but_one_fix_used_twice_is_not():
    same = [Spot(f"s{n}", NINE + timedelta(minutes=6 * n), *HOME, 8.0) for n in range(3)]
    assert codes(doubts.fix_doubts(same)) == [("fix_repeated", "s1"), ("fix_repeated", "s2")]
    assert doubts.fix_doubts(same[:2]) == []
    quick = [Spot(f"q{n}", NINE + timedelta(seconds=20 * n), *HOME, 8.0) for n in range(6)]
    assert doubts.fix_doubts(quick) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"accuracy_m": 0.0}, "accuracy_zero"), ({"accuracy_m": -1.0}, "accuracy_zero"),
        ({"accuracy_m": 25_000.0}, "accuracy_absurd"), ({"lon": 107.03, "lat": 33.07}, "fix_round"),
        ({"fixed_at": NINE - timedelta(minutes=9)}, "fix_old"),
    ],
)  # fmt: skip
def test_what_no_phone_finds_by_itself_is_noticed(facts, code):
    assert codes(doubts.fix_doubts([a_spot(**facts)])) == [(code, "s0")]


def test_a_fresh_fix_a_good_accuracy_and_no_fix_at_all_are_no_doubt():
    fine = [a_spot(0, fixed_at=NINE - timedelta(seconds=90)), a_spot(1, accuracy_m=None), a_spot(2, lon=None)]
    nowhere = a_spot(3, lon=float("nan"), lat=200.0)
    assert doubts.fix_doubts([*fine, nowhere]) == []


SPOTS = st.lists(
    st.builds(
        a_spot, st.integers(0, 30), minutes=st.floats(0, 600), east_m=st.floats(-50_000, 50_000),
        accuracy_m=st.none() | st.floats(0, 5000),
    ),
    max_size=9, unique_by=lambda spot: spot.id,
)  # fmt: skip


@given(spots=SPOTS, seed=st.randoms(use_true_random=False))
def test_the_order_in_which_fixes_arrive_changes_nothing(spots, seed):
    mixed = list(spots)
    seed.shuffle(mixed)
    assert codes(doubts.fix_doubts(mixed)) == codes(doubts.fix_doubts(spots))


@given(spots=SPOTS)
def test_a_told_jump_is_one_by_its_own_facts(spots):
    for doubt in doubts.fix_doubts(spots):
        if doubt.code == "fix_jump":
            assert doubt.facts["metres"] / max(doubt.facts["seconds"], 1) * 3.6 > 150


def test_the_fence_speaks_of_the_site_by_its_own_rule():
    spot = a_spot(east_m=400.0)
    (doubt,) = doubts.site_doubts(spot, HOME)
    assert doubt.facts["metres"] == round(distance_m(spot.lon, spot.lat, *HOME))
    assert doubts.site_doubts(a_spot(east_m=400.0, accuracy_m=250.0), HOME) == []
    assert doubts.site_doubts(a_spot(lon=None), HOME) == doubts.site_doubts(spot, None) == []


@pytest.mark.parametrize(("offset_min", "doubted"), [(0, []), (1, []), (-45, ["clock_off"]), (45, ["clock_off"])])
def test_a_wrong_clock_is_told_and_its_times_are_corrected(offset_min, doubted):
    by_phone, offset = NINE + timedelta(minutes=offset_min), offset_min * 60_000
    assert doubts.corrected(by_phone, offset) == NINE
    found = doubts.clock_doubts(a_spot(), received_at=NINE + timedelta(hours=5), clock_offset_ms=offset)
    assert [doubt.code for doubt in found] == doubted


def test_a_time_after_the_server_had_the_bytes_is_noticed():
    found = doubts.clock_doubts(a_spot(minutes=20), received_at=NINE, clock_offset_ms=0)
    assert codes(found) == [("ahead_of_server", "s0")]


@pytest.mark.parametrize(("minutes", "doubted"), [(-40, True), (-20, False), (60, False), (130, True)])
def test_a_photo_from_outside_the_visit_is_noticed(minutes, doubted):
    found = doubts.visit_doubts(a_spot(minutes=minutes), NINE, NINE + timedelta(hours=2))
    assert bool(found) is doubted


def test_a_photo_is_believed_by_either_of_the_phones_clocks():
    told, slow = Exif(taken_at=NINE - timedelta(hours=3)), NINE - timedelta(hours=3)
    assert doubts.exif_doubts(told, a_spot(), by_phone=slow) == []
    assert codes(doubts.exif_doubts(told, a_spot(), by_phone=NINE)) == [("exif_time_differs", "s0")]


def test_a_photos_own_place_and_satellites_are_compared():
    far = Exif(lon=HOME[0] + 0.1, lat=HOME[1], fixed_at=NINE - timedelta(days=1))
    found = doubts.exif_doubts(far, a_spot(), by_phone=NINE)
    assert codes(found) == [("exif_place_differs", "s0"), ("exif_satellites_differ", "s0")]
    near = Exif(lon=HOME[0] + 0.004, lat=HOME[1], fixed_at=NINE)
    assert doubts.exif_doubts(near, a_spot(), by_phone=NINE) == []


@pytest.mark.parametrize(("software", "doubted"), [("Snapseed 2.0", True), ("HDR+ 1.0", False), (None, False)])
def test_a_file_last_written_by_an_editor_is_noticed(software, doubted):
    assert bool(doubts.edit_doubts(Exif(software=software), "p")) is doubted
