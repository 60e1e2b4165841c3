"""The statements that score all entities of a district at once (DOMAIN §4.2–4.3): facts → points → class → reasons.

They spread what ``judging`` found for distinct values; ``rules`` says the same of one entity. Where every indicator has one
fact at most, which is so for most entities, its facts are summed up as they are (the *tally*). For the others, and to give
reasons, they are first combined into *cells*: what all facts on one indicator of one entity come to. A *mark* is a hash of a
whole finding, by which an entity that needs no new history is known.
"""

from backend.risk.grammar import WHOLE
from backend.risk.rules import COMPLETE_ENOUGH, POINT

SCRATCH = {
    "scoring_places": "place int, bit varbit, gone bigint, weight int, age_from int, span int",
    "scoring_kinds": "entity_type text, industry text[], licence text, audiences int, weight int, base bigint, known int",
    "scoring_register": """field text, key text, indicator text, value text, audience int, cost bigint, gone bigint, weight int,
      bounds int, mark_key bigint, bit varbit, wrong text""",
    "scoring_values": """vno int, indicator text, value text, place int, combining text, removes bool, age_from int, span int,
      audience int, bit varbit, gone bigint, weight int, rate bigint, bounds int, mark bigint, head text, number numeric,
      qualifiers text, is_number bool""",
    "scoring_totals": "place int, total text, qualifiers text, rate bigint, bounds int, mark bigint, head text",
    "scoring_unknown": "audiences int, told text, reasons text",
}
"""What judging gives, by table; they live until the transaction ends."""
MADE = (
    "scoring_rows",
    "scoring_entities",
    "scoring_tally",
    "scoring_chosen",
    "scoring_sums",
    "scoring_found",
    "scoring_reasons",
)

ROWS = """create temp table scoring_rows on commit drop as
  select (row_number() over ())::int as eno, id, entity_type, industry, coalesce(left(licence_no, :licence), '') as licence,
    est_date::text, last_check_at::text, licence_valid_to::text
  from entities where district = :district"""

KINDS = "select distinct entity_type, industry, licence from scoring_rows"

FIELDS = ("entity_type", "est_date", "last_check_at", "licence_valid_to")
KEYS = " union all ".join(
    f"select distinct '{field}', {field} from scoring_rows where {field} is not null" for field in FIELDS
)


def _of_register(column: str, join: str, empty: str) -> str:
    """What the register's columns come to together."""
    return join.join(f"coalesce({field[:4]}.{column}, {empty})" for field in FIELDS)


ENTITIES = f"""create temp table scoring_entities on commit drop as
  select e.*, k.audiences, k.weight, k.base, k.known, {_of_register("cost", " + ", "0")} - ({
    _of_register("gone", " + ", "0")
}) as cost,
    {_of_register("weight", " + ", "0")} as told, {_of_register("bounds", " | ", "0")} as bounds,
    {" # ".join(f"coalesce(hashint8extended({f[:4]}.mark_key, {f[:4]}.cost), 0)" for f in FIELDS)} as mark,
    {_of_register("bit", " | ", "cast(:nothing as varbit)")} as bits,
    coalesce({", ".join(f"{field[:4]}.wrong" for field in FIELDS)}) as wrong
  from scoring_rows e join scoring_kinds k using (entity_type, industry, licence)
    {
    " ".join(
        f'''left join scoring_register {f[:4]} on {f[:4]}.field = '{f}' and {f[:4]}.key = e.{f}
      and {f[:4]}.audience & k.audiences <> 0'''
        for f in FIELDS
    )
}"""

VALUES = """select distinct indicator, value from facts where district = :district and as_of <= :on
  union select indicator, value from scoring_register"""


def _kept(row: str, day: str) -> str:
    """Billionths that a fact of a day keeps, by the row's way of ageing."""
    age = f"(cast(:on as date) - {day})"
    return (
        f"case when {row}.age_from is null or {day} is null then {WHOLE} when {age} >= {row}.span then 0 "
        f"else (cast(:ages as bigint[]))[{row}.age_from + {age}] end"
    )


