"""How far an importer reaches: the rows of a file outside it are refused, whatever else they say (DOMAIN §8).

A grant reaches the subtree of its unit and the districts of its prefix. Without a prefix of its own it reaches what
the unit's district stands for: 610700 all of 6107, a county itself.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Unit
from backend.accounts.rules import Actor, Role, district_reach

IMPORTERS = (Role.UNIT_ADMINISTRATOR, Role.CITY_SUPERVISOR)
"""As ``can_edit_registry`` has them"""
CITY = 4
"""Digits of a prefix that stands for a whole city (GB/T 2260)"""


@dataclass(frozen=True)
class Scope:
    """The unit subtrees (path prefixes) and the districts (code prefixes) that an importer reaches, in pairs."""

    reaches: tuple[tuple[str, str], ...]

    def holds(self, unit_path: str | None, district: str) -> bool:
        """Is a thing of that unit, if it has one, in that district within reach?"""
        return any(
            district.startswith(prefix) and (unit_path is None or unit_path.startswith(path))
            for path, prefix in self.reaches
        )

    def holds_item(self, code: str) -> bool:
        """Is an item of the list within reach? The list is the city's: only who reaches a whole city may touch it."""
        return any(len(prefix) <= CITY and code.startswith(prefix) for _, prefix in self.reaches)

    @property
    def whole_city(self) -> bool:
        """Does the importer reach a whole city?"""
        return any(len(prefix) <= CITY for _, prefix in self.reaches)


def scope_of(session: Session, actor: Actor) -> Scope:
    """What an actor's grants let them import."""
    grants = [grant for grant in actor.grants if grant.role in IMPORTERS]
    units = session.scalars(select(Unit).where(Unit.path.in_([g.unit_path for g in grants])))
    districts = {unit.path: unit.district for unit in units}
    reaches = ((g.unit_path, g.district or district_reach(districts[g.unit_path])) for g in grants)
    return Scope(tuple(sorted(set(reaches))))


BEYOND = """with reach as (
    select * from unnest(cast(:paths as text[]), cast(:prefixes as text[])) as r(path, prefix))
  select s.line, 'district' as col, s.district as value, 'scope' as code, null::int as other
  from staged s left join units u on u.code = s.unit_code
    left join entities e on e.source = :source and e.source_id = s.source_id left join units had on had.id = e.unit_id
  where not exists (select from reach where starts_with(s.district, prefix)
      and (u.path is null or starts_with(u.path, reach.path))
      and (e.district is null or starts_with(e.district, prefix))
      and (had.path is null or starts_with(had.path, reach.path)))"""
"""The staged entities that the importer may not touch: as they would be, or as the register has them now."""
