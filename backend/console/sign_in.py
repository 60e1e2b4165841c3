"""Signing in at the console and out of it."""

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug import Response

from backend import rates
from backend.accounts import commands
from backend.accounts.rules import anyone, signed_in
from backend.console import console
from backend.problems import Problem
from backend.replies import language, page, wants_html
from backend.web import allows

COOKIE = "fieldlot"
PER_PLACE = "10 per minute"
PER_NAME = "30 per minute"


@console.get("/sign-in")
@allows(anyone)
def sign_in_page() -> ResponseReturnValue:
    """The form"""
    return page("console/sign_in.html", next=_inside(request.args.get("next", "")), username="", problem=None)


@console.post("/sign-in")
@allows(anyone)
def sign_in() -> ResponseReturnValue:
    """Sign in; tries are limited by name and place, and freely again after a minute, so nobody is locked out for long."""
    try:
        return _signed_in()
    except Problem as problem:
        if not wants_html():
            raise
        form = {"next": _inside(request.form.get("next", "")), "username": request.form.get("username", "")[:100]}
        return render_template("console/sign_in.html", problem=problem.told(language()), **form), problem.status


def _signed_in() -> Response:
    username = request.form.get("username", "")[:100]
    place = request.remote_addr or "?"
    rates.spend(PER_PLACE, "sign-in", place, username)
    rates.spend(PER_NAME, "sign-in", username)
    secret, _ = commands.sign_in(g.session, username=username, password=request.form.get("password", ""))
    rates.forgive(PER_PLACE, "sign-in", place, username)
    response = redirect(_inside(request.form.get("next", "")), 303)
    _keep(response, secret)
    return response


@console.post("/sign-out")
@allows(signed_in)
def sign_out() -> ResponseReturnValue:
    """Sign out"""
    commands.sign_out(g.session, secret=request.cookies.get(COOKIE, ""))
    response = redirect("/console/sign-in", 303)
    response.delete_cookie(COOKIE)
    return response


def _keep(response: Response, secret: str) -> None:
    hours = commands.SESSION_HOURS
    response.set_cookie(COOKIE, secret, max_age=hours * 3600, httponly=True, samesite="Lax", secure=request.is_secure)


def _inside(target: str) -> str:
    """Only ever send people on within the console."""
    return target if target.startswith("/console/") else "/console/"
