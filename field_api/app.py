"""The field application: the API under /v1 with its OpenAPI document, and the phone app's built files."""

from functools import partial
from pathlib import Path

from flask import Flask, Response, send_from_directory

from backend.accounts.rules import anyone
from backend.look import TEMPLATES, set_up_look
from backend.web import Door, allows, refuse_unguarded
from field_api import devices, drafts, entry, key_share, maps, operations, quarantine, shares, tickets, uploads, visits
from field_api.document import documented
from field_api.faults import explain_and_keep

PHONE = Path(__file__).parent / "phone" / "dist"


def create_app() -> Flask:
    """The field application; refuses to start when a route has no keeper."""
    app = Door("field_api", recognise=entry.recognise, explaining=explain_and_keep, template_folder=str(TEMPLATES))
    set_up_look(app)  # for people who come to an address that is none
    app.after_request(entry.hand_out_nonce)
    app.config["MAX_CONTENT_LENGTH"] = 64 * 2**20
    api = documented(app)
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
