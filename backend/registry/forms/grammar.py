"""Expressions of checklists: the XPath subset of XLSForm, parsed into JSON that the server and the phone evaluate.

A tree is a text, a whole number, or a list: ``["$", name]`` a question, ``["."]`` the answer itself, ``["col", name]`` a
column of the choices, ``[operator, left, right]``, ``["neg", tree]``, ``[function, *trees]``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from backend.registry.forms.patterns import PatternRefused, same_everywhere

Tree = str | int | list[Any]

LONGEST = 2000
"""Characters of one expression."""
DEEPEST, INMOST = 100, 30
"""Levels of a tree, and of brackets in a text, so that no expression exhausts the stack."""
FUNCTIONS: dict[str, tuple[int, int]] = {
    "not": (1, 1), "true": (0, 0), "false": (0, 0), "if": (3, 3), "coalesce": (2, 2),
    "selected": (2, 2), "count-selected": (1, 1), "regex": (2, 2),
    "string": (1, 1), "string-length": (1, 1), "concat": (1, 20), "contains": (2, 2), "starts-with": (2, 2),
    "number": (1, 1), "int": (1, 1), "round": (1, 2), "today": (0, 0), "date": (1, 1),
    "sum": (1, 1), "count": (1, 1), "count-non-empty": (1, 1), "min": (1, 20), "max": (1, 20), "position": (1, 1),
}  # fmt: skip
"""Every function with the least and most arguments it takes."""
OVER_REPEATS = frozenset({"sum", "count", "count-non-empty", "min", "max"})
"""Functions that take all values of a question inside a repeat."""
LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"or"}),
    frozenset({"and"}),
    frozenset({"=", "!="}),
    frozenset({"<", "<=", ">", ">="}),
    frozenset({"+", "-"}),
    frozenset({"*", "div", "mod"}),
)
"""Binary operators, the loosest first (XPath 1.0 §3)."""
TOKENS = re.compile(
    r"""\s*(?:(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)|(?P<text>"[^"]*"|'[^']*')|\$\{\s*(?P<name>[\w.-]+)\s*\}
    |(?P<word>[^\W\d][\w-]*(?::[\w-]+)?)|(?P<mark>!=|<=|>=|\.\.|[-+*=<>(),.])|(?P<end>$))""",
    re.VERBOSE,
)


class ExpressionRefused(ValueError):
    """An expression outside the subset; ``zh`` and ``en`` say why."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


@dataclass(frozen=True)
class Token:
    """A piece of an expression: its kind (number, text, name, word, mark, end) and what it says."""

    kind: str
    said: str


def parse(text: str, columns: frozenset[str] = frozenset()) -> Tree:
    """The tree of an expression. ``columns`` are the choice columns a choice filter may name. Raises ExpressionRefused."""
    if len(text) > LONGEST:
        raise ExpressionRefused(f"表达式超过 {LONGEST} 个字符", f"the expression is longer than {LONGEST} characters")
    return _Parser(list(_tokens(text)), columns).whole()


def names_in(tree: Tree) -> set[str]:
    """The questions that an expression looks at."""
    if not isinstance(tree, list):
        return set()
    if tree[0] == "$":
        return {tree[1]}
    return set[str]().union(*(names_in(part) for part in tree[1:]))


def has_own(tree: Tree) -> bool:
    """Does an expression look at the answer itself?"""
    return isinstance(tree, list) and (tree[0] == "." or any(has_own(part) for part in tree[1:]))


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while True:
        found = TOKENS.match(text, at)
        if found is None:
            near = text[at : at + 12].strip()
            raise ExpressionRefused(f"“{near}”处无法识别", f"cannot be read at “{near}”")
        kind = found.lastgroup or "end"
        yield Token(kind, found[kind])
        if kind == "end":
            return
        at = found.end()


