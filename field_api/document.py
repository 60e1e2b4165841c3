"""The OpenAPI document of the field API: who signs, and errors told as problems (RFC 9457)."""

from typing import Any

from flask import Flask
from flask_smorest import Api
from marshmallow import INCLUDE, Schema
from marshmallow.fields import Integer, Nested, String
from werkzeug.exceptions import HTTPException

from backend.web import explain

SIGNED = {
    "type": "http", "scheme": "dpop",
    "description": "Authorization: DPoP with the token, and the header DPoP: a proof by the phone's key for this request "
                   "(RFC 9449, with nonce, ath and our bsh). How to make one: docs/field-api.md",
}  # fmt: skip


class ToldView(Schema):
    """A problem in one language."""

    title = String(required=True)
    detail = String(required=True)


class ProblemView(Schema):
    """A problem: a stable code, both languages, and facts of its own beside them (docs/problems.md)."""

    class Meta:
        """Facts differ from problem to problem."""

        unknown = INCLUDE

    type = String(required=True)
    code = String(required=True)
    status = Integer(required=True)
    title = String(required=True)
    detail = String(required=True)
    zh = Nested(ToldView, required=True)
    en = Nested(ToldView, required=True)


class ProblemApi(Api):
    """flask-smorest, with errors told as problems."""

    ERROR_SCHEMA = ProblemView

    def handle_http_exception(self, error: HTTPException) -> Any:
        """Every HTTP error as application/problem+json."""
        return explain(error)

    def _register_responses(self) -> None:
        """Errors have a media type of their own, which flask-smorest cannot be told."""
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/json"


def documented(app: Flask) -> ProblemApi:
    """The API of an app, with its document at /v1/openapi.json."""
    app.config.update(
        API_TITLE="Fieldlot field API",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/v1",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = ProblemApi(app)
    api.spec.components.security_scheme("dpop", SIGNED)
    api.spec.options["security"] = [{"dpop": []}]
    return api
