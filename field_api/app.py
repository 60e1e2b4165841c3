"""The field application: the API under /v1 with its OpenAPI document, and the phone app's built files."""

from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request, send_from_directory
from flask_smorest import Api
from werkzeug.exceptions import HTTPException

from backend.accounts import queries as accounts
from backend.accounts.rules import Actor, anyone
from backend.web import Door, allows, explain, refuse_unguarded
from field_api import devices, drafts, maps, operations, quarantine, shares, uploads, visits

PHONE = Path(__file__).parent / "phone" / "dist"


class ProblemApi(Api):
    """flask-smorest, with errors told as problems."""

    def handle_http_exception(self, error: HTTPException) -> Any:
        """Every HTTP error as application/problem+json."""
        return explain(error)


def create_app() -> Flask:
    """The field application; refuses to start when a route has no keeper."""
    app = Door("field_api", recognise=recognise)
    app.config.update(
        API_TITLE="Fieldlot field API",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/v1",
        OPENAPI_JSON_PATH="openapi.json",
        MAX_CONTENT_LENGTH=64 * 2**20,
    )
    api = ProblemApi(app)
    for part in (devices.blp, visits.blp, operations.blp, drafts.blp, maps.blp, shares.blp, quarantine.blp):
        api.register_blueprint(part)
    app.register_blueprint(uploads.blp)
    for name, view in app.view_functions.items():
        if name.startswith("api-docs"):
            app.view_functions[name] = allows(anyone)(partial(view))
    app.add_url_rule("/", view_func=phone, defaults={"name": "index.html"})
    app.add_url_rule("/<path:name>", view_func=phone)
    refuse_unguarded(app)
    return app


def recognise() -> Actor | None:
    """The person whose phone sent this token, if one was sent. Raises StaleToken."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return accounts.actor_of_token(g.session, token) if scheme == "Bearer" and token else None


@allows(anyone)
def phone(name: str) -> Response:
    """A built file of the phone app; the service worker may look after all of /field/."""
    response = send_from_directory(PHONE, name)
    if name in ("index.html", "sw.js"):
        response.headers["Cache-Control"] = "no-cache"
    return response
