"""One look for all faces: built style sheets, icons and scripts, the page frames, and the words in two languages."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, g, request, send_from_directory
from markupsafe import Markup

from backend.accounts import rules
from backend.accounts.queries import has_sample, unit_by_code
from backend.accounts.rules import anyone
from backend.replies import language
from backend.times import local
from backend.web import allows

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
look = Blueprint("look", __name__, template_folder=str(TEMPLATES))


class UnknownText(KeyError):
    """A page asks for words that its catalogue does not have."""


def set_up_look(app: Flask) -> None:
    """Give every template its words, the reader and the clock."""
    app.context_processor(
        lambda: {
            "t": texts(catalogue_of(request.blueprint)),
            "named": named,
            "lang": language(),
            "actor": g.get("actor"),
            "csrf": g.get("csrf") or "",
            "icon": icon,
            "may": may,
            "sample": sample,
        }
    )
    app.template_filter("titled")(titled)
    app.template_filter("second")(lambda stamped: local(datetime.fromisoformat(stamped)).strftime("%Y-%m-%d %H:%M:%S"))
    app.template_filter("local")(lambda moment: local(moment).strftime("%Y-%m-%d %H:%M"))
    app.template_filter("day")(lambda moment: local(moment).strftime("%Y-%m-%d"))


def named(kind: str, value: object, **facts: object) -> str:
    """The words for a code of an open list (a reason, a flag, a fact's value), or the code itself where there are none.

    Where the words speak of facts that are not there, the code too.
    """
    try:
        return texts(catalogue_of(request.blueprint))(f"{kind}.{value}", **facts)
    except KeyError:
        return str(value)


def titled(title: str) -> str:
    """Role and unit of a public record as people read them: ``witness@HT-2`` is 见证人 · 汉台区局 (2) (DRAWS §4)."""
    role, at, code = title.partition("@")
    if not at:
        return named("party", title)
    whole = unit_by_code(g.session, code)
    start, _, number = ("", "", "") if whole else code.rpartition("-")
    unit = whole or unit_by_code(g.session, start)
    words = f"{named('role', role)} · {unit.name if unit else code}"
    return f"{words} ({number})" if unit and number else words


def may(permission: str) -> bool:
    """May the reader do what this permission of ``accounts.rules`` speaks of? Pages show only such buttons."""
    return bool(getattr(rules, permission)(g.get("actor")))


def sample() -> bool:
    """Must this page say that its data are invented? Asked inside the request's transaction only."""
    return has_sample(g.session)


def icon(name: str) -> Markup:
    """An icon of the sprite; purely decorative, words stand beside it."""
    return Markup('<svg class="icon" aria-hidden="true"><use href="/look/icons.svg#{}"/></svg>').format(name)


def catalogue_of(face: str | None) -> Path:
    """The catalogue file of a face; what belongs to none uses the look's own."""
    folder = HERE.parent / (face or "look")
    return (folder if (folder / "texts.json").exists() else HERE) / "texts.json"


def texts(file: Path) -> Callable[..., str]:
    """A function from a key and its facts to words in the reader's language."""

    def t(key: str, **facts: object) -> str:
        entry = _entries(file).get(key) or _entries(HERE / "texts.json").get(key)
        if entry is None:
            raise UnknownText(key)
        return entry[language()].format(**facts)

    return t


@cache
def _entries(file: Path) -> dict[str, dict[str, str]]:
    return json.loads(file.read_text(encoding="utf-8"))


@look.get("/look/<path:name>")
@allows(anyone)
def built(name: str) -> Response:
    """A built file: style sheet, icon sprite, script."""
    return send_from_directory(HERE / "dist", name, max_age=3600)


@look.get("/lang/<choice>")
@allows(anyone)
def choose_language(choice: str) -> Response:
    """Keep the reader's choice of language and go back to where they were."""
    back = request.referrer if request.referrer and request.host_url in request.referrer else "/"
    response = Response(status=303, headers={"Location": back})
    if choice in ("zh", "en"):
        response.set_cookie("lang", choice, max_age=31_536_000, samesite="Lax")
    return response