class _Parser:
    def __init__(self, tokens: list[Token], columns: frozenset[str]) -> None:
        self.tokens, self.columns, self.at, self.depth = tokens, columns, 0, 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def want(self, mark: str) -> None:
        if self.next != Token("mark", mark):
            here = self.next.said or "…"
            raise ExpressionRefused(f"“{here}”之前缺少“{mark}”", f"“{mark}” is missing before “{here}”")
        self.take()

    def whole(self) -> Tree:
        tree = self.level(0)
        if self.next.kind != "end":
            raise ExpressionRefused(f"多出“{self.next.said}”", f"“{self.next.said}” does not belong here")
        return tree

    def level(self, depth: int) -> Tree:
        if depth == len(LEVELS):
            return self.unary()
        tree = self.level(depth + 1)
        while self.next.kind in ("word", "mark") and self.next.said in LEVELS[depth]:
            operator = self.take().said
            tree = [operator, tree, self.level(depth + 1)]
            self.not_too_deep(tree)
        return tree

    def not_too_deep(self, tree: Tree) -> None:
        if _depth(tree) > DEEPEST:
            raise ExpressionRefused(f"嵌套超过 {DEEPEST} 层", f"nested deeper than {DEEPEST} levels")

    def unary(self) -> Tree:
        if self.next == Token("mark", "-"):
            self.take()
            self.enter()
            inner = self.unary()
            self.depth -= 1
            return -inner if isinstance(inner, int) else ["neg", inner]
        return self.primary()

    def enter(self) -> None:
        self.depth += 1
        if self.depth > INMOST:
            raise ExpressionRefused(f"括号嵌套超过 {INMOST} 层", f"more than {INMOST} brackets within each other")

    def primary(self) -> Tree:
        token = self.take()
        if token.kind == "number":
            return _number(token.said)
        if token.kind == "text":
            return token.said[1:-1]
        if token.kind == "name":
            return ["$", token.said]
        if token.kind == "word":
            return self.word(token.said)
        return self.bracket(token)

    def bracket(self, token: Token) -> Tree:
        if token.said == "." and token.kind == "mark":
            return ["."]
        if token.said != "(":
            said = token.said or "…"
            raise ExpressionRefused(f"“{said}”处缺少数值", f"a value is missing at “{said}”")
        self.enter()
        tree = self.level(0)
        self.want(")")
        self.depth -= 1
        return tree

    def word(self, name: str) -> Tree:
        if self.next == Token("mark", "("):
            return self.call(name)
        if name in self.columns:
            return ["col", name]
        raise ExpressionRefused(f"不认识“{name}”；题目写作 ${{{name}}}", f"“{name}” is not known; write ${{{name}}}")

    def call(self, name: str) -> Tree:
        if name not in FUNCTIONS:
            raise ExpressionRefused(f"不支持函数 {name}()", f"the function {name}() is not supported")
        self.take()
        if name == "position":
            return self.position()
        tree = [name, *self.arguments()]
        least, most = FUNCTIONS[name]
        if not least <= len(tree) - 1 <= most:
            raise ExpressionRefused(f"{name}() 的参数个数不对", f"{name}() does not take {len(tree) - 1} arguments")
        self.not_too_deep(tree)
        return _with_pattern(tree) if name == "regex" else tree

    def position(self) -> Tree:
        self.want("..")
        self.want(")")
        return ["position"]

    def arguments(self) -> list[Tree]:
        if self.next == Token("mark", ")"):
            self.take()
            return []
        self.enter()
        found = [self.level(0)]
        while self.next == Token("mark", ","):
            self.take()
            found.append(self.level(0))
        self.want(")")
        self.depth -= 1
        return found


def _with_pattern(tree: list[Any]) -> Tree:
    """The pattern must stand there as a text, so that it can be bounded before any answer meets it."""
    if not isinstance(tree[2], str):
        raise ExpressionRefused(
            "regex() 的第二个参数须是引号内的文字", "the second argument of regex() is a quoted text"
        )
    try:
        return [*tree[:2], same_everywhere(tree[2])]
    except PatternRefused as refused:
        raise ExpressionRefused(refused.zh, refused.en) from refused


def _number(said: str) -> Tree:
    value = float(said)
    if value >= 2**53:
        raise ExpressionRefused(f"数值过大：{said[:20]}", f"the number is too large: {said[:20]}")
    return int(value) if value.is_integer() else ["number", said]


def _depth(tree: Tree) -> int:
    return 1 + max(map(_depth, tree[1:]), default=0) if isinstance(tree, list) else 0
