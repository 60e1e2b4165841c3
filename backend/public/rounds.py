"""A round as the public sees it: its lots, and what its visits say of the whole city once it is over."""

from flask import g
from flask.typing import ResponseReturnValue

from backend.accounts.rules import anyone
from backend.draws import queries
from backend.oversight.rates import public_figures
from backend.public import public
from backend.replies import page
from backend.web import allows


@public.get("/rounds/<code>")
@allows(anyone)
def round_(code: str) -> ResponseReturnValue:
    """One round"""
    about, plan = queries.public_round(g.session, code)
    return page("public/round.html", round=public_figures(g.session, code), about=about, plan=plan)
