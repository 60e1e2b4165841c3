"""Notices for everyone: search, one notice, the published plans."""

from uuid import UUID

from flask import Response, g, request
from flask.typing import ResponseReturnValue
from werkzeug.wsgi import FileWrapper as file_wrapper

from backend.accounts.rules import anyone
from backend.disclosure import queries
from backend.disclosure.photos import photos_of_notice
from backend.draws.queries import plans as published_plans
from backend.inspections.evidence import store
from backend.problems import NotFound
from backend.public import public
from backend.replies import page
from backend.web import allows

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
    """One notice, with the photos that may be seen"""
    found = queries.notice(g.session, number)
    return page("public/notice.html", notice=found, photos=list(photos_of_notice(g.session, number)))


@public.get("/notices/<number>/photos/<uuid:evidence_id>.jpg")
@allows(anyone)
def photo(number: str, evidence_id: UUID) -> ResponseReturnValue:
    """A redacted copy that a person approved; not kept by caches for long, for it may be taken back"""
    copies = photos_of_notice(g.session, number)
    if evidence_id not in copies:
        raise NotFound(what="照片 photo", id=str(evidence_id))
    response = Response(file_wrapper(store().open(copies[evidence_id])), mimetype="image/jpeg", direct_passthrough=True)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@public.get("/plans")
@allows(anyone)
def plans() -> ResponseReturnValue:
    """The published plans"""
    return page("public/plans.html", plans=published_plans(g.session))
