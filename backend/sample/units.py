"""The 279 units of the sample as one tree: city bureau, departments, county bureaus, township offices (DOMAIN §1.5)."""

from dataclasses import dataclass
from functools import cache

from backend.sample.chance import SOURCE
from backend.sample.counties import CITY, CITY_NAME, COUNTIES, County
from backend.sample.places import settlements

MARKET = "01"
"""Department code of market supervision (市场监管)."""
CITY_DEPARTMENTS = {
    "02": "发展和改革委员会", "03": "教育局", "04": "公安局", "05": "人力资源和社会保障局", "06": "自然资源局",
    "07": "生态环境局", "08": "住房和城乡建设局", "09": "交通运输局", "10": "水利局", "11": "农业农村局",
    "12": "商务局", "13": "文化和旅游局", "14": "卫生健康委员会", "15": "应急管理局", "16": "统计局",
    "17": "林业局", "18": "城市管理执法局", "19": "医疗保障局", "20": "税务局", "21": "消防救援支队",
    "22": "民政局", "23": "体育局", "24": "粮食和物资储备局", "25": "烟草专卖局",
}  # fmt: skip
COUNTY_DEPARTMENTS = {
    "03": "教育局", "05": "人力资源和社会保障局", "07": "生态环境分局", "08": "住房和城乡建设局", "14": "卫生健康局",
    "15": "应急管理局",
}  # fmt: skip


@dataclass(frozen=True)
class SampleUnit:
    """A unit's row: code = district (6) + department (2) + office (3)."""

    code: str
    name: str
    level: str
    district: str
    department: str
    parent_code: str | None
    township: str | None = None
    """The township that an office answers for."""
    site: str | None = None
    source: str = SOURCE


CITY_BUREAU = f"{CITY}{MARKET}000"


@cache
def units(seed: int) -> tuple[SampleUnit, ...]:
    """All 279, every parent before its children; the city bureau is the only root."""
    root = SampleUnit(CITY_BUREAU, f"{CITY_NAME}市场监督管理局", "city", CITY, MARKET, None,
                      site="https://city.fieldlot.example/plans")  # fmt: skip
    city = [
        SampleUnit(f"{CITY}{number}000", CITY_NAME + name, "city", CITY, number, root.code)
        for number, name in CITY_DEPARTMENTS.items()
    ]
    return (root, *city, *(unit for county in COUNTIES for unit in _county_units(seed, county)))


def county_bureau(district: str) -> str:
    """The code of a county's market-supervision bureau."""
    return f"{district}{MARKET}000"


def office_of(township: str) -> str:
    """The code of the office (市场监管所) that answers for a township: its bureau's, and the township's last three."""
    return f"{township[:6]}{MARKET}{int(township[6:]) + 1:03}"


def _county_units(seed: int, county: County) -> list[SampleUnit]:
    """A county's bureau, below it its other departments and its township offices."""
    bureau = SampleUnit(county_bureau(county.code), f"{county.name}市场监督管理局", "county", county.code,
                        MARKET, CITY_BUREAU, site=f"https://{county.name_en.lower()}.fieldlot.example/plans")  # fmt: skip
    departments = [
        SampleUnit(f"{county.code}{number}000", county.name + name, "county", county.code, number, bureau.code)
        for number, name in COUNTY_DEPARTMENTS.items()
    ]
    offices = [
        SampleUnit(office_of(t.code), f"{county.name}市场监督管理局{t.name.removesuffix('镇').removesuffix('街道')}市场监管所",
                   "township", county.code, MARKET, bureau.code, t.code)
        for t in settlements(seed, county.code).townships
    ]  # fmt: skip
    return [bureau, *departments, *offices]
