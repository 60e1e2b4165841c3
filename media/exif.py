"""What a photo says of itself: when, where, and by what device it was taken. Junk says nothing, it never fails."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from math import isfinite
from typing import Any, BinaryIO

from PIL.ExifTags import GPS, IFD, Base

from media.sniff import opened

CHINA = timezone(timedelta(hours=8))
LONGEST = 80


@dataclass(frozen=True)
class Exif:
    """Time (aware; China's where the photo names no offset), EPSG:4326 degrees, maker and model; None where unknown.

    ``accuracy_m`` is the fix's own estimate in metres, ``fixed_at`` the satellites' time (UTC), which no one sets by hand;
    ``software`` names what wrote the file last, be it the camera or an editor.
    """

    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    device: str | None = None
    accuracy_m: float | None = None
    fixed_at: datetime | None = None
    software: str | None = None


def read_exif(source: BinaryIO) -> Exif:
    """The EXIF of an image; empty when it has none or it cannot be read."""
    try:
        with opened(source) as image:
            tags = image.getexif()
            return _told(dict(tags), dict(tags.get_ifd(IFD.Exif)), dict(tags.get_ifd(IFD.GPSInfo)))
    except Exception:  # noqa: BLE001 - whatever is broken in a photo's header, the photo itself stays evidence
        return Exif()


def _told(tags: Mapping[int, Any], details: Mapping[int, Any], place: Mapping[int, Any]) -> Exif:
    lon = _degrees(place, GPS.GPSLongitude, GPS.GPSLongitudeRef, 180)
    lat = _degrees(place, GPS.GPSLatitude, GPS.GPSLatitudeRef, 90)
    known = lon is not None and lat is not None
    return Exif(
        taken_at=_time(details),
        lon=lon if known else None,
        lat=lat if known else None,
        device=_text(tags.get(Base.Make), tags.get(Base.Model)),
        accuracy_m=_number(place.get(GPS.GPSHPositioningError)),
        fixed_at=_satellite_time(place),
        software=_text(tags.get(Base.Software)),
    )


def _text(*parts: Any) -> str | None:
    """Printable words only: headers are padded with NULs, which no JSON column takes."""
    words = " ".join(str(part) for part in parts if part is not None)
    clean = "".join(c if c.isprintable() else " " for c in words)
    return " ".join(clean.split())[:LONGEST] or None


def _time(details: Mapping[int, Any]) -> datetime | None:
    try:
        clock = datetime.strptime(_text(details[Base.DateTimeOriginal]) or "", "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    except (KeyError, ValueError):
        return None
    return clock.replace(tzinfo=_zone(_text(details.get(Base.OffsetTimeOriginal))))


def _zone(offset: str | None) -> Any:
    try:
        return datetime.strptime(offset or "+08:00", "%z").tzinfo
    except ValueError:
        return CHINA


def _satellite_time(place: Mapping[int, Any]) -> datetime | None:
    try:
        day = datetime.strptime(_text(place[GPS.GPSDateStamp]) or "", "%Y:%m:%d").replace(tzinfo=UTC)
        hours, minutes, seconds = (float(part) for part in place[GPS.GPSTimeStamp])
        return day + timedelta(hours=hours, minutes=minutes, seconds=int(seconds))
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None


def _degrees(place: Mapping[int, Any], value: int, ref: int, most: int) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in place[value])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    found = degrees + minutes / 60 + seconds / 3600
    if not (isfinite(found) and 0 <= found <= most):
        return None
    return -found if (_text(place.get(ref)) or "").upper() in ("W", "S") else found


def _number(value: Any) -> float | None:
    try:
        found = float(value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return found if isfinite(found) and found >= 0 else None
