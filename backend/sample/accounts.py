"""The sample accounts, one for each role of DOMAIN §8, with which every face can be tried."""

from dataclasses import dataclass
from datetime import date

from backend.accounts.rules import Role
from backend.sample.chance import SOURCE, chance
from backend.sample.counties import DEFAULT
from backend.sample.people import inspectors, person_name
from backend.sample.units import CITY_BUREAU, county_bureau, units

PASSWORD = "fieldlot-sample"  # noqa: S105
"""Of every sample account. Sample only: the loader refuses any database but the embedded one (DESIGN §4)."""

DESKS = {
    "province": (Role.PROVINCIAL_SUPERVISOR,), "city": (Role.CITY_SUPERVISOR,),
    "county": (Role.COUNTY_SUPERVISOR,), "planner": (Role.PLAN_MANAGER,), "operator": (Role.DRAW_OPERATOR,),
    "witness": (Role.WITNESS,), "witness2": (Role.WITNESS,), "expert": (Role.EXPERT,), "reviewer": (Role.REVIEWER,),
    "publicity": (Role.PUBLICITY_OFFICER,), "credit": (Role.CREDIT_OFFICER,), "model": (Role.MODEL_MANAGER,),
    "auditor": (Role.AUDITOR,), "admin": (Role.UNIT_ADMINISTRATOR,), "owner": (Role.ENTITY_OWNER,),
}  # fmt: skip
"""Username → roles. Duties that must be apart (DOMAIN §8) are different people."""
AT_THE_CITY = {"province", "city", "credit", "model", "auditor"}
"""These sit at the city bureau, the root of the units; a province has no unit among the 279."""


@dataclass(frozen=True)
class SampleAccount:
    """Somebody who can sign in: username, roles over the unit's subtree, and the unit."""

    username: str
    roles: tuple[Role, ...]
    unit_code: str
    name: str
    card_no: str | None = None
    """Of an inspector: the row of the inspectors' register that the account belongs to."""
    source: str = SOURCE


def accounts(seed: int, on: date, district: str = DEFAULT) -> list[SampleAccount]:
    """The desks of one county and of the city, and four inspectors of the county who can be drawn."""
    rng = chance(seed, "accounts", district)
    desks = [
        SampleAccount(name, roles, CITY_BUREAU if name in AT_THE_CITY else county_bureau(district), person_name(rng))
        for name, roles in DESKS.items()
    ]
    return desks + _inspectors(seed, on, district)


def _inspectors(seed: int, on: date, district: str) -> list[SampleAccount]:
    """The first two officers of the bureau and of the first office; their usernames are the register's."""
    chosen = [u for u in units(seed) if u.district == district and u.department == "01"][:2]
    return [
        SampleAccount(row.username, (Role.INSPECTOR,), row.unit_code, row.name, row.card_no)
        for unit in chosen
        for row in inspectors(seed, on, [unit])[:2]
    ]
