"""What strangers take home to check a lot: its bundle, and the scripts that read one."""

from pathlib import Path

from flask import Response, g, send_file
from flask.typing import ResponseReturnValue

from backend.accounts.rules import anyone
from backend.draws import bundles
from backend.public import public
from backend.web import allows

HERE = Path(__file__).parent


@public.get("/lots/<name>/bundle.json")
@allows(anyone)
def bundle(name: str) -> Response:
    """The bundle of an opened lot (DRAWS §6)"""
    file = bundles.bundle_file(g.session, name)
    response = send_file(file, mimetype="application/json", as_attachment=True, download_name=f"{name}.bundle.json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@public.get("/verify_draw.py")
@allows(anyone)
def verify_draw() -> ResponseReturnValue:
    """The verifier that needs nothing but Python"""
    return _script("verify_draw.py")


@public.get("/verify_signatures.py")
@allows(anyone)
def verify_signatures() -> ResponseReturnValue:
    """Its companion for the signatures of heads and of a beacon's round"""
    return _script("verify_signatures.py")


def _script(name: str) -> Response:
    return send_file(HERE / name, mimetype="text/x-python", as_attachment=True, download_name=name)
