"""What looks implausible about a visit's evidence: fixes, clocks, what photos say of themselves. Pure; nothing here blocks.

Browsers do not tell when a position is faked, so it shows in what cannot be: jumps, coordinates repeated to the last
digit, accuracies nobody has. Each doubt is a code with the facts that explain it; the console has a sentence for each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Any

from geo.faults import NotAPlace
from geo.fence import VAGUE_M, at_site
from geo.sphere import distance_m, must_be_place
from media.exif import Exif

FASTEST_M_S = 50.0
"""180 km/h: faster than any road of a city allows, slower than a jump"""
SHORTEST_JUMP_M = 300.0
"""Beyond both accuracies: cities reflect signals, and a fix may wander by a street"""
REPEATED = 3
"""As many fixes equal to the last digit, over REPEATED_FOR, are no satellites' work: those always waver"""
REPEATED_FOR = timedelta(minutes=10)
OLD = timedelta(minutes=2)
"""A fix this much older than the photo does not say where the photo was taken"""
CLOCK = timedelta(minutes=2)
AHEAD = timedelta(minutes=5)
"""By which a corrected time may lie after the bytes came: two clocks and a slow network"""
LATE = timedelta(minutes=15)
BEFORE_VISIT = timedelta(minutes=30)
APART_M = 500.0
"""Between where a photo says it was taken and where the phone was, beyond both accuracies"""
ROUND_DIGITS = 3
"""Decimals of a degree: 111 m; no satellite fix is that round in both coordinates"""
EDITORS = (
    "photoshop",
    "gimp",
    "lightroom",
    "snapseed",
    "meitu",
    "美图",
    "picsart",
    "polarr",
    "vsco",
    "facetune",
    "canva",
)
CODES = ("fix_jump", "fix_repeated", "fix_round", "fix_old", "accuracy_zero", "accuracy_absurd", "far_from_site",
         "clock_off", "ahead_of_server", "outside_visit", "exif_time_differs", "exif_satellites_differ",
         "exif_place_differs", "edited", "seen_before", "quarantined")  # fmt: skip
"""Every code that a reviewer may meet, beside those of media.faults"""


@dataclass(frozen=True)
class Doubt:
    """Something to look at twice: about which arrival or photo (its id), and the facts of the sentence."""

    code: str
    about: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Spot:
    """An arrival or a photo of one phone: when (by the server's clock), where (EPSG:4326 degrees, metres of accuracy)."""

    id: str
    at: datetime
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    fixed_at: datetime | None = None

    @property
    def place(self) -> tuple[float, float] | None:
        """The coordinates, where there are any that can be."""
        return place_of(self.lon, self.lat)


def place_of(lon: float | None, lat: float | None) -> tuple[float, float] | None:
    """Coordinates as a pair, where both are there and on the globe."""
    if lon is None or lat is None:
        return None
    try:
        must_be_place(lon, lat)
    except NotAPlace:
        return None
    return lon, lat


def corrected(at: datetime, clock_offset_ms: int | None) -> datetime:
    """A phone's time by the server's clock; the offset is what the phone's clock is ahead, in milliseconds."""
    return at - timedelta(milliseconds=clock_offset_ms or 0)


def fix_doubts(spots: Iterable[Spot]) -> list[Doubt]:
    """What is implausible in the fixes of one phone, however they are ordered."""
    ordered = sorted((spot for spot in spots if spot.place), key=lambda spot: (spot.at, spot.id))
    alone = [doubt for spot in ordered for doubt in _of_one(spot)]
    return alone + _jumps(ordered) + _repeats(ordered)


def _of_one(spot: Spot) -> list[Doubt]:
    doubts = []
    if spot.accuracy_m is not None and not 0 < spot.accuracy_m <= VAGUE_M:
        code = "accuracy_zero" if spot.accuracy_m <= 0 else "accuracy_absurd"
        doubts.append(Doubt(code, spot.id, {"metres": round(spot.accuracy_m)}))
    if spot.place and all(round(degrees, ROUND_DIGITS) == degrees for degrees in spot.place):
        doubts.append(Doubt("fix_round", spot.id, {"lon": spot.lon, "lat": spot.lat}))
    if spot.fixed_at and spot.at - spot.fixed_at > OLD:
        doubts.append(Doubt("fix_old", spot.id, {"minutes": _minutes(spot.at - spot.fixed_at)}))
    return doubts


