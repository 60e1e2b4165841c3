"""The office door: console and public site on one Flask application."""

from typing import Any

from flask import Flask, Response, g, jsonify, request
from redis import Redis
from sqlalchemy import text

from backend.accounts import queries as accounts
from backend.accounts.rules import Actor, anyone
from backend.config import settings
from backend.console import console
from backend.console.sign_in import COOKIE
from backend.logs import set_up_logs
from backend.look import look, set_up_look
from backend.public import public
from backend.web import Door, allows, refuse_cross_site, refuse_unguarded


def create_app() -> Flask:
    """The office application; refuses to start when a route has no keeper."""
    app = Door("backend", recognise=recognise)
    app.config["MAX_CONTENT_LENGTH"] = 256 * 2**20
    app.config["MAX_FORM_MEMORY_SIZE"] = 2**20
    set_up_look(app)
    app.register_blueprint(look)
    app.register_blueprint(console)
    app.register_blueprint(public)
    app.add_url_rule("/healthz", view_func=health)
    refuse_unguarded(app)
    return app


def recognise() -> Actor | None:
    """The person whose session cookie this is; refuses forms from elsewhere."""
    secret = request.cookies.get(COOKIE)
    found = accounts.actor_of_session(g.session, secret) if secret else None
    g.csrf = found[1] if found else None
    refuse_cross_site(g.csrf)
    return found[0] if found else None


@allows(anyone)
def health() -> tuple[Response, int]:
    """Is everything up: database, Redis, relay and worker?"""
    g.session.execute(text("select 1"))
    redis: Any = Redis.from_url(settings().redis_url)
    alive = {name: bool(redis.exists(f"fieldlot:alive:{name}")) for name in ("relay", "worker")}
    up = all(alive.values())
    return jsonify(status="ok" if up else "starting", **alive), 200 if up else 503


set_up_logs("web")
