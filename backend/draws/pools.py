"""How a round's pool is put together: whom the filter finds, who is kept out and why, and who is frozen with the class of that moment.

The reasons are those of DOMAIN §2.3, each kept with its evidence; whoever is closed, revoked or moved is not found at all.
"""

from collections import Counter
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.accounts.rules import district_reach
from backend.draws.models import Round
from backend.draws.terms import terms_from


def fill_pool(session: Session, round_: Round) -> None:
    """Keep out whoever has a reason, then freeze the others."""
    told = _parameters(round_)
    for rows in (_DECLARED, _VISITED, _NEW):
        session.execute(text(f"insert into pool_exclusions (round_id, entity_id, reason, evidence) {rows}"), told)
    session.execute(text(_FREEZE), told)


def sizes_if_frozen(session: Session, round_: Round) -> tuple[Counter[str], Counter[str]]:
    """How many of each class a drafted round would find eligible now, and how many it would keep out by reason. Fixes nothing."""
    told = _parameters(round_)
    sizes = Counter({stratum: count for stratum, count in session.execute(text(_ELIGIBLE), told) if count})
    return sizes, Counter(dict(session.execute(text(_KEPT_OUT), told).all()))


def _parameters(round_: Round) -> dict[str, Any]:
    chosen, terms = round_.filter, terms_from(round_.plan.terms)
    cap = round_.item.frequency_cap or terms.usual_cap
    return {
        "round": round_.id,
        "district": chosen.get("district", district_reach(round_.district)) + "%",
        "food": chosen.get("food"),
        "formats": chosen.get("trade_format"),
        "types": chosen.get("entity_type"),
        "classes": chosen.get("classes"),
        "item": round_.item.code,
        "item_id": round_.item_id,
        "on": round_.starts,
        "year": round_.starts.year,
        "cap": cap,
        "capped": "CHECKED_THIS_YEAR_SAME_ITEM" if cap == 1 else "ANNUAL_CAP_REACHED",
        "new_days": terms.new_for_days,
    }


_FOUND = """from entities e where e.district like :district and e.credit_class is not null
  and e.reg_state = 'active' and e.place is not null
  and (cast(:food as bool) is null or e.food = :food)
  and (cast(:formats as text[]) is null or e.trade_format = any(:formats))
  and (cast(:types as text[]) is null or e.entity_type = any(:types))
  and (cast(:classes as text[]) is null or e.credit_class = any(:classes))"""

_DECLARED = f"""
  select distinct on (x.entity_id) cast(:round as uuid), x.entity_id, x.reason, x.evidence
  from exclusions x where x.starts <= :on and x.ends >= :on and (x.item_code is null or x.item_code = :item)
    and x.reason <> 'CHECKED_THIS_YEAR_SAME_ITEM'
    and x.entity_id in (select e.id {_FOUND}) order by x.entity_id, x.ends desc"""  # noqa: S608 - constants

# A visit counts from the draw on: who was drawn in another round of the item this year and is yet to be visited counts like a
# visit that was made, so that several rounds a year carry their exclusions over (DOMAIN §2.3).
_VISITED = f"""
  select cast(:round as uuid), v.entity_id, :capped, string_agg(v.evidence, ', ' order by v.evidence)
  from (
    select x.entity_id, x.evidence from exclusions x
      where x.reason = 'CHECKED_THIS_YEAR_SAME_ITEM' and x.item_code = :item and extract(year from x.starts) = :year
    union all
    select p.entity_id, '抽签 lot ' || l.name from picks p join lots l on l.id = p.lot_id join rounds r on r.id = l.round_id
      where p.state = 'drawn' and l.state = 'drawn' and r.item_id = :item_id and r.id <> :round and r.state <> 'done'
        and extract(year from r.starts) = :year
        and not exists (select from exclusions k where k.entity_id = p.entity_id and k.item_code = :item
          and k.reason = 'CHECKED_THIS_YEAR_SAME_ITEM' and k.starts >= r.starts)
  ) v
  where v.entity_id in (select e.id {_FOUND})
    and not exists (select from pool_exclusions k where k.round_id = :round and k.entity_id = v.entity_id)
  group by v.entity_id having count(*) >= :cap"""  # noqa: S608 - constants

_NEW = f"""
  select cast(:round as uuid), e.id, 'NEWLY_FOUNDED',
    e.est_date || ' 成立，' || cast(:new_days as int) || ' 天内不抽 / founded ' || e.est_date || ', new for ' || cast(:new_days as int) || ' days' {_FOUND}
    and e.est_date > cast(:on as date) - cast(:new_days as int) and not (e.food and e.licence_no is not null)
    and not exists (select from pool_exclusions k where k.round_id = :round and k.entity_id = e.id)"""  # noqa: S608

_FREEZE = f"""insert into pool_members (round_id, entity_id, stratum, model_version, district)
  select cast(:round as uuid), e.id, e.credit_class, e.model_version, e.district {_FOUND}
    and not exists (select from pool_exclusions x where x.round_id = :round and x.entity_id = e.id)"""  # noqa: S608

_OUT = f"""with told (round_id, entity_id, reason, evidence, place) as (
    select d.*, 1 from ({_DECLARED}) d union all select v.*, 2 from ({_VISITED}) v union all select n.*, 3 from ({_NEW}) n),
  kept_out as (select distinct on (entity_id) entity_id, reason from told order by entity_id, place)"""  # noqa: S608 - constants

_ELIGIBLE = f"""{_OUT} select e.credit_class, count(*) {_FOUND}
    and not exists (select from kept_out k where k.entity_id = e.id) group by e.credit_class order by 1"""  # noqa: S608 - constants

_KEPT_OUT = f"{_OUT} select reason, count(*) from kept_out group by reason order by reason"  # noqa: S608 - constants
