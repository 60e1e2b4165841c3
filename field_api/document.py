"""The OpenAPI document of the field API: who signs, and errors told as problems (RFC 9457)."""

import re
from typing import Any

from apispec import BasePlugin
from flask import Flask
from flask_smorest import Api
from marshmallow import INCLUDE, Schema
from marshmallow.fields import Integer, Nested, String
from werkzeug.exceptions import HTTPException

from field_api.faults import explain_and_keep

SIGNED = {
    "type": "http", "scheme": "dpop",
    "description": "Authorization: DPoP with the token, and the header DPoP: a proof by the phone's key for this request "
                   "(RFC 9449, with nonce, ath and our bsh). How to make one: docs/field-api.md",
}  # fmt: skip


ABOUT = {
    "description": "What phones and other clients of inspectors ask and send. Signing of requests, uploads (tus 1.0.0), retries and what "
                   "follows from each answer: docs/field-api.md. All refusals are problems with a stable code: docs/problems.md.",
    "license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
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


class Names(BasePlugin):
    """A name for every operation, from its method and address: what generated clients call their functions."""

    def operation_helper(self, path: str | None = None, operations: dict[str, Any] | None = None, **_: Any) -> None:
        """Told of each path as it comes into the document."""
        words = re.findall(r"[a-z]+", (path or "").removeprefix("/v1"))
        for method, operation in (operations or {}).items():
            operation.setdefault("operationId", "_".join([method, *words]))


class ProblemApi(Api):
    """flask-smorest, with errors told as problems."""

    ERROR_SCHEMA = ProblemView

    def handle_http_exception(self, error: HTTPException) -> Any:
        """Every HTTP error as application/problem+json."""
        return explain_and_keep(error)

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
    told = {"info": ABOUT, "servers": [{"url": "/field"}], "security": [{"dpop": []}]}
    api = ProblemApi(app, spec_kwargs={"extra_plugins": [Names()], **told})
    api.spec.components.security_scheme("dpop", SIGNED)
    return api
