"""The OpenAPI document as makers of other clients need it: sound, every door named once, described, and where it really is."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis

from backend.accounts.queries import actor_of_person
from backend.inspections.field_tasks import field_tasks
from backend.replies import plain

METHODS = {"get", "put", "post", "delete", "patch", "head"}


@pytest.fixture
def document(field_client) -> dict[str, Any]:
    return field_client.get("/v1/openapi.json").get_json()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation by its door."""
    for path, item in document["paths"].items():
        for method in METHODS & set(item):
            yield f"{method.upper()} {path}", item[method]


def faults(document: dict[str, Any]) -> list[str]:
    """What a reader or a generator of clients would stumble over."""
    names = Counter(told.get("operationId") for _, told in operations(document))
    found = [f"{name}: the name of {count}" for name, count in names.items() if count > 1 or not name]
    for door, told in operations(document):
        answers = told["responses"]
        found += [f"{door}: no {part}" for part in ("summary", "tags") if not told.get(part)]
        found += [
            f"{door}: {status} is not described"
            for status, one in answers.items()
            if not (one.get("description") or "$ref" in one)
        ]
        if not any(status.startswith("2") for status in answers) or "default" not in answers:
            found.append(f"{door}: neither success nor problems are told")
    return found


def test_the_document_is_sound_and_every_door_is_told_of_in_full(document):
    schemathesis.openapi.from_dict(document).validate()
    assert faults(document) == []
    assert len(list(operations(document))) >= 25


def test_a_door_that_is_told_of_badly_is_noticed(document):
    enrol = document["paths"]["/v1/enrol"]["post"]
    enrol["summary"], enrol["operationId"] = "", "post_nonce"
    del enrol["responses"]["default"]
    assert len(faults(document)) == 3


def test_the_doors_are_where_the_document_says(document, field_client):
    assert document["servers"] == [{"url": "/field"}]  # the faces' process mounts this app there
    assert document["info"]["license"]["identifier"] == "Apache-2.0"
    assert field_client.get("/v1/me").status_code == 401


@pytest.mark.parametrize(("language", "words"), [("zh", "回到首页"), ("en", "404")])
def test_who_comes_to_an_address_that_is_none_reads_a_page(field_client, language, words):
    answer = field_client.get("/nowhere", headers={"Accept": "text/html", "Accept-Language": language})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert words in answer.text
    assert field_client.get("/nowhere").get_json()["code"] == "http-problem"


AS_SENT = {
    "ChecklistView.form", "OperationView.problem", "OperationView.answer", "ShareView.answers", "ShareView.photos",
    "ShareView.form_answers", "DraftView.photos",
}  # fmt: skip
"""Told elsewhere: docs/checklists.md, docs/problems.md, the single doors, the bodies that were sent"""


def vague(document: dict[str, Any]) -> set[str]:
    """Members of answers of which the document does not say what is in them."""
    shapes = document["components"]["schemas"].items()
    return {
        f"{shape}.{name}"
        for shape, told in shapes
        if shape.endswith("View")
        for name, member in told.get("properties", {}).items()
        if '"additionalProperties": {}' in json.dumps(member)
    }


def test_what_is_in_an_answer_is_told_of_member_by_member(document):
    assert vague(document) == AS_SENT


def test_what_is_told_of_an_answer_is_all_that_phones_get(session, phone, task):
    """A member that the shape does not name would be left out without a word."""
    actor = actor_of_person(task.officers[0].inspector.person)
    told = phone.get("/v1/tasks").get_json()["tasks"]
    assert told
    known = {str(one.id): json.loads(json.dumps(plain(one), default=str)) for one in field_tasks(session, actor)}
    for one in told:
        for name in ("entity", "item", "checklist", "tour", "team", "last_problems", "returned", "submission"):
            assert one[name] == known[one["id"]][name], name
