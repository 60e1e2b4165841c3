"""Checking the receipt of an inspection: by its QR code, by its number, or as JSON."""

import json
from typing import Any

from flask import Response, g, jsonify, request
from flask.typing import ResponseReturnValue

from backend.accounts.rules import anyone
from backend.inspections.receipts import check_receipt, shown_receipt, why_visited
from backend.problems import BadInput
from backend.public import public
from backend.replies import page
from backend.web import allows

LONGEST = 4000


@public.get("/receipt")
@allows(anyone)
def receipt() -> ResponseReturnValue:
    """Check the receipt of the link, or look one up; without JavaScript"""
    shown = _shown()
    check = check_receipt(g.session, shown) if shown else None
    why = why_visited(g.session, check) if check else None
    return page("public/receipt.html", check=check, number=shown.get("submission", ""), why=why)


@public.get("/receipt.json")
@allows(anyone)
def receipt_json() -> Response:
    """The same for programs: the members of a receipt by their own names, or by those of its link"""
    shown = _shown()
    if not shown:
        raise BadInput({"submission": ["请给出回执编号 / give the receipt's number"]})
    check = check_receipt(g.session, shown)
    told = {name: getattr(check, name) for name in ("verdict", "good", "differs", "version", "versions", "photos")}
    response = jsonify(**told, receipt=check.receipt, manifest=check.manifest)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-store"
    return response


def _shown() -> dict[str, str]:
    """What was given, by members or as the receipt's JSON in one field. Raises BadInput for JSON that is none."""
    given: dict[str, Any] = request.args.to_dict()
    if pasted := str(given.pop("receipt", "")).strip():
        given = _parsed(pasted)
    return shown_receipt({name: value for name, value in given.items() if isinstance(value, str)})


def _parsed(pasted: str) -> dict[str, Any]:
    try:
        parsed = json.loads(pasted[:LONGEST])
    except ValueError as wrong:
        raise BadInput({"receipt": ["不是完整的回执 JSON / this is not a receipt's whole JSON"]}) from wrong
    if not isinstance(parsed, dict):
        raise BadInput({"receipt": ["回执应为一个 JSON 对象 / a receipt is one JSON object"]})
    return parsed
