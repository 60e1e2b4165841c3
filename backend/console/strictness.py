"""How strict officers are beside what the lots would explain: for those who oversee, never a term of any score."""

from flask import g, redirect
from flask.typing import ResponseReturnValue

from backend.accounts.rules import can_compare_officers
from backend.console import console
from backend.oversight.comparing import ask_comparison, comparison
from backend.oversight.rules import FALSE_DISCOVERIES, FEWEST_VISITS
from backend.replies import page
from backend.web import allows


@console.get("/strictness")
@allows(can_compare_officers)
def strictness_page() -> ResponseReturnValue:
    """The newest comparison"""
    return page(
        "console/strictness.html", report=comparison(g.session, g.actor), fewest=FEWEST_VISITS, share=FALSE_DISCOVERIES
    )


@console.post("/strictness")
@allows(can_compare_officers)
def ask() -> ResponseReturnValue:
    """Ask for a new one"""
    ask_comparison(g.session, actor=g.actor)
    return redirect("/console/strictness", 303)
