"""How a door replies: as a page or as JSON, in the reader's language; and every error as a problem that says what to do."""

from dataclasses import asdict, is_dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

import structlog
from flask import Response, g, jsonify, redirect, render_template, request
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from backend.problems import BadInput, Language, NotSignedIn, Problem, TooLarge

log = structlog.get_logger()


class Unavailable(Problem):
    """A service behind us is down; nothing was changed."""

    status = 503
    level = "error"
    zh = ("服务暂时不可用", "后台服务正在恢复，您的操作没有生效，也没有丢失任何数据。请稍后重试。")
    en = (
        "Temporarily unavailable",
        "A service is coming back; nothing was changed or lost. Try again in a moment.",
    )


class AlreadyThere(Problem):
    """The database's own "no": a uniqueness or reference rule."""

    status = 409
    zh = ("与现有数据冲突", "数据库拒绝了这次更改（{rule}）。请检查是否重复或被引用。")
    en = (
        "Conflicts with what is there",
        "The database refused the change ({rule}). Check for a duplicate or a missing reference.",
    )


class UnusableValue(Problem):
    """A value that cannot be held: a number out of range, a text with a zero byte or half a character, a bottomless nesting."""

    status = 422
    zh = ("内容无法处理", "请求中有超出范围的数字或无法保存的字符。请改正后重试，数据没有变化。")
    en = (
        "A value cannot be used",
        "A number is out of range, or a text holds a character that cannot be kept. Correct it; nothing was changed.",
    )


class HttpProblem(Problem):
    """What HTTP itself objects to: no such page, wrong method, malformed body."""

    zh = ("请求无法处理", "{reason}")
    en = ("The request cannot be handled", "{reason}")

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason=reason)
        self.status = status  # type: ignore[misc]


class Unexpected(Problem):
    """A fault of ours."""

    status = 500
    level = "error"
    zh = (
        "系统出现意外错误",
        "错误已记录，编号 {request_id}。您的操作没有生效；请稍后重试或联系管理员。",
    )
    en = (
        "Something went wrong here",
        "It is logged as {request_id}. Nothing was changed; try again or tell the operator.",
    )


def language() -> Language:
    """The reader's language: their choice by cookie or ``?lang``, else what the client asks for, else Chinese."""
    chosen = request.args.get("lang") or request.cookies.get("lang")
    if chosen in ("zh", "en"):
        return chosen  # type: ignore[return-value]
    best = request.accept_languages.best_match(["zh", "en"], default="zh")
    return "en" if best == "en" else "zh"


def wants_json() -> bool:
    """Does the client prefer JSON to a page?"""
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def page(template: str, /, **view: Any) -> ResponseReturnValue:
    """A page for people, or the same view as JSON for scripts that ask for it."""
    if wants_json():
        return jsonify({key: plain(value) for key, value in view.items()})
    return render_template(template, **view)


def json_default(value: Any) -> Any:
    """Times as ISO 8601, dataclasses as objects; the rest as Flask does it."""
    if isinstance(value, date):
        return value.isoformat()
    return DefaultJSONProvider.default(value)


def plain(value: Any) -> Any:
    """Dataclasses and lists of them as JSON-able values."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def explain(error: Exception) -> ResponseReturnValue:
    """Every error as a problem: JSON for programs, a readable page for people."""
    problem = as_problem(error)
    getattr(log, problem.level)(
        "problem_told",
        code=problem.code(),
        error=type(error).__name__,
        exc_info=error if problem.status >= 500 else None,
    )
    if isinstance(problem, NotSignedIn) and wants_html() and request.path.startswith("/console"):
        return redirect(f"/console/sign-in?next={quote(request.full_path.rstrip('?'))}", 303)
    if wants_html():
        return render_template("problem.html", problem=problem.as_json(language())), problem.status
    response = jsonify(problem.as_json(language()))
    response.mimetype = "application/problem+json"
    response.status_code = problem.status
    _add_headers(response, problem)
    return response


def _add_headers(response: Response, problem: Problem) -> None:
    if "retry_after" in problem.facts:
        response.headers["Retry-After"] = str(problem.facts["retry_after"])
    if problem.status == 503:
        response.headers["Retry-After"] = "2"
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"


def wants_html() -> bool:
    """Is a person looking at a page of a face that has pages?"""
    return not request.path.startswith("/v1") and "text/html" in request.accept_mimetypes


def as_problem(error: Exception) -> Problem:
    """The problem that an exception amounts to."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        return _http_problem(error)
    if isinstance(error, IntegrityError):
        diag = getattr(error.orig, "diag", None)
        return AlreadyThere(rule=getattr(diag, "constraint_name", None) or "constraint")
    if isinstance(error, DataError | UnicodeError | RecursionError | OverflowError) or _number_is_too_long(error):
        return UnusableValue()
    if isinstance(error, OperationalError | RedisError):
        return Unavailable()
    return Unexpected(request_id=g.get("request_id", ""))


def _number_is_too_long(error: Exception) -> bool:
    """Python reads no number of more than 4300 digits, and has no exception of its own for that."""
    return type(error) is ValueError and "integer string conversion" in str(error)


def _http_problem(error: HTTPException) -> Problem:
    data = getattr(error, "data", None) or {}
    if error.code == 422 and "messages" in data:
        return BadInput(data["messages"])
    if error.code == 413:
        return TooLarge(limit=request.max_content_length)
    status = error.code or 500
    reasons = {
        404: "没有这个页面。请检查地址。 No such page; check the address.",
        405: "此地址不支持该方法。 This address does not take that method.",
        415: "内容类型不受支持，请发送 application/json。 Unsupported content type; send application/json.",
    }
    return HttpProblem(status, reasons.get(status, error.description or error.name))
