"""What invented names are made of. No name is taken from a register; one may still exist by chance."""

PLACE_FIRST = tuple("青云白龙金石柳桃梅竹松枫桐槐榆杨清紫丹翠碧玉银铜铁马鹿鹤雁燕月星霞虹春秋晴瑞祥福安宁永长广高平")
PLACE_LAST = tuple("溪岭坪坝沟湾滩泉塘桥渡关寨坡岗垭原川岩池")
VILLAGE_FIRST = tuple("上下前后东西南北大小新老张王李赵陈刘周吴徐孙朱马胡郭何林罗高梁宋唐许韩冯邓曹彭曾")
VILLAGE_LAST = (
    "家湾", "家坝", "家沟", "家坪", "家院", "家营", "柳树", "石桥", "水田", "茶园", "桑园", "竹林", "枣园", "堰塘", "窑上",
)  # fmt: skip
STREET_FIRST = tuple("和顺兴民康泰文昌盛德仁义礼信诚惠润丰华明光远达景秀")
STREET_LAST = tuple("安平乐宁园泰庆阳江汉山水云梅兰竹菊")
SHOP_FIRST = tuple("青禾云山清泉福满春晓金穗瑞丰锦绣悦来好嘉润泽鼎盛宏远恒和顺祥康惠佳味品香百乐同心巴秦汉江")
SHOP_LAST = tuple("禾岚语苑记源隆泰庭坊居里家园轩阁汇尚达诚信义昌盛兴旺宁安欣怡香味美佳鲜")
SURNAMES = tuple("李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕")
GIVEN_FIRST = tuple("建国志文明海晓雨思佳俊宇子一梓浩嘉欣雅婷丽秀春冬立永德新世振")
GIVEN_LAST = tuple("平华军伟强敏静磊洋艳勇杰娟涛超霞刚鹏飞燕玲辉莉斌红波宁琴")
EMPLOYERS = ("汉中示例食品检验所", "示例理工大学食品学院", "汉中示例疾控中心", "示例检测技术有限公司", "汉中示例职业学院")  # fmt: skip
SPECIALITIES = ("food_catering", "food_production", "cold_chain", "laboratory", "nutrition")
EXPERT_TITLES = ("高级工程师", "副教授", "主任检验师", "工程师")


def invented(first: tuple[str, ...], last: tuple[str, ...]) -> list[str]:
    """Every word of a first and a last part, in a fixed order."""
    return [a + b for a in first for b in last]
