"""The ground of every face: one request is one transaction, every route says who may enter, problems are explained.

A ``Door`` is a Flask application with that ground. The office's console and public site hang on one, the field
API on another.
"""

import secrets
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from backend.accounts.rules import Actor, Permission, anyone
from backend.db import transaction
from backend.problems import NotAllowed, NotSignedIn, Problem
from backend.replies import explain, json_default

log = structlog.get_logger()
View = TypeVar("View", bound=Callable[..., Any])
Explainer = Callable[[Exception], ResponseReturnValue]
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


class Door(Flask):
    """A Flask application that opens one transaction a request and asks each route's keeper first."""

    def __init__(
        self, name: str, *, recognise: Callable[[], Actor | None], explaining: Explainer = explain, **kwargs: Any
    ) -> None:
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
            self.register_error_handler(kind, explaining)

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
