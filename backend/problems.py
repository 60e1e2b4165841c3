"""Problems: mistakes explained in one line, in Chinese and English, as RFC 9457 has them.

Each problem is a class of its own beside the command that raises it::

    class TooFewEntities(Problem):
        status = 422
        zh = ("可抽对象不足", "符合条件的有 {eligible} 户，不足 {asked} 户。请放宽条件或减少数量。")
        en = ("Too few entities", "{eligible} are eligible, {asked} were asked for. Widen the filter or ask for fewer.")

    raise TooFewEntities(eligible=12, asked=30)
"""

import re
from typing import Any, ClassVar, Literal

Language = Literal["zh", "en"]
NAMED = ("what", "need", "deed")
"""Facts that name a thing in both languages: ``计划 plan``, ``主持抽签 / hold a draw``"""
BOTH = re.compile(r"(?P<zh>[^\x00-\x7f]\S*) (?:/ )?(?P<en>[\x20-\x7e].*)")


class Problem(Exception):
    """A refusal that a person can act on.

    ``zh`` and ``en`` hold (title, detail); details are format strings over the facts given when raising.
    ``level`` is how loudly the log speaks of it: a caller's slip need not wake us.
    """

    status: ClassVar[int] = 400
    level: ClassVar[str] = "info"
    zh: ClassVar[tuple[str, str]]
    en: ClassVar[tuple[str, str]]

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(f"{self.code()}: {self.told('en')['detail']}")

    @classmethod
    def code(cls) -> str:
        """The stable code: the class's name in kebab case."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    def told(self, language: Language) -> dict[str, str]:
        """Title and detail in one language."""
        title, detail = self.zh if language == "zh" else self.en
        named = {key: _named(str(self.facts[key]), language) for key in NAMED if key in self.facts}
        return {"title": title, "detail": detail.format_map(_Facts({**self.facts, **named}))}

    def as_json(self, language: Language = "zh") -> dict[str, Any]:
        """The members of application/problem+json; facts become extension members."""
        return {
            "type": f"/problems/{self.code()}",
            "code": self.code(),
            "status": self.status,
            **self.told(language),
            "zh": self.told("zh"),
            "en": self.told("en"),
            **{key: value for key, value in self.facts.items() if _plain(value)},
        }


def _named(both: str, language: Language) -> str:
    """The name in one language, of a text that gives both."""
    found = BOTH.fullmatch(both)
    return found[language] if found else both


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool | list | dict | type(None))


class NotSignedIn(Problem):
    """No person stands behind this request."""

    status = 401
    zh = ("尚未登录", "请先登录，再继续操作。")
    en = ("Not signed in", "Sign in first, then continue.")


class NotAllowed(Problem):
    """The person is known, but none of their roles reaches this far."""

    status = 403
    zh = ("没有权限", "您的角色或管辖范围不包括此操作：{need}。请联系本单位管理员。")
    en = (
        "Not allowed",
        "Your roles or scope do not include this: {need}. Ask your unit's administrator.",
    )


class NotFound(Problem):
    """The thing asked for does not exist, or not for this person."""

    status = 404
    zh = ("没有找到", "没有找到 {what}“{id}”。请检查编号，或返回列表重新选择。")
    en = (
        "Not found",
        "There is no {what} “{id}”. Check the number, or choose again from the list.",
    )


class BadInput(Problem):
    """Fields of a form or a body are not as they must be; ``errors`` names each."""

    status = 422
    zh = ("填写有误", "请改正以下各项后重新提交：{summary}")
    en = ("Some fields are wrong", "Correct these and send again: {summary}")

    def __init__(self, errors: dict[str, Any], **facts: Any) -> None:
        summary = "; ".join(f"{field}: {_flat(text)}" for field, text in errors.items())
        super().__init__(errors=errors, summary=summary, **facts)


def _flat(text: Any) -> str:
    if isinstance(text, dict):
        return ", ".join(f"{key}: {_flat(value)}" for key, value in text.items())
    return " ".join(map(str, text)) if isinstance(text, list) else str(text)


class TooLarge(Problem):
    """A body over the limit of its door."""

    status = 413
    zh = ("内容过大", "提交的内容超过上限 {limit} 字节。请压缩或分批提交。")
    en = (
        "Too large",
        "The body is over the limit of {limit} bytes. Compress it or send it in parts.",
    )


class TooManyRequests(Problem):
    """A rate limit was reached."""

    status = 429
    zh = ("操作过于频繁", "请在 {retry_after} 秒后再试。")
    en = ("Too many requests", "Try again in {retry_after} seconds.")


class Conflict(Problem):
    """The thing is not in a state that allows this."""

    status = 409
    zh = ("状态不允许", "{what} 当前为“{state}”，不能执行此操作。请刷新后查看最新状态。")
    en = (
        "State does not allow it",
        "{what} is “{state}”; this cannot be done now. Reload to see its latest state.",
    )
