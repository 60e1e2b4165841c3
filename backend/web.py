"""The ground of every face: one request is one transaction, every route says who may enter, problems are explained.

A ``Door`` is a Flask application with that ground. The office's console and public site hang on one, the field
API on another.
"""

import secrets
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from datetime import date
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import structlog
from flask import Flask, Response, g, jsonify, redirect, render_template, request
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from backend.accounts.rules import Actor, Permission, anyone
from backend.db import transaction
from backend.problems import BadInput, Language, NotAllowed, NotSignedIn, Problem, TooLarge

log = structlog.get_logger()
View = TypeVar("View", bound=Callable[..., Any])
SAFE = {"GET", "HEAD", "OPTIONS"}


class RouteWithoutKeeper(RuntimeError):
    """A route does not say who may enter; the application refuses to start."""


class CrossSite(Problem):
    """A form came from another site, or without the token of this session."""

    status = 403
    zh = ("页面已过期", "此表单不是从本站当前会话提交的。请刷新页面后重试。")
    en = (
        "The page is out of date",
        "This form did not come from your current session. Reload the page and try again.",
    )


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


class Door(Flask):
    """A Flask application that opens one transaction a request and asks each route's keeper first."""

    def __init__(self, name: str, *, recognise: Callable[[], Actor | None], **kwargs: Any) -> None:
        super().__init__(name, static_folder=None, **kwargs)
        self.recognise = recognise
        self.json.ensure_ascii = False  # type: ignore[attr-defined]
        self.json.default = json_default  # type: ignore[attr-defined]
        self.before_request(begin)
        self.after_request(close)
        for kind in (
            Problem,
            HTTPException,
            OperationalError,
            RedisError,
            IntegrityError,
            Exception,
        ):
            self.register_error_handler(kind, explain)

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer inside a transaction; the answer leaves once the commit has succeeded."""
        if request.routing_exception is not None:
            self.raise_routing_exception(request)
        with transaction() as g.session:
            g.actor = self.recognise()
            admit(keeper_of(self, request.url_rule, request.method), g.actor)
            return self.make_response(super().dispatch_request())


def allows(permission: Permission) -> Callable[[View], View]:
    """Say who may enter a view: ``@allows(can_hold_draw)``."""

    def mark(view: View) -> View:
        view.keeper = permission  # type: ignore[attr-defined]
        return view

    return mark


def keeper_of(app: Flask, rule: Rule | None, method: str) -> Permission | None:
    """The permission that a route asks for: its view's, or its method view's."""
    if rule is None or method == "OPTIONS":
        return anyone
    view = app.view_functions[rule.endpoint]
    kind = getattr(view, "view_class", None)
    if kind is not None:
        named = "get" if method == "HEAD" and not hasattr(kind, "head") else method.lower()
        view = getattr(kind, named, view)
    return getattr(view, "keeper", None)


def refuse_unguarded(app: Flask) -> None:
    """Look at every route and refuse to start when one does not say who may enter."""
    open_routes = [
        f"{method} {rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if keeper_of(app, rule, method) is None
    ]
    if open_routes:
        raise RouteWithoutKeeper(", ".join(sorted(open_routes)))


def admit(keeper: Permission | None, actor: Actor | None) -> None:
    """Let the actor in or raise NotSignedIn or NotAllowed."""
    if keeper is None:
        raise RouteWithoutKeeper(request.path)
    if keeper(actor):
        return
    if actor is None:
        raise NotSignedIn
    raise NotAllowed(need=(keeper.__doc__ or keeper.__name__).strip())


def refuse_cross_site(csrf: str | None) -> None:
    """For doors with cookies: an unsafe request must come from our own page, with the session's token when there is one."""
    if request.method in SAFE:
        return
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        raise CrossSite
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
    if csrf is not None and not secrets.compare_digest(csrf, sent):
        raise CrossSite


def begin() -> None:
    """Give the request its id, for the answer's header, the logs and the ledger."""
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if given.isalnum() and len(given) <= 64 else secrets.token_hex(8)
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def close(response: Response) -> Response:
    """Headers that every answer bears, and one log line."""
    response.headers["X-Request-Id"] = g.get("request_id", "")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Frame-Options", "DENY")
    log.info(
        "request_answered",
        method=request.method,
        route=str(request.url_rule or ""),
        status=response.status_code,
    )
    structlog.contextvars.unbind_contextvars("request_id")
    return response


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
