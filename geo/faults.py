"""What geo says when it cannot do what it was asked: one class per mistake, told in Chinese and English."""

from typing import Any, ClassVar, Literal


class GeoFault(Exception):
    """A refusal that a person can act on.

    ``zh`` and ``en`` hold (title, detail); details are format strings over the facts given when raising.
    """

    zh: ClassVar[tuple[str, str]]
    en: ClassVar[tuple[str, str]]

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.told("en")["detail"])

    def told(self, language: Literal["zh", "en"]) -> dict[str, str]:
        """Title and detail in one language."""
        title, detail = self.zh if language == "zh" else self.en
        return {"title": title, "detail": detail.format_map(self.facts)}


class NotAPlace(GeoFault):
    """Longitude or latitude is no finite number of degrees within the globe."""

    zh = ("坐标无效", "经度 {lon}、纬度 {lat} 不是有效坐标。请填写十进制度数，经度在前。")
    en = (
        "Not a place",
        "Longitude {lon}, latitude {lat} is no place. Give decimal degrees, longitude first.",
    )


class UnknownCrs(GeoFault):
    """A coordinate system that nobody here can read."""

    zh = ("坐标系未知", "不认识坐标系“{crs}”。可用：{known}。")
    en = ("Unknown coordinate system", "“{crs}” is no known coordinate system. Known: {known}.")


class RoadsUnreadable(GeoFault):
    """The file of roads is missing, broken, or no `.osm.pbf`."""

    zh = ("道路数据无法读取", "无法读取道路文件 {path}：{why}。请换一份完整的 .osm.pbf 文件。")
    en = ("Roads unreadable", "Cannot read {path}: {why}. Give a complete .osm.pbf file.")


class NoRoads(GeoFault):
    """The file is sound, but no car can drive anywhere in it."""

    zh = ("没有可行车道路", "文件 {path} 中没有可供汽车行驶的道路。请检查是否选错了区域。")
    en = ("No roads", "{path} holds no road that a car may use. Was the right area chosen?")


class OffRoad(GeoFault):
    """A place is farther from every known road than anybody would walk."""

    zh = ("附近没有道路", "第 {index} 个地点距最近道路 {snap_m} 米，超过 {limit_m} 米。请核对坐标。")
    en = (
        "Far from every road",
        "Place {index} lies {snap_m} m from the nearest road; the limit is {limit_m} m. Check its coordinates.",
    )


class NoWay(GeoFault):
    """No road leads from one place to the next."""

    zh = ("无路可达", "第 {start} 个地点到第 {end} 个地点之间没有道路相通。")
    en = ("No way", "No road leads from place {start} to place {end}.")


class RouterUnreachable(GeoFault):
    """The routing server does not answer."""

    zh = ("路径服务无应答", "路径服务 {url} 无应答：{why}。请检查服务是否启动。")
    en = ("Routing server silent", "{url} does not answer: {why}. Is it running?")


class RouterRefused(GeoFault):
    """The routing server answers, but not with what was asked."""

    zh = ("路径服务拒绝请求", "路径服务 {url} 返回 {code}：{why}。")
    en = ("Routing server refused", "{url} answered {code}: {why}.")


class BadProblem(GeoFault):
    """What is to be toured contradicts itself; ``why_zh`` and ``why_en`` say how."""

    zh = ("路线任务有误", "{why_zh}")
    en = ("The tours asked for make no sense", "{why_en}")


class SolverTooSlow(GeoFault):
    """The solver had no plan at its deadline and was stopped."""

    zh = ("路线规划超时", "{seconds} 秒内未能排出 {sites} 个地点的路线，已停止。请延长时限或分组。")
    en = (
        "Planning took too long",
        "No tours for {sites} sites within {seconds} s; stopped. Allow more time or split the group.",
    )


class SolverFailed(GeoFault):
    """The solver broke; ``why`` is its last word."""

    zh = ("路线规划失败", "路线求解程序出错：{why}")
    en = ("Planning failed", "The solver broke: {why}")


class PlanUnsound(GeoFault):
    """The independent checker found faults in a finished plan, which therefore is not handed out."""

    zh = ("路线方案未通过校验", "独立校验发现 {count} 处错误，首个：{first}。方案未予采用。")
    en = (
        "The plan failed its check",
        "The independent check found {count} faults, the first: {first}. The plan was not handed out.",
    )
