"""Bringing a register in by file, whichever it is: the registry takes the rows; recusals of inspectors are declared here.

Recusals belong to the draws, which respect them; their column stands in the inspectors' file (DOMAIN §1.3).
"""

from typing import Any

from sqlalchemy.orm import Session

from backend.draws.commands import declare_recusal
from backend.registry.imports import ImportReport, import_entities
from backend.registry.keepers import Recused
from backend.registry.lists import import_list
from backend.registry.scope import Scope

GROUND = "declared by file"


def import_register(session: Session, kind: str, *, actor: object, scope: Scope | None = None,
                    dry_run: bool = False, **file: Any) -> ImportReport:  # fmt: skip
    """Bring a file of ``entities``, ``items``, ``inspectors`` or ``experts`` in. Raises UnreadableFile, HeadingsMissing.

    ``file``: name, data, mapping. ``scope`` bounds the rows; None is the operator's.
    """
    if kind == "entities":
        return import_entities(session, actor=actor, dry_run=dry_run, scope=scope, **file)
    report = import_list(session, kind, actor=actor, scope=scope, dry_run=dry_run, **file)
    if not dry_run:
        _declare(session, report.recused, actor)
    return report


def _declare(session: Session, recused: list[Recused], actor: object) -> None:
    """Declare what was read; what was declared before stays, an inspector's file never takes a recusal back."""
    for inspector_id, entity_id, ground in recused:
        declare_recusal(session, inspector_id=inspector_id, entity_id=entity_id, ground=ground or GROUND, actor=actor)
