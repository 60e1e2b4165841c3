"""The eleven county-level divisions of Hanzhong by code and name (DOMAIN §7.2), and how big the sample makes them."""

from dataclasses import dataclass

from backend.sample.plane import Point

CITY = "610700"
CITY_NAME = "汉中市"
DEFAULT = "610722"
"""The county that the small sample shows."""


@dataclass(frozen=True)
class County:
    """A county: code, names, the rough place of its seat (EPSG:4326), and its sizes in the sample."""

    code: str
    name: str
    name_en: str
    seat: Point
    townships: int
    streets: int
    """How many of the townships are subdistricts (街道) that share the seat's streets."""
    share: float
    """Part of the city's entities, in per cent."""


COUNTIES = (
    County("610702", "汉台区", "Hantai", (107.03, 33.07), 15, 6, 20.0),
    County("610703", "南郑区", "Nanzheng", (106.93, 32.78), 22, 2, 14.0),
    County("610722", "城固县", "Chenggu", (107.33, 33.15), 17, 2, 13.0),
    County("610723", "洋县", "Yangxian", (107.55, 33.36), 18, 2, 11.0),
    County("610724", "西乡县", "Xixiang", (107.77, 32.98), 17, 2, 10.0),
    County("610725", "勉县", "Mianxian", (106.66, 33.22), 18, 2, 11.0),
    County("610726", "宁强县", "Ningqiang", (106.26, 32.83), 18, 1, 7.0),
    County("610727", "略阳县", "Lueyang", (106.16, 33.33), 17, 1, 4.5),
    County("610728", "镇巴县", "Zhenba", (107.88, 32.56), 20, 1, 5.5),
    County("610729", "留坝县", "Liuba", (106.95, 33.60), 8, 1, 2.0),
    County("610730", "佛坪县", "Foping", (107.96, 33.52), 7, 1, 2.0),
)
BY_CODE = {county.code: county for county in COUNTIES}
