"""A form with its answers: what is relevant, what is calculated, which choices are open, what is wrong.

The phone's ``field_api/phone/form/model.ts`` says the same in TypeScript; change both, and the shared vectors.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backend.registry.forms.answers import ANSWERED, INSTANCES_MAX, Unfit, nothing, read_answer
from backend.registry.forms.evaluate import Place, evaluate
from backend.registry.forms.values import Day, Value, day_of, is_blank, to_text, to_truth

Node = Mapping[str, Any]
Form = Mapping[str, Any]
Answers = Mapping[str, Any]
Key = tuple[str, int | None]


@dataclass(frozen=True)
class Fault:
    """What is wrong at one place: ``path`` is a name, or ``repeat/0/name``.

    ``code``: required, constraint, type, choice, too_long, unknown. ``message`` are the workbook's own words, if any.
    """

    path: str
    code: str
    message: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Spot:
    """A node of the form with the group that it stands in and its repeat."""

    node: Node
    parent: str | None
    repeat: str | None


def check_answers(form: Form, answers: Answers, *, today: str, needed: bool = True) -> list[Fault]:
    """What is wrong with answers, in the form's order; unknown answers last, by name.

    ``today`` is the local day of the visit as 2026-11-23. ``needed`` False lets required questions stay open.
    """
    return Filled(form, answers, today=today).faults(needed=needed)


class Filled:
    """A form filled with answers as they came; nothing is changed, and odd answers are faults, never errors."""

    def __init__(self, form: Form, answers: Answers, *, today: str) -> None:
        self.form, self.answers = form, answers
        self.today = day_of(today) or Day(0)
        self.spots = dict(_spots(form["nodes"]))
        self.names = {list_: [c["name"] for c in choices] for list_, choices in form.get("choices", {}).items()}
        self.counts = {name: self._count(name) for name, spot in self.spots.items() if spot.node["kind"] == "repeat"}
        self.relevant: dict[Key, bool] = {}
        self.values: dict[Key, Value] = {}
        self.unfit: dict[Key, str] = {}
        for name in form["order"]:
            for instance in self.instances(name):
                self._settle(name, instance)

    def _count(self, repeat: str) -> int:
        given = self.answers.get(repeat)
        fits = isinstance(given, list) and len(given) <= INSTANCES_MAX and all(isinstance(one, dict) for one in given)
        return len(given) if fits and isinstance(given, list) else 0

    def instances(self, name: str) -> list[int | None]:
        """The instances in which a node stands; ``[None]`` outside repeats."""
        repeat = self.spots[name].repeat
        return [None] if repeat is None else list(range(self.counts[repeat]))

    def raw(self, name: str, instance: int | None) -> Any:
        """An answer as it came."""
        repeat = self.spots[name].repeat
        return self.answers.get(name) if repeat is None else self.answers[repeat][instance].get(name)

    def _settle(self, name: str, instance: int | None) -> None:
        """Decide relevance and value of a node; all that it looks at has been settled before it."""
        spot, key = self.spots[name], (name, instance)
        self.relevant[key] = self._above(spot, instance) and self._wanted(spot.node, key)
        if not self.relevant[key]:
            return
        if spot.node["kind"] == "calculate":
            self.values[key] = _kept(evaluate(spot.node["calculate"], self.place(key)))
        elif spot.node["kind"] in ANSWERED and not nothing(self.raw(name, instance)):
            self._read(spot.node, key)

    def _above(self, spot: Spot, instance: int | None) -> bool:
        if spot.parent is None:
            return True
        return self.relevant[spot.parent, instance if self.spots[spot.parent].repeat else None]

    def _wanted(self, node: Node, key: Key) -> bool:
        return "relevant" not in node or to_truth(evaluate(node["relevant"], self.place(key)))

    def _read(self, node: Node, key: Key) -> None:
        try:
            self.values[key] = read_answer(node["kind"], self.raw(*key), self.names.get(node.get("list", ""), []))
        except Unfit as unfit:
            self.unfit[key] = unfit.code

    def place(self, key: Key, own: Value = "", columns: Mapping[str, str] | None = None) -> Place:
        """Where an expression of a node stands."""
        return Place(self, self.today, self.spots[key[0]].repeat, key[1], own, columns or {})

    def value(self, name: str, instance: int | None) -> Value:
        """A question's value as seen from an instance; blank where it is not answered or not relevant."""
        return self.values.get((name, instance if self.spots[name].repeat else None), "")

    def is_many(self, name: str, home: str | None) -> bool:
        """Does a name stand for many values, seen from the repeat ``home`` or from outside?"""
        spot = self.spots[name]
        return spot.node["kind"] == "repeat" or spot.repeat not in (None, home)

    def all_values(self, name: str) -> list[Value]:
        """The values of a question in all instances where it is relevant; of a repeat a blank for each instance."""
        if self.spots[name].node["kind"] == "repeat":
            return [""] * self.counts[name] if self.relevant[name, None] else []
        keys = [(name, instance) for instance in self.instances(name)]
        return [self.values.get(key, "") for key in keys if self.relevant[key]]

    def choices(self, name: str, instance: int | None) -> list[str]:
        """The names of the choices open to a question."""
        node = self.spots[name].node
        if "filter" not in node:
            return self.names[node["list"]]
        rows = self.form["choices"][node["list"]]
        return [
            row["name"] for row in rows if to_truth(evaluate(node["filter"], self.place((name, instance), "", row)))
        ]

    def faults(self, *, needed: bool = True) -> list[Fault]:
        """What is wrong, in the form's order; unknown answers last."""
        found = [fault for name in self.spots for key in self._keys(name) for fault in self._faults_at(key, needed)]
        return found + self._unknown()

    def _keys(self, name: str) -> list[Key]:
        return [(name, instance) for instance in self.instances(name) if self.relevant[name, instance]]

    def _faults_at(self, key: Key, needed: bool) -> Iterator[Fault]:
        node, path = self.spots[key[0]].node, self.path(*key)
        if node["kind"] == "repeat" and not nothing(self.answers.get(key[0])) and not self.counts[key[0]]:
            yield Fault(path, "type")
        if key in self.unfit:
            yield Fault(path, self.unfit[key])
        elif node["kind"] in ANSWERED and key not in self.values:
            if needed and to_truth(evaluate(node.get("required", ""), self.place(key))):
                yield Fault(path, "required", node.get("required_message"))
        elif node["kind"] in ANSWERED:
            yield from self._faults_of_value(node, key, path)

    def _faults_of_value(self, node: Node, key: Key, path: str) -> Iterator[Fault]:
        value = self.values[key]
        if "filter" in node and not set(to_text(value).split(" ")) <= set(self.choices(*key)):
            yield Fault(path, "choice")
        elif "constraint" in node and not to_truth(evaluate(node["constraint"], self.place(key, value))):
            yield Fault(path, "constraint", node.get("constraint_message"))

    def progress(self) -> dict[str, int]:
        """Relevant questions that take an answer, and how many have one: {asked, answered}."""
        asked = [key for name, spot in self.spots.items() if spot.node["kind"] in ANSWERED for key in self._keys(name)]
        return {"asked": len(asked), "answered": sum(key in self.values for key in asked)}

    def path(self, name: str, instance: int | None) -> str:
        """How faults name a place."""
        return name if instance is None else f"{self.spots[name].repeat}/{instance}/{name}"

    def _unknown(self) -> list[Fault]:
        """Answers that belong to no question here."""
        outside = [name for name in self.answers if not self._belongs(name, None) and not self._is_repeat(name)]
        inside = [
            f"{repeat}/{at}/{name}"
            for repeat, count in self.counts.items()
            for at in range(count)
            for name in self.answers[repeat][at]
            if not self._belongs(name, repeat)
        ]
        return [Fault(path, "unknown") for path in sorted(outside + inside)]

    def _belongs(self, name: str, repeat: str | None) -> bool:
        spot = self.spots.get(name)
        return spot is not None and spot.repeat == repeat and spot.node["kind"] in (ANSWERED | {"calculate"})

    def _is_repeat(self, name: str) -> bool:
        return name in self.counts


def _spots(nodes: list[Node], parent: str | None = None, repeat: str | None = None) -> Iterator[tuple[str, Spot]]:
    for node in nodes:
        yield node["name"], Spot(node, parent, repeat)
        inner = node["name"] if node["kind"] == "repeat" else repeat
        yield from _spots(node.get("children", []), node["name"], inner)


def _kept(value: Value) -> Value:
    """A calculated value as it is kept: what is no number is blank."""
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    return "" if is_blank(value) else value
