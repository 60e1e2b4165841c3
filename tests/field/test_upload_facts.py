"""What a phone says beside a photo: nonsense says nothing, and never keeps the photo from being kept."""

from math import isfinite

from hypothesis import example, given
from hypothesis import strategies as st

from field_api.uploads import _fix, _item, _mime

NAMES = ("taken_at", "fixed_at", "lon", "lat", "accuracy", "clock_offset_ms", "item", "filetype", "purpose")
WORDS = st.text(max_size=30) | st.sampled_from(
    ["nan", "inf", "-1e999", "²", "9" * 30, "2026-06-01T09:30:00+08:00", "0001-01-01"]
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, WORDS)))
@example({"taken_at": "0001-01-01T00:00:00+14:00", "item": "²", "filetype": "image/\0jpeg"})
@example({"taken_at": "2026-06-01T09:30:00+08:00", "lon": "nan", "lat": "33", "clock_offset_ms": "9" * 30})
def test_nonsense_says_nothing(facts):
    fix, item, mime = _fix(facts), _item(facts), _mime(facts)
    assert item is None or 0 <= item < 10**6
    assert "\0" not in mime
    if fix is not None:
        assert abs(fix.clock_offset_ms) < 2**31
        assert all(number is None or isfinite(number) for number in (fix.lon, fix.lat, fix.accuracy))


def test_what_makes_sense_is_taken_as_it_is():
    told = {"taken_at": "2026-06-01T09:30:00+08:00", "fixed_at": "2026-06-01T09:29:50+08:00", "lon": "107.03",
            "lat": "33.06", "accuracy": "8.5", "clock_offset_ms": "-40", "item": "17", "filetype": "image/heic"}  # fmt: skip
    fix = _fix(told)
    assert (fix.lon, fix.lat, fix.accuracy, fix.clock_offset_ms) == (107.03, 33.06, 8.5, -40)
    assert (fix.at - fix.fixed_at).total_seconds() == 10
    assert (_item(told), _mime(told), _item({"item": ""}), _fix({})) == (17, "image/heic", None, None)
