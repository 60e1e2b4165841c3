"""Regular expressions of checklists: a subset that RE2 and every phone read alike, rewritten so that they mean the same.

Taken: literals, ``.``, classes, ``\\d \\w \\s`` and their opposites, groups, alternatives, ``* + ? {m,n}``, ``^ $``. A repeated
group may hold neither alternatives nor a quantifier of its own but exact counts, so that no phone is held by backtracking;
the server matches with RE2, whose time is linear in the answer. A pattern must fit the whole answer.
"""

import re
from dataclasses import dataclass

import re2

LONGEST = 300
"""Characters of a pattern."""
MOST_REPEATS = 200
"""Largest count in braces."""
MOST_WIDE, MOST_NARROW = 3, 8
"""Varying quantifiers in one pattern, wide (without a limit, or over more than NARROW counts) and narrow ones:
a phone's time grows with these powers."""
NARROW = 8
SPACE = r"\t\n\v\f\r "
"""What ``\\s`` means, here and on phones, whatever their own list."""
PIECES = re.compile(
    r"""(?P<escape>\\.)|(?P<class>\[\^?(?:\\.|[^\]\\])+\])|(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<or>\|)
    |(?P<times>(?:[*+?]|\{[0-9]{1,4}(?:,[0-9]{0,4})?\})\??)|(?P<any>\.)|(?P<edge>[\^$])|(?P<plain>[^\\\[\]{}()*+?|.^$])""",
    re.VERBOSE | re.DOTALL,
)
NAMED = {"d": "[0-9]", "D": "[^0-9]", "w": "[A-Za-z0-9_]", "W": "[^A-Za-z0-9_]", "s": f"[{SPACE}]", "S": f"[^{SPACE}]"}
INSIDE = {"d": "0-9", "w": "A-Za-z0-9_", "s": SPACE}
LITERAL = frozenset("\\.[]{}()*+?|^$-/ntrfv")


class PatternRefused(ValueError):
    """A pattern outside the subset; ``zh`` and ``en`` say why."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


@dataclass
class _Group:
    """What stands in a group: alternatives, a quantifier of varying length."""

    choices: bool = False
    varies: bool = False


def same_everywhere(pattern: str) -> str:
    """The pattern rewritten to mean the same to RE2 and to a phone. Raises PatternRefused."""
    if len(pattern) > LONGEST:
        raise PatternRefused(f"正则表达式超过 {LONGEST} 个字符", f"the pattern is longer than {LONGEST} characters")
    written = _Writer(pattern).whole()
    try:
        re2.compile(written)
    except re2.error as wrong:
        raise _wrong(pattern) from wrong
    return written


def _wrong(near: str) -> PatternRefused:
    return PatternRefused(f"正则表达式在“{near}”处无法使用", f"the pattern cannot be used at “{near}”")


class _Writer:
    def __init__(self, pattern: str) -> None:
        self.pattern, self.written = pattern, ""
        self.groups, self.last = [_Group()], _Group()
        self.wide, self.narrow, self.repeatable = 0, 0, False

    def whole(self) -> str:
        at = 0
        while at < len(self.pattern):
            found = PIECES.match(self.pattern, at)
            if found is None:
                raise _wrong(self.pattern[at : at + 6])
            getattr(self, f"on_{found.lastgroup}")(found[0])
            at = found.end()
        if len(self.groups) > 1:
            raise _wrong("(")
        return self.written

    def put(self, text: str) -> None:
        self.written += text
        self.last, self.repeatable = _Group(), True

    def on_escape(self, text: str) -> None:
        name = text[1]
        if name not in NAMED and name not in LITERAL:
            raise _wrong(text)
        self.put(NAMED.get(name) or ("-" if name == "-" else text))

    def on_class(self, text: str) -> None:
        head = "[^" if text.startswith("[^") else "["
        self.put(head + re.sub(r"\\.|\[", _in_class, text[len(head) : -1], flags=re.DOTALL) + "]")

    def on_open(self, _text: str) -> None:
        self.written += "(?:"
        self.groups.append(_Group())
        self.repeatable = False

    def on_close(self, text: str) -> None:
        if len(self.groups) == 1:
            raise _wrong(text)
        self.written += text
        self.last, self.repeatable = self.groups.pop(), True
        self.groups[-1].varies |= self.last.varies
        self.groups[-1].choices |= self.last.choices

    def on_or(self, text: str) -> None:
        self.written += text
        self.groups[-1].choices, self.repeatable = True, False

    def on_times(self, text: str) -> None:
        least, most = _bounds(text)
        if not self.repeatable or max(least, most or 0) > MOST_REPEATS or (most is not None and most < least):
            raise _wrong(text)
        if most != 1 and (self.last.choices or self.last.varies):
            raise PatternRefused(
                f"重复的括号内不能再有“|”或重复：{text}", f"a repeated group holds neither | nor repetition: {text}"
            )
        self.written += text
        self.repeatable = False
        if least != most:
            self.count(wide=most is None or most - least > NARROW)

    def count(self, *, wide: bool) -> None:
        self.groups[-1].varies = True
        self.wide, self.narrow = self.wide + wide, self.narrow + (not wide)
        if self.wide > MOST_WIDE or self.narrow > MOST_NARROW:
            raise PatternRefused(
                "可变重复过多，请拆成几条约束", "too many varying repetitions; split it into several constraints"
            )

    def on_any(self, _text: str) -> None:
        self.put(r"[^\n]")

    def on_edge(self, text: str) -> None:
        self.written += text
        self.repeatable = False

    def on_plain(self, text: str) -> None:
        self.put(r"\/" if text == "/" else text)


def _in_class(found: re.Match[str]) -> str:
    said = found[0]
    if said == "[":
        return r"\["
    if said[1] not in INSIDE and said[1] not in LITERAL:
        raise _wrong(said)
    return INSIDE.get(said[1], said)


def _bounds(text: str) -> tuple[int, int | None]:
    """The least and most of a quantifier; None without a limit."""
    if text[0] in "*+?":
        known: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        return known[text[0]]
    least, comma, most = text.rstrip("?")[1:-1].partition(",")
    if not comma:
        return int(least), int(least)
    return int(least), int(most) if most else None
