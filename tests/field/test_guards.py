"""Nobody enters the field API without a token but by the doors that are open on purpose."""

import uuid

from backend.accounts.rules import anyone
from backend.web import keeper_of

OPEN = {
    "POST /v1/enrol", "POST /v1/nonce", "POST /v1/token", "GET /v1/openapi.json", "GET /", "GET /<path:name>",
    "PUT /v1/quarantine/<string:kind>/<uuid:piece_id>", "POST /v1/quarantine/done",
}  # fmt: skip
"""Signing in, the document, the app's files, and what a revoked phone signs by its key"""


def routes(app) -> list[tuple[str, object]]:
    return [(method, rule) for rule in app.url_map.iter_rules() for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}]  # fmt: skip


def test_only_the_doors_that_are_named_here_are_open(field_client):
    app = field_client.application
    unguarded = {f"{method} {rule}" for method, rule in routes(app) if keeper_of(app, rule, method) is anyone}
    assert unguarded == OPEN


def test_every_other_door_is_closed_to_those_who_have_no_token(field_client):
    app = field_client.application
    closed = [(method, rule) for method, rule in routes(app) if keeper_of(app, rule, method) is not anyone]
    assert len(closed) >= 15
    for method, rule in closed:
        values = {name: uuid.UUID(int=0) if name.endswith("_id") else "x" for name in rule.arguments}
        path = app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
        answer = field_client.open(path, method=method)
        assert (answer.status_code, answer.get_json()["code"]) == (401, "not-signed-in"), path
