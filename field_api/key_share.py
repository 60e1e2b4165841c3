"""A forgotten PIN: a phone learns to which key it wraps its data key, and gets the secret back for a code shown to its person."""

from typing import Any

from flask import g
from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, validate
from marshmallow.fields import Dict, Nested, String

from backend import rates
from backend.accounts.escrow import escrow_jwk, give_secret
from backend.accounts.rules import can_inspect
from backend.web import allows
from field_api.devices import now
from field_api.schemas import Strict

blp = Blueprint("key_share", __name__, url_prefix="/v1", description="A way back for who forgot the phone's PIN")
TRIES = "10 per hour"


class KeyView(Schema):
    """A public key: an EC P-256 JWK."""

    kty = String()
    crv = String()
    x = String()
    y = String()


class KeyShareView(Schema):
    """GET /key-share"""

    key = Nested(KeyView)
    server_time = String()


class KeyShareBody(Strict):
    """POST /key-share: the code an administrator shows, and the ephemeral key that the phone kept beside its wrapping."""

    code = String(required=True, validate=validate.Length(1, 100))
    ephemeral = Dict(keys=String(), required=True)


class SecretView(Schema):
    """Answer of POST /key-share: 32 bytes, base64url."""

    secret = String()
    server_time = String()


@blp.route("/key-share")
class KeyShare(MethodView):
    """The second way into a phone's store."""

    @allows(can_inspect)
    @blp.response(200, KeyShareView)
    def get(self) -> dict[str, Any]:
        """The key to which this phone wraps its data key"""
        return {"key": escrow_jwk(g.actor.device_id), "server_time": now()}

    @allows(can_inspect)
    @blp.arguments(KeyShareBody)
    @blp.response(200, SecretView)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Get the wrapping's secret again, for a code shown to this phone's person; the code is used up"""
        rates.spend(TRIES, "key-share", str(g.actor.device_id))
        return {"secret": give_secret(g.session, actor=g.actor, **body), "server_time": now()}
