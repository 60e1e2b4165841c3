"""Photos as a phone would take them: drawn with Pillow, with time and place in their EXIF."""

import io
import random
from datetime import datetime

from PIL import Image, ImageDraw
from PIL.ExifTags import GPS, IFD, Base

from backend.times import local

SIZE = (1600, 1200)


def draw_photo(caption: str, taken_at: datetime, lon: float, lat: float, seed: int) -> bytes:
    """A JPEG of a plain kitchen scene; every seed gives another picture. EXIF: time (local), place (EPSG:4326 degrees)."""
    chance = random.Random(seed)
    image = Image.new("RGB", SIZE, _colour(chance, 150, 230))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, SIZE[1] * 2 // 3, *SIZE), fill=_colour(chance, 90, 160))
    for _ in range(14):
        x, y = chance.randrange(SIZE[0]), chance.randrange(SIZE[1])
        w, h = chance.randrange(60, 380), chance.randrange(60, 300)
        pen.rectangle((x, y, x + w, y + h), fill=_colour(chance, 40, 250), outline=(30, 30, 30), width=3)
    pen.text((40, 40), caption, fill=(20, 20, 20), font_size=48)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82, exif=_exif(taken_at, lon, lat))
    return out.getvalue()


def _colour(chance: random.Random, low: int, high: int) -> tuple[int, int, int]:
    return (chance.randint(low, high), chance.randint(low, high), chance.randint(low, high))


def _exif(taken_at: datetime, lon: float, lat: float) -> Image.Exif:
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model] = "Fieldlot", "Demo phone"
    clock = local(taken_at)
    exif[Base.DateTime] = f"{clock:%Y:%m:%d %H:%M:%S}"
    details = exif.get_ifd(IFD.Exif)
    details[Base.DateTimeOriginal] = f"{clock:%Y:%m:%d %H:%M:%S}"
    details[Base.OffsetTimeOriginal] = "+08:00"
    place = exif.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef], place[GPS.GPSLongitudeRef] = "N" if lat >= 0 else "S", "E" if lon >= 0 else "W"
    place[GPS.GPSLatitude], place[GPS.GPSLongitude] = _degrees(lat), _degrees(lon)
    return exif


def _degrees(value: float) -> tuple[float, float, float]:
    value = abs(value)
    minutes = value % 1 * 60
    return float(int(value)), float(int(minutes)), round(minutes % 1 * 60, 4)
