"""What a record answers to its checklist's further questions, beside the items, as reviewers read it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.inspections.forms import PICTURES, filled
from backend.inspections.models import Submission
from backend.registry.forms.answers import ANSWERED
from backend.registry.forms.model import Filled, Key
from backend.registry.forms.values import to_text
from backend.registry.models import Checklist

Words = Mapping[str, str]
LANGUAGES = {"zh": "、", "en": ", "}
"""With what stands between several choices"""
REFERENCE = re.compile(r"\$\{\s*([^}]*?)\s*\}")


@dataclass(frozen=True)
class Answered:
    """A question and its answer in both languages; ``row`` counts from 1 in a repeat; ``picture`` is the evidence that answers it."""

    label: Words
    row: int | None
    words: Words
    picture: UUID | None


def further_answers(session: Session, submission_id: UUID) -> list[Answered]:
    """Answers to relevant questions in the form's order, a repeat row by row; none for a checklist without a form."""
    found = session.get_one(Submission, submission_id)
    checklist = session.get_one(Checklist, UUID(found.body["checklist_id"]))
    form = filled(checklist.body, {**found.body, "started_at": found.started_at})
    return [_answered(form, key) for key in sorted(_keys(form), key=_order(form))] if form else []


def _keys(form: Filled) -> Iterator[Key]:
    """What was answered or calculated for people to read: calculations without a label are for the form alone."""
    for key in form.values:
        node = form.spots[key[0]].node
        if "item" not in node and (node["kind"] in ANSWERED or node.get("label")):
            yield key


def _order(form: Filled) -> Any:
    places = {name: at for at, name in enumerate(form.spots)}

    def order(key: Key) -> tuple[int, int, int]:
        name, row = key
        return places[form.spots[name].repeat or name], -1 if row is None else row, places[name]

    return order


def _answered(form: Filled, key: Key) -> Answered:
    name, row = key
    node, text = form.spots[name].node, to_text(form.values[key])
    picture = UUID(text) if node["kind"] in PICTURES else None
    label = {language: _said(form, node["label"].get(language, name), row) for language in LANGUAGES}
    words = {language: _words(form, node, text, language) for language in LANGUAGES}
    return Answered(label, None if row is None else row + 1, words, picture)


def _said(form: Filled, words: str, row: int | None) -> str:
    """Words with the answers that they show as ${name}."""
    return REFERENCE.sub(lambda found: to_text(form.value(found[1], row)) if found[1] in form.spots else "", words)


def _words(form: Filled, node: Mapping[str, Any], text: str, language: str) -> str:
    if "list" in node:
        labels = {choice["name"]: choice["label"] for choice in form.form["choices"][node["list"]]}
        return LANGUAGES[language].join(labels[name][language] for name in text.split(" ") if name in labels)
    if node["kind"] == "geopoint":
        return ", ".join(text.split(" ")[:2])
    return text
