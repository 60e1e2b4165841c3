"""The lots and their public log: records as they stand there, heads, and proofs as JSON."""

from typing import Any

from flask import Response, g, jsonify, request
from flask.typing import ResponseReturnValue

from backend.accounts.rules import anyone
from backend.draws import log, queries
from backend.problems import BadInput, NotFound
from backend.public import public
from backend.replies import page
from backend.web import allows

LARGEST = 2**31
"""No log is that long; more does not fit its index"""


@public.get("/lots")
@allows(anyone)
def lots() -> ResponseReturnValue:
    """All lots"""
    return page("public/lots.html", lots=queries.public_lots(g.session), head=log.head(g.session))


@public.get("/lots/<name>")
@allows(anyone)
def lot(name: str) -> ResponseReturnValue:
    """One lot: what was drawn from how many, and its records"""
    found = queries.public_lot(g.session, name)
    return page("public/lot.html", lot=found, told=told(found.entries), head=log.head(g.session))


@public.get("/log/head")
@allows(anyone)
def head() -> Response:
    """The newest signed head, or that of ``?size=``"""
    size = _number("size") if "size" in request.args else None
    found = log.head(g.session, size)
    if found is None:
        raise NotFound(what="日志头 head", id=str(size or ""))
    return jsonify(found)


@public.get("/log/entries")
@allows(anyone)
def entries() -> Response:
    """The records of ``?lot=``"""
    return jsonify(queries.public_lot(g.session, request.args.get("lot", "")).entries)


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


def told(entries: list[log.Entry]) -> dict[str, Any]:
    """What a lot's records say, gathered for people: numbers by class, dice, witnesses, seed; only what is there yet."""
    records = {entry.type: entry.record for entry in entries}
    commit, dice, seed, result = (records.get(name, {}) for name in ("commit", "dice", "seed", "result"))
    classes = [
        {"name": name, "pool": stratum["N"], "weight": stratum["weight"], "drawn": result.get("alloc", {}).get(name)}
        for name, stratum in commit.get("strata", {}).items()
    ]
    return {
        "classes": classes, "pool": commit.get("pool", {}).get("n"), "drawn": sum(result.get("alloc", {}).values()),
        "tours": len(result.get("teams", {})), "dice": dice.get("dice"), "witnesses": dice.get("witnesses", []),
        "seed": seed.get("seed"), "by": commit.get("by"), "of": commit.get("draw"),
    }  # fmt: skip


def _number(name: str) -> int:
    value = request.args.get(name, type=int)
    if value is None or not 0 <= value < LARGEST:
        raise BadInput({name: ["须为整数 / a whole number is needed"]})
    return value
