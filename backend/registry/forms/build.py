"""Workbook rows into the compact form that phones fill: nodes with their trees, choices, the order of calculation."""

from dataclasses import dataclass, field
from typing import Any

from backend.registry.forms import layout
from backend.registry.forms.grammar import OVER_REPEATS, ExpressionRefused, Tree, has_own, names_in, parse
from backend.registry.forms.layout import cell, heading_of, words_of
from backend.registry.forms.workbook import Row, SheetFault, Workbook

FORMAT = "fieldlot-form/1"
TRUE, FALSE = frozenset({"yes", "true", "true()"}), frozenset({"", "no", "false", "false()"})
PHOTO_RULES = ("ALWAYS", "ON_FAIL", "NEVER")
JUDGEMENT = ["yes", "no", "na"]
"""The choices of a check item: 是, 否, 不适用 (DOMAIN §2.6)."""
EXPRESSIONS = {
    "relevant": "relevant",
    "constraint": "constraint",
    "calculation": "calculate",
    "choice_filter": "filter",
}
"""Column → member of the node."""


@dataclass
class Built:
    """What has been built so far: nodes, each with its row and repeat, choices, faults."""

    choices: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    nodes: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)
    repeats: dict[str, str | None] = field(default_factory=dict)
    parents: dict[str, str | None] = field(default_factory=dict)
    faults: list[SheetFault] = field(default_factory=list)
    by_name: dict[str, dict[str, Any]] = field(default_factory=dict)

    def wrong(self, row: Row, column: str | None, zh: str, en: str) -> None:
        """Keep a fault."""
        self.faults.append(row.fault(heading_of(row, column) if column else None, zh, en))


def build(book: Workbook) -> Built:
    """All that the survey and choices sheets say; faults are gathered, not raised."""
    built = Built()
    for row in book.choices:
        _choice(built, row)
    stack: list[dict[str, Any]] = []
    for row in book.survey:
        _survey_row(built, row, stack)
    if stack:
        row = built.rows[stack[-1]["name"]]
        built.wrong(row, "type", "没有对应的结束行", "its end row is missing")
    for name, row in built.rows.items():
        _refs(built, name, row)
    return built


def _choice(built: Built, row: Row) -> None:
    list_, name = cell(row, "list_name"), cell(row, "name")
    label = words_of(row, "label")
    if not list_ or not name or any(character.isspace() for character in name):
        built.wrong(row, "name", "需要 list_name 和不含空格的 name", "list_name and a name without spaces are needed")
        return
    rows = built.choices.setdefault(list_, [])
    if any(known["name"] == name for known in rows):
        built.wrong(row, "name", f"选项“{name}”重复", f"the choice “{name}” comes twice")
    if label is None:
        built.wrong(row, "label", "缺少选项文字", "the label is missing")
    own = {"list_name", "name", "label"}
    further = {h: text for h, text in row.cells.items() if layout.heading_parts(h)[0] not in own}
    rows.append({**further, "name": name, "label": label or {}})


def _survey_row(built: Built, row: Row, stack: list[dict[str, Any]]) -> None:
    type_, _, rest = cell(row, "type").partition(" ")
    joined = f"{type_}_{rest}"
    if type_ in layout.ENDS or joined in layout.ENDS:
        _end(built, row, stack, layout.ENDS[type_ if type_ in layout.ENDS else joined])
        return
    kind = layout.BLOCKS.get(type_) or layout.BLOCKS.get(joined)
    node = _node(built, row, kind) if kind else _question(built, row, type_, rest.strip())
    if node is None:
        return
    _hang(built, row, node, stack)
    if kind:
        stack.append(node)


def _end(built: Built, row: Row, stack: list[dict[str, Any]], kind: str) -> None:
    if not stack or stack[-1]["kind"] != kind:
        built.wrong(row, "type", "没有对应的开始行", "there is no begin row that it ends")
    else:
        stack.pop()


def _hang(built: Built, row: Row, node: dict[str, Any], stack: list[dict[str, Any]]) -> None:
    name = node["name"]
    repeat = next((above["name"] for above in stack if above["kind"] == "repeat"), None)
    if repeat and node["kind"] == "repeat":
        built.wrong(row, "type", "不支持重复组中的重复组", "a repeat within a repeat is not supported")
    if not layout.NAME.match(name):
        built.wrong(
            row,
            "name",
            f"名称“{name}”须以字母开头，只含字母、数字和 _ . -",
            f"the name “{name}” is not of letters, digits and _ . -",
        )
    if name in built.rows:
        built.wrong(row, "name", f"名称“{name}”重复", f"the name “{name}” comes twice")
        node["name"] = name = f"{name} {row.number}"
    (stack[-1].setdefault("children", []) if stack else built.nodes).append(node)
    built.rows[name], built.repeats[name], built.by_name[name] = row, repeat, node
    built.parents[name] = stack[-1]["name"] if stack else None


def _node(built: Built, row: Row, kind: str) -> dict[str, Any]:
    node: dict[str, Any] = {"name": cell(row, "name"), "kind": kind, "label": words_of(row, "label") or {}}
    if not node["label"] and kind != "calculate":
        built.wrong(row, "label", "缺少题目文字（label）", "the label is missing")
    for column in ("hint", "constraint_message", "required_message"):
        if words := words_of(row, column):
            node[column] = words
    for column, member in EXPRESSIONS.items():
        _tree(built, row, column, node, member)
    _required(built, row, node)
    return node


