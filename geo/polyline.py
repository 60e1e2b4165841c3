"""Lines as short texts: the polyline encoding that web maps share, five decimals (1.1 m)."""

from collections.abc import Iterable, Iterator

from geo.travel import Point

PLACES = 100_000
"""Steps of a degree"""


def encode(line: Iterable[Point]) -> str:
    """(lon, lat) pairs of EPSG:4326 as a polyline text, which names latitude first."""
    out: list[str] = []
    was_lat = was_lon = 0
    for lon, lat in line:
        at_lat, at_lon = round(lat * PLACES), round(lon * PLACES)
        out += _written(at_lat - was_lat)
        out += _written(at_lon - was_lon)
        was_lat, was_lon = at_lat, at_lon
    return "".join(out)


def decode(text: str) -> list[Point]:
    """The line that ``encode`` wrote. Raises ValueError for a text that breaks off."""
    steps = list(_read(text))
    if len(steps) % 2:
        raise ValueError("a latitude without its longitude")
    line, lat, lon = [], 0, 0
    for north, east in zip(steps[::2], steps[1::2], strict=True):
        lat, lon = lat + north, lon + east
        line.append((lon / PLACES, lat / PLACES))
    return line


def _written(step: int) -> Iterator[str]:
    left = ~(step << 1) if step < 0 else step << 1
    while left >= 0x20:
        yield chr((0x20 | (left & 0x1F)) + 63)
        left >>= 5
    yield chr(left + 63)


def _read(text: str) -> Iterator[int]:
    value = shift = 0
    for letter in text:
        piece = ord(letter) - 63
        value |= (piece & 0x1F) << shift
        shift += 5
        if piece < 0x20:
            yield ~(value >> 1) if value & 1 else value >> 1
            value = shift = 0
    if shift:
        raise ValueError("the text breaks off")
