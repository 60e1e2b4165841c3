"""What a photo says of itself: when, where, and by what device it was taken. Junk says nothing, it never fails."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, BinaryIO

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Exif:
    """Time (aware; China's where the photo names no offset), EPSG:4326 degrees, maker and model; None where unknown."""

    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    device: str | None = None


def read_exif(source: BinaryIO) -> Exif:
    """The EXIF of an image; empty when it has none or it cannot be read."""
    try:
        with Image.open(source) as image:
            tags = image.getexif()
            details, place = tags.get_ifd(IFD.Exif), tags.get_ifd(IFD.GPSInfo)
        maker = " ".join(str(tags[tag]).strip() for tag in (Base.Make, Base.Model) if tag in tags)
        return Exif(_time(details), _degrees(place, "E"), _degrees(place, "N"), maker or None)
    except Exception:  # noqa: BLE001 - whatever is broken in a photo's header, the photo itself stays evidence
        return Exif()


def _time(details: dict[int, Any]) -> datetime | None:
    try:
        clock = datetime.strptime(str(details[Base.DateTimeOriginal]), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
        offset = str(details.get(Base.OffsetTimeOriginal, "+08:00"))
        zone = datetime.strptime(offset, "%z").tzinfo
    except (KeyError, ValueError):
        return None
    return clock.replace(tzinfo=zone or CHINA)


def _degrees(place: dict[int, Any], axis: str) -> float | None:
    value, ref = (GPS.GPSLongitude, GPS.GPSLongitudeRef) if axis == "E" else (GPS.GPSLatitude, GPS.GPSLatitudeRef)
    try:
        degrees, minutes, seconds = (float(part) for part in place[value])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    found = degrees + minutes / 60 + seconds / 3600
    return -found if place.get(ref) in ("W", "S") else found