def _tree(built: Built, row: Row, column: str, node: dict[str, Any], member: str) -> None:
    text = cell(row, column)
    if not text:
        return
    columns = _filter_columns(built, node, row) if column == "choice_filter" else frozenset[str]()
    try:
        node[member] = tree = parse(text, columns)
        if member != "constraint" and has_own(tree):
            built.wrong(row, column, "“.”只能用在 constraint 中", "“.” is for constraints only")
    except ExpressionRefused as refused:
        built.wrong(row, column, refused.zh, refused.en)


def _filter_columns(built: Built, _node: dict[str, Any], row: Row) -> frozenset[str]:
    list_ = cell(row, "type").partition(" ")[2].strip()
    known = (set(choice) for choice in built.choices.get(list_, []))
    return frozenset(set[str]().union(*known) - {"label"})


def _required(built: Built, row: Row, node: dict[str, Any]) -> None:
    text = cell(row, "required").lower()
    if text in TRUE:
        node["required"] = 1
    elif text not in FALSE:
        _tree(built, row, "required", node, "required")


def _question(built: Built, row: Row, type_: str, rest: str) -> dict[str, Any] | None:
    if type_ in layout.SELECTS and rest:
        return _select(built, row, type_, rest)
    if type_ not in layout.SIMPLE or rest:
        said = f"{type_} {rest}".strip() or "…"
        built.wrong(row, "type", f"不支持题型“{said}”", f"the question type “{said}” is not supported")
        return None
    node = _node(built, row, type_)
    _appearance(built, row, node)
    if (type_ == "calculate") != ("calculate" in node or bool(cell(row, "calculation"))):
        built.wrong(
            row,
            "calculation",
            "calculate 题须有 calculation，其他题不能有",
            "a calculate row, and no other, has a calculation",
        )
    return node


def _appearance(built: Built, row: Row, node: dict[str, Any]) -> None:
    look = cell(row, "appearance")
    if look not in layout.APPEARANCES:
        built.wrong(row, "appearance", f"不支持外观“{look}”", f"the appearance “{look}” is not supported")
    if look == "signature" and node["kind"] == "image":
        node["kind"] = "signature"
    elif look:
        node["appearance"] = look


def _select(built: Built, row: Row, kind: str, list_: str) -> dict[str, Any]:
    node = _node(built, row, kind)
    _appearance(built, row, node)
    node["list"] = list_
    if list_ not in built.choices:
        built.wrong(row, "type", f"choices 表中没有列表“{list_}”", f"the choices sheet has no list “{list_}”")
    if cell(row, "item_no"):
        _item(built, row, node)
    elif cell(row, "key_item") or cell(row, "photo_rule"):
        built.wrong(
            row,
            "item_no",
            "标 * 或有照片要求的题须有检查项序号",
            "what is marked * or has a photo rule needs an item number",
        )
    return node


def _item(built: Built, row: Row, node: dict[str, Any]) -> None:
    """A check item of DOMAIN §3.4: number, key mark, photo rule and prompt."""
    number, rule, key = cell(row, "item_no"), cell(row, "photo_rule") or "NEVER", cell(row, "key_item")
    names = [choice["name"] for choice in built.choices.get(node["list"], [])]
    if not number.isascii() or not number.isdecimal() or not 0 < int(number) < 10_000:
        built.wrong(row, "item_no", "检查项序号须为 1–9999 的整数", "an item number is a whole number from 1 to 9999")
        return
    if rule not in PHOTO_RULES:
        built.wrong(
            row,
            "photo_rule",
            f"照片要求须为 {'、'.join(PHOTO_RULES)} 之一",
            f"the photo rule is one of {', '.join(PHOTO_RULES)}",
        )
    if key not in ("", "*"):
        built.wrong(row, "key_item", "重点项用 * 标记", "key items are marked *")
    if names != JUDGEMENT or node["kind"] != "select_one":
        built.wrong(
            row, "type", "检查项须为 select_one，选项依次为 yes、no、na", "a check item is a select_one of yes, no, na"
        )
    node["item"] = {"no": int(number), "key": key == "*", "photo": rule, "prompt": words_of(row, "photo_prompt")}


def _refs(built: Built, name: str, row: Row) -> None:
    """Every question that an expression names must be there, and of one value where it is looked at."""
    node = built.by_name[name]
    for column, member in (*EXPRESSIONS.items(), ("required", "required")):
        tree = node.get(member)
        if tree is None:
            continue
        missing = sorted(names_in(tree) - built.rows.keys())
        for unknown in missing:
            built.wrong(row, column, f"没有名为“{unknown}”的题目", f"there is no question named “{unknown}”")
        if not missing:
            for refused in sorted(set(_many(built, tree, built.repeats[name]))):
                built.wrong(row, column, f"“{refused}”在此处没有单一的值", f"“{refused}” has no single value here")


def _many(built: Built, tree: Tree, home: str | None, *, gathered: bool = False) -> list[str]:
    """Names that stand for several values, or for none, where one is asked for."""
    if not isinstance(tree, list):
        return []
    if tree[0] == "$":
        kind = built.by_name[tree[1]]["kind"]
        many = kind == "repeat" or built.repeats[tree[1]] not in (None, home)
        return [tree[1]] if kind in ("group", "note") or (many and not gathered) else []
    inner = tree[0] in OVER_REPEATS
    return [name for part in tree[1:] for name in _many(built, part, home, gathered=inner)]
