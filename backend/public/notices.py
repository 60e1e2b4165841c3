"""Notices for everyone: search, one notice, the published plans."""

from flask import g, request
from flask.typing import ResponseReturnValue

from backend.accounts.rules import anyone
from backend.disclosure import queries
from backend.draws.queries import plans as published_plans
from backend.public import public
from backend.web import allows, page

PAGE = 20
LAST = 10_000
"""No further page is looked for"""
KINDS = ("result", "lot", "plan")


@public.get("/")
@allows(anyone)
def home() -> ResponseReturnValue:
    """What this is, and the latest notices"""
    return page("public/home.html", notices=queries.notices(g.session, limit=10), counts=queries.how_many(g.session))


@public.get("/notices")
@allows(anyone)
def notices() -> ResponseReturnValue:
    """Search"""
    words = "".join(filter(str.isprintable, request.args.get("q", "")[:100])).strip()
    kind = request.args.get("kind", "") if request.args.get("kind") in KINDS else ""
    number = min(max(1, request.args.get("page", 1, type=int)), LAST)
    found = queries.notices(g.session, words=words, kind=kind, limit=PAGE + 1, offset=(number - 1) * PAGE)
    return page(
        "public/notices.html", notices=found[:PAGE], words=words, kind=kind, number=number, more=len(found) > PAGE
    )


@public.get("/notices/<number>")
@allows(anyone)
def notice(number: str) -> ResponseReturnValue:
    """One notice"""
    return page("public/notice.html", notice=queries.notice(g.session, number))


@public.get("/plans")
@allows(anyone)
def plans() -> ResponseReturnValue:
    """The published plans"""
    return page("public/plans.html", plans=published_plans(g.session))