def _jumps(ordered: Sequence[Spot]) -> list[Doubt]:
    return [doubt for before, after in pairwise(ordered) if (doubt := _jump(before, after))]


def _jump(before: Spot, after: Spot) -> Doubt | None:
    metres = distance_m(*before.place, *after.place)  # type: ignore[misc]
    certain = metres - sum(min(spot.accuracy_m or 0.0, VAGUE_M) for spot in (before, after))
    seconds = max(1.0, (after.at - before.at).total_seconds())
    if certain < SHORTEST_JUMP_M or certain / seconds <= FASTEST_M_S:
        return None
    return Doubt("fix_jump", after.id, {"metres": round(metres), "seconds": round(seconds), "km_h": round(metres / seconds * 3.6)})  # fmt: skip


def _repeats(ordered: Sequence[Spot]) -> list[Doubt]:
    """Coordinates equal to the last digit; the doubt is about the last of them."""
    doubts = []
    for _, found in groupby(sorted(ordered, key=lambda spot: spot.place or ()), key=lambda spot: spot.place):
        same = sorted(found, key=lambda spot: spot.at)
        lasted = same[-1].at - same[0].at
        if len(same) >= REPEATED and lasted >= REPEATED_FOR:
            doubts += [Doubt("fix_repeated", s.id, {"times": len(same), "minutes": _minutes(lasted)}) for s in same[1:]]
    return doubts


def site_doubts(spot: Spot, site: tuple[float, float] | None) -> list[Doubt]:
    """Is the fix away from the site, by the fence's own rule (DOMAIN §7.4)?"""
    if spot.place is None or site is None:
        return []
    fence = at_site(spot.place, spot.accuracy_m, site)
    if fence.verdict == "inside":
        return []
    return [Doubt("far_from_site", spot.id, {"metres": round(fence.distance_m), "allowed": round(fence.allowed_m)})]


def clock_doubts(spot: Spot, *, received_at: datetime, clock_offset_ms: int | None) -> list[Doubt]:
    """Was the phone's clock wrong (its times are shown corrected), or does even the corrected time lie in the future?"""
    doubts = []
    if abs(offset := timedelta(milliseconds=clock_offset_ms or 0)) > CLOCK:
        doubts.append(Doubt("clock_off", spot.id, {"minutes": _minutes(offset)}))
    if spot.at - received_at > AHEAD:
        doubts.append(Doubt("ahead_of_server", spot.id, {"minutes": _minutes(spot.at - received_at)}))
    return doubts


def visit_doubts(spot: Spot, started_at: datetime, finished_at: datetime) -> list[Doubt]:
    """Was a photo taken outside its visit? All times by the server's clock."""
    if started_at - BEFORE_VISIT <= spot.at <= finished_at + AHEAD:
        return []
    return [Doubt("outside_visit", spot.id)]


def exif_doubts(told: Exif, spot: Spot, *, by_phone: datetime) -> list[Doubt]:
    """What a photo says of itself against what the phone said: ``by_phone`` is the phone's own time, not corrected."""
    doubts = []
    if told.taken_at and min(abs(told.taken_at - by_phone), abs(told.taken_at - spot.at)) > LATE:
        doubts.append(Doubt("exif_time_differs", spot.id, {"exif": told.taken_at.isoformat()}))
    if told.fixed_at and abs(told.fixed_at - spot.at) > LATE:
        doubts.append(Doubt("exif_satellites_differ", spot.id, {"exif": told.fixed_at.isoformat()}))
    if (away := _apart(told, spot)) is not None:
        doubts.append(Doubt("exif_place_differs", spot.id, {"metres": round(away)}))
    return doubts


def edit_doubts(told: Exif, about: str) -> list[Doubt]:
    """Did a program for changing pictures write the file last?"""
    software = (told.software or "").lower()
    return [Doubt("edited", about, {"software": told.software})] if any(name in software for name in EDITORS) else []


def _apart(told: Exif, spot: Spot) -> float | None:
    """Metres between the photo's own place and the phone's, where that is too far."""
    if spot.place is None or (own := place_of(told.lon, told.lat)) is None:
        return None
    metres = distance_m(*own, *spot.place)
    vague = min(told.accuracy_m or 0.0, VAGUE_M) + min(spot.accuracy_m or 0.0, VAGUE_M)
    return metres if metres > APART_M + vague else None


def _minutes(lasted: timedelta) -> float:
    """Minutes with one decimal, negative where the phone's clock is behind."""
    return round(lasted.total_seconds() / 60, 1)
