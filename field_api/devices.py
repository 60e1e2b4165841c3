"""Phones: enrol by a shown code, get a token by signing a nonce, ask who one is."""

from typing import Any

from flask import g, request
from flask.views import MethodView
from flask_smorest import Blueprint

from backend import rates
from backend.accounts import phones
from backend.accounts.queries import phone_person
from backend.accounts.rules import anyone, can_inspect
from backend.times import iso_local, utc_now
from backend.web import allows
from field_api import schemas, views

blp = Blueprint("devices", __name__, url_prefix="/v1", description="Enrolling and signing in phones")
TRIES = "20 per minute"
"""By address too: who knows a phone's id must not be able to keep that phone out"""


def now() -> str:
    """The server's clock, from which a phone learns its own offset."""
    return iso_local(utc_now())


@blp.route("/enrol")
class Enrol(MethodView):
    """A phone enrols with a code that a unit administrator shows."""

    @allows(anyone)
    @blp.doc(security=[])
    @blp.arguments(schemas.EnrolBody)
    @blp.response(201, views.EnrolledView)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Enrol a phone"""
        rates.spend(TRIES, "enrol", request.remote_addr or "?")
        device = phones.enrol_device(
            g.session, code=body["code"], device_id=body["device"]["id"], name=body["device"]["name"],
            public_key=body["device"]["public_key"],
        )  # fmt: skip
        person = phone_person(g.session, device.person_id)
        return {"device_id": device.id, "person": person, "server_time": now()}


@blp.route("/nonce")
class Nonce(MethodView):
    """A number to sign."""

    @allows(anyone)
    @blp.doc(security=[])
    @blp.arguments(schemas.NonceBody)
    @blp.response(200, views.NonceView)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Get a number to sign"""
        rates.spend(TRIES, "nonce", str(body["device_id"]), request.remote_addr or "?")
        nonce, ends = phones.offer_nonce(g.session, device_id=body["device_id"])
        return {"nonce": nonce, "expires_at": iso_local(ends), "server_time": now()}


@blp.route("/token")
class Token(MethodView):
    """A short-lived token, bound to the phone."""

    @allows(anyone)
    @blp.doc(security=[])
    @blp.arguments(schemas.TokenBody)
    @blp.response(200, views.TokenView)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Exchange a signed number for a token"""
        rates.spend(TRIES, "token", str(body["device_id"]), request.remote_addr or "?")
        token, ends = phones.issue_token(g.session, **body)
        return {"token": token, "expires_at": iso_local(ends), "server_time": now()}


@blp.route("/me")
class Me(MethodView):
    """Who this phone speaks for."""

    @allows(can_inspect)
    @blp.response(200, views.MeView)
    def get(self) -> dict[str, Any]:
        """Who this phone speaks for"""
        person = phone_person(g.session, g.actor.person_id)
        return {"person": person, "device": {"id": str(g.actor.device_id)}, "server_time": now()}
