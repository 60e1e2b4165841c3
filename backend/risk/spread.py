"""The statements that score all entities of a district at once (DOMAIN §4.2–4.3): facts → cells → points → class → reasons.

They spread what ``judging`` found for distinct values; ``rules`` says the same of one entity. A *cell* is what all facts on one
indicator of one entity come to; a *mark* is a hash of a whole finding, by which an entity that needs no new history is known.
"""

from backend.risk.grammar import WHOLE
from backend.risk.rules import COMPLETE_ENOUGH, POINT

SCRATCH = {
    "scoring_kinds": """entity_type text, industry text[], licence text, audiences int, weight int, base bigint,
      known int""",
    "scoring_register": "field text, key text, indicator text, value text",
    "scoring_values": """indicator text, value text, place int, combining text, removes bool, age_from int, span int,
      audience int, bit varbit, gone bigint, weight int, rate bigint, bounds int, mark bigint, head text, number numeric,
      qualifiers text, is_number bool""",
    "scoring_totals": "place int, total text, qualifiers text, rate bigint, bounds int, mark bigint, head text",
    "scoring_unknown": "audiences int, told text, reasons text",
}
"""What judging gives, by table; they live until the transaction ends."""
MADE = ("scoring_entities", "scoring_sums", "scoring_found", "scoring_reasons")

KINDS = """select distinct entity_type, industry, coalesce(left(licence_no, :licence), '') from entities
  where district = :district"""

_FIELDS = """(values ('entity_type', {0}.entity_type), ('est_date', {0}.est_date::text),
    ('last_check_at', {0}.last_check_at::text), ('licence_valid_to', {0}.licence_valid_to::text)) as t (field, key)"""

KEYS = f"""select distinct field, key from entities e cross join lateral {_FIELDS.format("e")}
  where e.district = :district and key is not null"""

ENTITIES = """create temp table scoring_entities on commit drop as
  select (row_number() over ())::int as eno, e.id, k.audiences, k.weight, k.base, k.known, e.entity_type,
    e.est_date, e.last_check_at, e.licence_valid_to
  from entities e join scoring_kinds k on k.entity_type = e.entity_type and k.industry = e.industry
    and k.licence = coalesce(left(e.licence_no, :licence), '')
  where e.district = :district"""

VALUES = """select distinct indicator, value from facts where district = :district and as_of <= :on
  union select indicator, value from scoring_register"""

_TOLD = f"""select s.eno, s.audiences, f.indicator, f.value, f.as_of, f.id, f.repaired
    from scoring_entities s join facts f on f.entity_id = s.id where f.district = :district and f.as_of <= :on
  union all
  select s.eno, s.audiences, r.indicator, r.value, cast(:on as date), 0, false
    from scoring_entities s cross join lateral {_FIELDS.format("s")}
    join scoring_register r on r.field = t.field and r.key = t.key"""


def _kept(row: str, day: str) -> str:
    """Billionths that a fact of a day keeps, by the row's way of ageing."""
    age = f"(cast(:on as date) - {day})"
    return (
        f"case when {row}.age_from is null or {day} is null then {WHOLE} when {age} >= {row}.span then 0 "
        f"else (cast(:ages as bigint[]))[{row}.age_from + {age}] end"
    )


_JUDGED = f"""select t.eno, t.as_of, t.id, v.*, not (v.removes and t.repaired) as counts,
    not (v.removes and t.repaired) and {_kept("v", "t.as_of")} > 0 as lasts, {_kept("v", "t.as_of")} as kept
  from ({_TOLD}) t join scoring_values v
    on v.indicator = t.indicator and v.value = t.value and v.audience & t.audiences <> 0"""

SUMS = f"""create temp table scoring_sums on commit drop as
  select eno, place, sum(number) filter (where lasts)::text as total,
    max(as_of) filter (where happened) as newest, bool_or(lasts and number is null) as unsound,
    coalesce(string_agg(distinct nullif(qualifiers, ''), '|') filter (where happened), '') as qualifiers,
    string_agg(case when id = 0 then '"registry"' else id::text end, ', ' order by as_of, id) filter (where happened) as facts,
    coalesce(bit_xor(id) filter (where happened), 0) as ids, min(bit::text)::varbit as bit, min(gone) as gone,
    min(weight) as weight, min(age_from) as age_from, min(span) as span,
    min(value) filter (where lasts and number is null) as wrong
  from (select *, lasts and number <> 0 as happened from ({_JUDGED}) j where combining = 'sum') j group by eno, place"""

