"""Checking a lot in the browser: on the site, from a page that one can save, and as a party that was drawn."""

from pathlib import Path

from flask import Response, g, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from backend.accounts.rules import anyone
from backend.draws import ceremonies, queries
from backend.public import public
from backend.replies import page
from backend.web import allows

DIST = Path(__file__).parents[1] / "look" / "dist"


@public.get("/verify")
@allows(anyone)
def verify() -> ResponseReturnValue:
    """Check the lot of ``?lot=``, or a bundle of one's own, in the browser"""
    name = request.args.get("lot", "")
    return page("public/verify.html", lot=queries.public_lot(g.session, name).name if name else None)


@public.get("/verify/page.html")
@allows(anyone)
def verify_page() -> Response:
    """The same page as one file that works without a network"""
    style, script = (Markup((DIST / name).read_text(encoding="utf-8")) for name in ("look.css", "verifier.js"))  # noqa: S704 - our own build
    text = render_template("public/verify_saved.html", style=style, script=script)
    return Response(text, headers={"Content-Disposition": 'attachment; filename="fieldlot-verify.html"'})


@public.get("/lots/<name>/party")
@allows(anyone)
def party(name: str) -> ResponseReturnValue:
    """What a lot says of the party whose salt this is; raises NotFound for any other"""
    proof = ceremonies.party_proof(g.session, name, request.args.get("id", ""), request.args.get("salt", ""))
    answer = page("public/party.html", proof=proof, lot=queries.public_lot(g.session, name))
    return _unseen(answer)


def _unseen(answer: ResponseReturnValue) -> Response:
    """The address holds the party's salt: no cache keeps the page, no link hands the address on."""
    response = answer if isinstance(answer, Response) else Response(str(answer))
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
