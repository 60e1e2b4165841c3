"""The lots and their public log: records as they stand there, heads, and proofs as JSON."""

from flask import Response, g, jsonify, request
from flask.typing import ResponseReturnValue

from backend.accounts.rules import anyone
from backend.draws import log, queries
from backend.problems import BadInput
from backend.public import public
from backend.web import allows, page


@public.get("/lots")
@allows(anyone)
def lots() -> ResponseReturnValue:
    """All lots"""
    return page("public/lots.html", lots=queries.public_lots(g.session), head=log.head(g.session))


@public.get("/lots/<name>")
@allows(anyone)
def lot(name: str) -> ResponseReturnValue:
    """One lot with its records"""
    return page("public/lot.html", lot=queries.public_lot(g.session, name), head=log.head(g.session))


@public.get("/log/head")
@allows(anyone)
def head() -> Response:
    """The newest signed head, or that of ``?size=``"""
    return jsonify(log.head(g.session, request.args.get("size", type=int)))


@public.get("/log/entries")
@allows(anyone)
def entries() -> Response:
    """The records of ``?lot=``"""
    return jsonify(log.entries(g.session, request.args.get("lot", "")))


@public.get("/log/inclusion")
@allows(anyone)
def inclusion() -> Response:
    """The path of record ``?index=`` to the head of ``?size=``"""
    index, size = _number("index"), _number("size")
    try:
        return jsonify(index=index, size=size, path=log.inclusion(g.session, index, size))
    except ValueError as wrong:
        raise BadInput({"index, size": [str(wrong)]}) from wrong


@public.get("/log/consistency")
@allows(anyone)
def consistency() -> Response:
    """The proof that the head of ``?from=`` is a beginning of that of ``?to=``"""
    first, second = _number("from"), _number("to")
    try:
        return jsonify({"from": first, "to": second, "path": log.consistency(g.session, first, second)})
    except ValueError as wrong:
        raise BadInput({"from, to": [str(wrong)]}) from wrong


def _number(name: str) -> int:
    value = request.args.get(name, type=int)
    if value is None:
        raise BadInput({name: ["须为整数 / a whole number is needed"]})
    return value
