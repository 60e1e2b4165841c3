"""The field application: the API under /v1 with its OpenAPI document, and the phone app's built files."""

from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, Response, send_from_directory
from flask_smorest import Api
from werkzeug.exceptions import HTTPException

from backend.accounts.rules import anyone
from backend.web import Door, allows, explain, refuse_unguarded
from field_api import devices, drafts, entry, key_share, maps, operations, quarantine, shares, tickets, uploads, visits

SIGNED = {
    "type": "http", "scheme": "dpop",
    "description": "Authorization: DPoP with the token, and the header DPoP: a proof by the phone's key for this request "
                   "(RFC 9449, with nonce, ath and our bsh). How to make one: docs/field-api.md",
}  # fmt: skip
PHONE = Path(__file__).parent / "phone" / "dist"


class ProblemApi(Api):
    """flask-smorest, with errors told as problems."""

    def handle_http_exception(self, error: HTTPException) -> Any:
        """Every HTTP error as application/problem+json."""
        return explain(error)


def create_app() -> Flask:
    """The field application; refuses to start when a route has no keeper."""
    app = Door("field_api", recognise=entry.recognise)
    app.after_request(entry.hand_out_nonce)
    app.config.update(
        API_TITLE="Fieldlot field API",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/v1",
        OPENAPI_JSON_PATH="openapi.json",
        MAX_CONTENT_LENGTH=64 * 2**20,
    )
    api = ProblemApi(app)
    api.spec.components.security_scheme("dpop", SIGNED)
    api.spec.options["security"] = [{"dpop": []}]
    for part in (devices, visits, operations, drafts, maps, shares, quarantine, tickets, key_share):
        api.register_blueprint(part.blp)
    app.register_blueprint(uploads.blp)
    for name, view in app.view_functions.items():
        if name.startswith("api-docs"):
            app.view_functions[name] = allows(anyone)(partial(view))
    app.add_url_rule("/", view_func=phone, defaults={"name": "index.html"})
    app.add_url_rule("/<path:name>", view_func=phone)
    refuse_unguarded(app)
    return app


@allows(anyone)
def phone(name: str) -> Response:
    """A built file of the phone app; the service worker may look after all of /field/."""
    response = send_from_directory(PHONE, name)
    if name in ("index.html", "sw.js"):
        response.headers["Cache-Control"] = "no-cache"
    return response
