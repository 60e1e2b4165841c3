"""The trades of the sample: GB/T 4754 codes, how such a business is called, and how common it is (DOMAIN §7.3, §10)."""

from dataclasses import dataclass

SHOP = (0.115, 0.855, 0.0, 0.025, 0.005)
FIRM = (0.66, 0.25, 0.0, 0.07, 0.02)
FARM = (0.10, 0.55, 0.33, 0.01, 0.01)
HOUSE = (0.25, 0.0, 0.0, 0.0, 0.75)
KINDS = ("company", "individual", "cooperative", "branch", "other")
"""The entity types; each profile above gives their parts in this order."""


@dataclass(frozen=True)
class Trade:
    """One trade.

    ``share`` is its part of all entities in per cent; ``grade`` the inherent risk of the industry (G109); ``licence`` how a
    food licence number begins (DOMAIN §3.5): ``JY`` and the form, ``YB``, or ``SC`` and the food class.
    """

    industry: str
    share: float
    shops: tuple[str, ...]
    """What a household's name ends with."""
    firm: str
    """What stands in a company's name."""
    grade: str
    profile: tuple[float, ...] = SHOP
    format: str = ""
    licence: str = ""

    @property
    def food(self) -> bool:
        """Is it a food business?"""
        return bool(self.licence)

    @property
    def kind(self) -> str:
        """catering, seller, producer, or other: what indicators apply to."""
        return {"JY2": "catering", "JY3": "catering", "JY1": "seller", "YB1": "seller"}.get(
            self.licence, "producer" if self.food else "other"
        )

    @property
    def rural(self) -> bool:
        """Is it at home in villages?"""
        return self.profile is FARM