TOTALS = "select distinct place, total, qualifiers from scoring_sums where total is not null"

# Of states the newest counts; of kinds the worst while it lasts, and of equally bad ones the first.
_BEST = f"""select distinct on (eno, place) * from ({_JUDGED}) j where combining <> 'sum'
  order by eno, place,
    case when combining = 'newest' then as_of - date '0001-01-01'
      when lasts then coalesce(rate * kept, 9223372036854775807) else -1 end desc,
    case when combining = 'newest' then id else date '0001-01-01' - as_of end desc, id"""

_CELLS = f"""select eno, place, bit, gone, weight, case when lasts then rate * kept else 0 end as cost,
    case when lasts then bounds else 0 end as bounds, head, case when id = 0 then '"registry"' else id::text end as facts,
    case when lasts then hashint8extended(id # case when id = 0 and is_number then 0 else mark end, rate * kept)
      else 0 end as mark, case when lasts and rate is null then value end as wrong
  from ({_BEST}) b where lasts or not counts or combining = 'worst'
  union all
  select s.eno, s.place, s.bit, s.gone, s.weight, coalesce(t.rate * {_kept("s", "s.newest")}, 0), coalesce(t.bounds, 0), t.head,
    coalesce(s.facts, ''), coalesce(hashint8extended(s.ids # t.mark, t.rate * {_kept("s", "s.newest")}), 0),
    case when s.unsound then s.wrong when t.rate is null then s.total end
  from scoring_sums s left join scoring_totals t using (place, total, qualifiers)"""

_HUNDREDTH = POINT // 100_000

FOUND = f"""create temp table scoring_found on commit drop as
  with cells as ({_CELLS}), sums as (
    select eno, sum(cost - gone)::bigint as cost, sum(weight)::int as known, bit_or(bounds) as bounds, bit_xor(mark) as mark,
      min(place || '=' || wrong) as wrong
    from cells group by eno),
  scored as (
    select s.eno, s.id, s.weight, coalesce(bounds, 0) as bounds, coalesce(mark, 0) as mark, wrong,
      ((2 * (s.base + coalesce(cost, 0)) + s.weight * {_HUNDREDTH}::bigint) / (2 * s.weight * {_HUNDREDTH}::bigint))::int as score,
      100 * (s.known + coalesce(sums.known, 0)) / s.weight as completeness
    from scoring_entities s left join sums using (eno)),
  classed as (
    select *, case when bounds & 4 > 0 then 'D' else substr('ABCD', 1 + greatest(
        (score >= :b)::int + (score >= :c)::int + (score >= :d)::int,
        case when bounds & 2 > 0 then 2 when bounds & 1 > 0 or completeness < {COMPLETE_ENOUGH} then 1 else 0 end), 1)
      end as credit_class from scored)
  select eno, id, score, completeness, credit_class, wrong, hashtextextended(
    concat_ws('|', score, credit_class, completeness, weight, cast(:version as text)), mark) as mark from classed"""

UNCHANGED = """delete from scoring_found f using score_marks m where m.entity_id = f.id and m.mark = f.mark"""
ONLY_CHANGED = (
    "delete from scoring_entities s where not exists (select from scoring_found f where f.eno = s.eno)",
    "delete from scoring_sums s where not exists (select from scoring_found f where f.eno = s.eno)",
)

REASONS = f"""create temp table scoring_reasons on commit drop as
  select eno, bit_or(c.bit)::text as told, string_agg(
      head || ', "points": ' || (2 * cost + s.weight * {_HUNDREDTH}::bigint) / (2 * s.weight * {_HUNDREDTH}::bigint)
      || ', "fact": [' || facts || ']}}', ', ') filter (where cost > 0) as reasons
  from ({_CELLS}) c join scoring_entities s using (eno) group by eno"""

SILENT = """select distinct audiences, coalesce(told, :nothing) from scoring_entities left join scoring_reasons using (eno)"""

KEEP = """insert into scores (entity_id, version, score, credit_class, completeness, reasons, cause, at, district)
  select f.id, :version, f.score, f.credit_class, f.completeness,
    ('[' || concat_ws(', ', nullif(u.reasons, ''), r.reasons) || ']')::jsonb, :cause, :at, :district
  from scoring_found f join scoring_entities s using (eno) left join scoring_reasons r using (eno)
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