TALLY = f"""create temp table scoring_tally on commit drop as
  select eno, count(*)::int as facts, bit_or(bit) as bits, sum(case when lasts then rate * aged - gone else -gone end)
      filter (where told)::bigint as cost, sum(weight) filter (where told)::int as told,
    bit_or(bounds) filter (where lasts) as bounds, bit_xor(hashint8extended(key, rate * aged)) filter (where lasts) as mark,
    min(place || '=' || value) filter (where lasts and rate is null) as wrong
  from (select eno, place, value, bit, gone, weight, bounds, rate, counts and kept > 0 as lasts,
      kept > 0 or not counts or combining <> 'newest' as told,
      case when number = 0 then {WHOLE} else kept end as aged, mark # case when number = 0 then 0 else id end as key
    from (select s.eno, f.id, v.place, v.value, v.combining, v.bit, v.gone, v.weight, v.bounds, v.rate, v.mark, v.number,
        not (v.removes and f.repaired) as counts, {_kept("v", "f.as_of")} as kept
      from facts f join scoring_entities s on s.id = f.entity_id join scoring_values v
        on v.indicator = f.indicator and v.value = f.value and v.audience & s.audiences <> 0
      where f.district = :district and f.as_of <= :on offset 0) f offset 0) f group by eno"""

SEVERAL = """create temp table scoring_chosen on commit drop as
  select s.* from scoring_entities s join scoring_tally t using (eno)
  where t.facts + bit_count(s.bits) <> bit_count(s.bits | t.bits)"""
"""Those who have several facts on one indicator."""

_TOLD = f"""select s.eno, s.audiences, f.indicator, f.value, f.as_of, f.id, f.repaired
    from scoring_chosen s join facts f on f.entity_id = s.id where f.district = :district and f.as_of <= :on
  union all
  select s.eno, s.audiences, r.indicator, r.value, cast(:on as date), 0, false
    from scoring_chosen s cross join lateral (values {", ".join(f"('{field}', s.{field})" for field in FIELDS)}) t (field, key)
    join scoring_register r on r.field = t.field and r.key = t.key"""

_JUDGED = f"""select t.eno, t.as_of, t.id, v.vno, v.place, v.combining, v.rate, v.number, v.qualifiers, v.value,
    not (v.removes and t.repaired) as counts, {_kept("v", "t.as_of")} as kept
  from ({_TOLD}) t join scoring_values v
    on v.indicator = t.indicator and v.value = t.value and v.audience & t.audiences <> 0"""

SUMS = f"""create temp table scoring_sums on commit drop as
  select eno, place, sum(number) filter (where lasts)::text as total,
    max(as_of) filter (where happened) as newest, bool_or(lasts and number is null) as unsound,
    coalesce(string_agg(distinct nullif(qualifiers, ''), '|') filter (where happened), '') as qualifiers,
    string_agg(case when id = 0 then '"registry"' else id::text end, ', ' order by as_of, id) filter (where happened) as facts,
    coalesce(bit_xor(id) filter (where happened), 0) as ids, min(value) filter (where lasts and number is null) as wrong
  from (select *, counts and kept > 0 as lasts, counts and kept > 0 and number <> 0 as happened from ({_JUDGED}) j
    where combining = 'sum') j group by eno, place"""

TOTALS = "select distinct place, total, qualifiers from scoring_sums where total is not null"

# Of states the newest counts; of kinds the worst while it lasts, and of equally bad ones the first.
_BEST = f"""select distinct on (eno, place) eno, place, vno, id, lasts, counts, kept from (
    select *, counts and kept > 0 as lasts from ({_JUDGED}) j where combining <> 'sum') j
  order by eno, place,
    case when combining = 'newest' then as_of - date '0001-01-01'
      when lasts then coalesce(rate * kept, 9223372036854775807) else -1 end desc,
    case when combining = 'newest' then id else date '0001-01-01' - as_of end desc, id"""

_CELLS = f"""select eno, v.place, bit, gone, weight, case when lasts then rate * kept else 0 end as cost,
    case when lasts then bounds else 0 end as bounds, head, case when id = 0 then '"registry"' else id::text end as facts,
    case when lasts then hashint8extended(id # case when id = 0 and is_number then 0 else mark end, rate * kept)
      else 0 end as mark, case when lasts and rate is null then value end as wrong
  from ({_BEST}) b join scoring_values v using (vno) where lasts or not counts or combining = 'worst'
  union all
  select s.eno, s.place, p.bit, p.gone, p.weight, coalesce(t.rate * {_kept("p", "s.newest")}, 0), coalesce(t.bounds, 0), t.head,
    coalesce(s.facts, ''), coalesce(hashint8extended(s.ids # t.mark, t.rate * {_kept("p", "s.newest")}), 0),
    case when s.unsound then s.wrong when t.rate is null then s.total end
  from scoring_sums s join scoring_places p using (place) left join scoring_totals t using (place, total, qualifiers)"""

