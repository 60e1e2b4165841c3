"""Imports from the command line: a file and perhaps a mapping in, a report for people out."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend.db import transaction
from backend.draws.registers import import_register
from backend.registry.sheets import BadMapping, Mapping, read_mapping
from backend.risk.imports import import_facts

SHOWN = 20


@dataclass(frozen=True)
class Told:
    """What an import has to say."""

    head: str
    taken: int
    refusals: list[dict[str, Any]]

    @property
    def refused(self) -> int:
        """How many reasons for refusal there were."""
        return len(self.refusals)

    def lines(self) -> list[str]:
        """The counts, then the first refusals in both languages."""
        shown = [f"  {r['line']}: {r['column']} = {r['value']!r}: {r['zh']} / {r['en']}" for r in self.refusals[:SHOWN]]
        more = [f"  … {self.refused - SHOWN} more (--report FILE)"] if self.refused > SHOWN else []
        return [self.head, *shown, *more]

    def write(self, file: Path) -> None:
        """All refusals as CSV."""
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.DictWriter(out, ["line", "column", "value", "zh", "en"], extrasaction="ignore")
            writer.writeheader()
            writer.writerows(self.refusals)


def run_import(kind: str, file: Path, mapping: Path | None, *, dry_run: bool) -> Told:
    """Import a file of a kind. Raises the problems of the import."""
    chosen = read_mapping(_text(mapping)) if mapping else None
    asked: dict[str, Any] = {"name": str(file), "data": file.read_bytes(), "actor": "cli", "mapping": chosen}
    with transaction() as session:
        if kind == "facts":
            return _facts(session, asked)
        report = import_register(session, kind, **asked, dry_run=dry_run)
    head = (
        f"{report.read} rows read, {report.added} added, {report.changed} changed, {report.unchanged} unchanged, "
        f"{report.refused} refused{' (dry run: nothing kept)' if dry_run else ''}."
    )
    return Told(head, report.added + report.changed + report.unchanged, [r.as_json() for r in report.refusals])


def _facts(session: Session, asked: dict[str, Any]) -> Told:
    facts = import_facts(session, **asked | {"mapping": asked["mapping"] or Mapping()})
    head = f"{facts.read} rows read, {facts.kept} facts kept, {len(facts.refusals)} refused."
    return Told(head, facts.kept, facts.refusals)


def _text(mapping: Path) -> str:
    try:
        return mapping.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise BadMapping(why=str(wrong)) from wrong
