"""Made-up rows to measure with: a register of entities as CSV, the same every time, every code valid."""

import csv
import io
import random
from collections.abc import Iterator

from backend.registry.entity_rows import FIELDS
from backend.registry.rules import ALPHABET, check_character, organisation_check

SEED = 20261122
FIRST, SECOND = "610702", "610703"
WEST, EAST, SOUTH, NORTH = 107.0, 107.4, 33.0, 33.2
COLUMNS = ("uscc", "name", "est_date", "reg_state", "address", "lon", "lat", "crs", "industry", "licence_no", "phone")
MARKS = "安宝昌诚春德丰福富光广国海和恒红宏华辉吉佳嘉建金锦京康乐丽利良隆茂美明宁平庆荣瑞润盛顺泰天万祥新信兴秀旭雅永裕源悦云长正志忠众"
TRADES = {"6210": "餐馆", "5211": "百货店", "5251": "药房", "1411": "糕点作坊", "8051": "理发店", "5261": "汽车维修厂"}
STREETS = ("东大街", "天汉大道", "前进路", "西环路", "劳动西路", "滨江路", "民主街", "虎头桥街")


def districts() -> dict[str, dict[str, object]]:
    """Two squares side by side (EPSG:4326) that hold every place, by code."""
    middle = (WEST + EAST) / 2
    return {FIRST: _square(WEST, middle), SECOND: _square(middle, EAST)}


def _square(west: float, east: float) -> dict[str, object]:
    ring = [[west, SOUTH], [east, SOUTH], [east, NORTH], [west, NORTH], [west, SOUTH]]
    return {"type": "MultiPolygon", "coordinates": [[ring]]}


def register(count: int) -> bytes:
    """A register of ``count`` entities as CSV with Chinese headings; the district is left to be found."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([FIELDS[column] for column in COLUMNS])
    writer.writerows(_rows(count))
    return out.getvalue().encode()


def _rows(count: int) -> Iterator[tuple[str, ...]]:
    chance = random.Random(SEED)
    for n in range(count):
        industry = chance.choice(list(TRADES))
        name = "".join(chance.choices(MARKS, k=3)) + TRADES[industry]
        licence = f"JY2{FIRST}{n:07d}" if industry == "6210" else ""
        day = f"{chance.randint(1995, 2025)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        address = f"{chance.choice(STREETS)}{chance.randint(1, 999)}号"
        lon, lat = chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH)
        yield (
            code(n),
            name,
            day,
            "存续",
            address,
            f"{lon:.6f}",
            f"{lat:.6f}",
            "WGS84",
            industry,
            licence,
            f"1390000{n:07d}",
        )


def code(n: int) -> str:
    """The n-th valid credit code."""
    body = "MA6" + "".join(ALPHABET[n // 31**place % 31] for place in range(5))
    first17 = f"92{FIRST}{body}{organisation_check(body)}"
    return first17 + check_character(first17)