_HUNDREDTH = f"{POINT // 100_000}::bigint"


def _scaled(cost: str) -> str:
    """A cost in hundredths of the score, halves upwards (``rules.scaled``)."""
    return f"((2 * ({cost}) + s.weight * {_HUNDREDTH}) / (2 * s.weight * {_HUNDREDTH}))::int"


FOUND = f"""create temp table scoring_found on commit drop as
  with sums as (
    select eno, sum(cost - gone)::bigint as cost, sum(weight)::int as told, bit_or(bounds) as bounds, bit_xor(mark) as mark,
      min(place || '=' || wrong) as wrong from ({_CELLS}) cells group by eno
    union all
    select eno, s.cost + coalesce(t.cost, 0), s.told + coalesce(t.told, 0), s.bounds | coalesce(t.bounds, 0),
      s.mark # coalesce(t.mark, 0), coalesce(s.wrong, t.wrong) from scoring_entities s left join scoring_tally t using (eno)
    where not exists (select from scoring_chosen c where c.eno = s.eno)),
  scored as (
    select s.eno, s.id, s.weight, sums.bounds, sums.mark, sums.wrong, {_scaled("s.base + sums.cost")} as score,
      100 * (s.known + sums.told) / s.weight as completeness from scoring_entities s join sums using (eno)),
  classed as (
    select *, case when bounds & 4 > 0 then 'D' else substr('ABCD', 1 + greatest(
        (score >= :b)::int + (score >= :c)::int + (score >= :d)::int,
        case when bounds & 2 > 0 then 2 when bounds & 1 > 0 or completeness < {COMPLETE_ENOUGH} then 1 else 0 end), 1)
      end as credit_class from scored)
  select eno, id, score, completeness, credit_class, wrong, hashtextextended(
    concat_ws('|', score, credit_class, completeness, weight, cast(:version as text)), mark) as mark from classed"""

UNCHANGED = "delete from scoring_found f using score_marks m where m.entity_id = f.id and m.mark = f.mark"
FRESH = "drop table scoring_chosen, scoring_sums, scoring_totals"
CHANGED = "create temp table scoring_chosen on commit drop as select s.* from scoring_entities s join scoring_found using (eno)"

REASONS = f"""create temp table scoring_reasons on commit drop as
  select eno, bit_or(c.bit)::text as told,
    string_agg(head || ', "points": ' || {_scaled("c.cost")} || ', "fact": [' || facts || ']}}', ', ') filter (where c.cost > 0)
      as reasons
  from ({_CELLS}) c join scoring_chosen s using (eno) group by eno"""

SILENT = """select distinct audiences, coalesce(told, :nothing) from (select eno, audiences from scoring_chosen) s
  left join scoring_reasons using (eno)"""

KEEP = """insert into scores (entity_id, version, score, credit_class, completeness, reasons, cause, at, district)
  select f.id, :version, f.score, f.credit_class, f.completeness,
    ('[' || concat_ws(', ', nullif(u.reasons, ''), r.reasons) || ']')::jsonb, :cause, :at, :district
  from scoring_found f join scoring_chosen s using (eno) left join scoring_reasons r using (eno)
    join scoring_unknown u on u.audiences = s.audiences and u.told = coalesce(r.told, :nothing)
  on conflict (entity_id, cause) do update set version = excluded.version, score = excluded.score,
    credit_class = excluded.credit_class, completeness = excluded.completeness, reasons = excluded.reasons, at = excluded.at"""

CLASSIFY = """update entities e set credit_class = f.credit_class, score = f.score, model_version = :version, scored_at = :at
  from scoring_found f where e.id = f.id
    and (e.credit_class, e.score, e.model_version) is distinct from (f.credit_class, f.score, :version)"""

MARK = """insert into score_marks (entity_id, mark) select id, mark from scoring_found
  on conflict (entity_id) do update set mark = excluded.mark"""

MARK_ONE = """insert into score_marks (entity_id, mark)
  select :id, hashtextextended(:found, coalesce(bit_xor(hashint8extended(key, cost)), 0))
  from unnest(cast(:keys as bigint[]), cast(:costs as bigint[])) as cells (key, cost)
  on conflict (entity_id) do update set mark = excluded.mark"""