CATERING = (
    Trade("6210", 2.6, ("家常菜馆", "酒楼", "饭庄", "羊肉馆", "火锅店"), "餐饮管理", "higher", SHOP, "restaurant", "JY2"),
    Trade("6291", 2.2, ("面皮店", "小吃店", "米线店", "馄饨店", "早餐店"), "餐饮服务", "higher", SHOP, "snack_drink", "JY2"),
    Trade("6220", 0.8, ("快餐店", "盖饭店", "汉堡店"), "快餐", "higher", SHOP, "restaurant", "JY2"),
    Trade("6231", 0.3, ("茶馆", "茶楼"), "茶文化", "general", SHOP, "snack_drink", "JY2"),
    Trade("6232", 0.15, ("咖啡馆",), "咖啡", "general", SHOP, "snack_drink", "JY2"),
    Trade("6299", 0.35, ("茶饮店", "冷饮店"), "饮品", "higher", SHOP, "snack_drink", "JY2"),
    Trade("6242", 0.15, ("外卖店",), "外卖服务", "higher", SHOP, "restaurant", "JY2"),
    Trade("6241", 0.02, ("配餐店",), "营养配餐", "high", FIRM, "central_kitchen_or_collective_delivery", "JY2"),
    Trade("6299", 0.12, ("学校食堂", "幼儿园食堂", "敬老院食堂"), "学校食堂", "high", HOUSE, "canteen", "JY3"),
)  # fmt: skip
CATERING_FORMATS = sorted({trade.format for trade in CATERING})
SELLERS = (
    Trade("5213", 2.0, ("便利店", "小卖部", "百货店"), "商贸", "general", SHOP, "retail", "JY1"),
    Trade("5212", 0.8, ("超市", "生活超市"), "超市", "general", SHOP, "retail", "JY1"),
    Trade("5221", 0.35, ("粮油店",), "粮油", "general", SHOP, "retail", "JY1"),
    Trade("5226", 0.55, ("烟酒副食店", "副食店"), "副食", "general", SHOP, "prepacked_only", "YB1"),
    Trade("5129", 0.4, ("食品批发部",), "食品配送", "general", SHOP, "retail", "JY1"),
    Trade("5225", 0.06, ("营养品店", "母婴店"), "健康食品", "high", SHOP, "special_food_or_infant", "JY1"),
)
PRODUCERS = (
    Trade("1411", 0.04, ("糕点坊",), "食品", "higher", FIRM, "producer", "SC124"),
    Trade("1311", 0.02, ("米面加工厂",), "粮食加工", "general", FIRM, "producer", "SC101"),
    Trade("1331", 0.02, ("油坊",), "油脂", "higher", FIRM, "producer", "SC102"),
    Trade("1353", 0.015, ("腊肉加工厂",), "肉制品", "high", FIRM, "producer", "SC104"),
    Trade("1392", 0.02, ("豆腐坊",), "豆制品", "higher", FIRM, "producer", "SC125"),
    Trade("1512", 0.01, ("酒坊",), "酒业", "higher", FIRM, "producer", "SC115"),
    Trade("1522", 0.005, ("水厂",), "饮用水", "higher", FIRM, "producer", "SC106"),
    Trade("1530", 0.01, ("茶厂",), "茶业", "general", FIRM, "producer", "SC114"),
)
OTHERS = (
    Trade("5232", 11.0, ("服装店", "童装店"), "服饰", "low"),
    Trade("5211", 6.0, ("日用百货店",), "百货", "low"),
    Trade("5233", 3.0, ("鞋店",), "鞋业", "low"),
    Trade("5234", 2.5, ("化妆品店",), "美妆", "general"),
    Trade("5251", 1.4, ("药店", "大药房"), "医药", "high"),
    Trade("5274", 3.0, ("家电店",), "电器", "general"),
    Trade("5281", 4.0, ("五金店",), "五金", "general"),
    Trade("5285", 4.5, ("建材店", "瓷砖店"), "建材", "general"),
    Trade("5263", 1.5, ("摩托车店",), "车业", "general"),
    Trade("8111", 3.0, ("汽修店", "洗车店"), "汽车服务", "higher"),
    Trade("8040", 5.0, ("理发店", "美容店"), "美容", "general"),
    Trade("8191", 2.0, ("家政店",), "家政服务", "low"),
    Trade("6121", 1.6, ("旅馆", "民宿"), "酒店管理", "higher"),
    Trade("6513", 1.8, ("电脑店",), "信息科技", "low", FIRM),
    Trade("7259", 2.2, ("广告店", "图文店"), "文化传媒", "low", FIRM),
    Trade("7030", 0.9, ("房产中介店",), "房地产经纪", "general", FIRM),
    Trade("5011", 3.2, ("装修店",), "建筑装饰", "general", FIRM),
    Trade("4700", 2.2, ("施工队",), "建筑工程", "higher", FIRM),
    Trade("5430", 5.2, ("货运部",), "物流", "general"),
    Trade("5131", 2.4, ("布匹批发部",), "纺织", "low"),
    Trade("2110", 1.6, ("家具店", "木器厂"), "家具", "general"),
    Trade("3312", 1.8, ("门窗店",), "门窗", "general"),
    Trade("0141", 4.0, ("蔬菜种植场",), "蔬菜种植", "low", FARM),
    Trade("0313", 3.0, ("养猪场",), "生猪养殖", "general", FARM),
    Trade("0321", 2.5, ("养鸡场",), "家禽养殖", "general", FARM),
    Trade("0169", 2.7, ("茶园",), "茶叶种植", "low", FARM),
    Trade("0171", 1.4, ("药材种植场",), "中药材种植", "low", FARM),
    Trade("8290", 1.6, ("培训班",), "教育咨询", "general", FIRM),
    Trade("9011", 1.6, ("健身房", "游戏厅"), "文化体育", "general"),
    Trade("7729", 1.4, ("废品收购站",), "再生资源", "higher"),
)
TRADES = (*CATERING, *SELLERS, *PRODUCERS, *OTHERS)
BY_INDUSTRY_AND_FORMAT = {(trade.industry, trade.format): trade for trade in TRADES}
