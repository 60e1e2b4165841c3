"""Generated points cards and facts: every kind of rule, decay, repair and override, as rows of the catalogue."""

from datetime import timedelta

from hypothesis import strategies as st

from backend.risk.commands import default_rows

DECAYS = ["STATE", "WINDOW(12m)", "HALF(6m,24m)", "HALF(1m,36m)"]
OVERRIDES = [
    "",
    "",
    "FLOOR_B",
    "FLOOR_C",
    "FLOOR_C if >=2",
    "FORCE_D if bad|industry ban",
    "FLOOR_B if bad",
    "DUE_ALERT",
]
TOKENS, NUMBERS = ["good", "fair", "bad", "bad_twice"], ["0", "1", "2", "2.50", "7", "1e1", "+3", "0.0"]
QUALIFIERS = ["", "", "", "|industry ban", "|bad|seen"]
BY_REGISTER = {row["code"]: row for row in default_rows() if row["code"] in ("G101", "G102", "P102", "P208")}
percents = st.integers(0, 100)


@st.composite
def rules(draw):
    """(the rule's text, the values that it knows)."""
    a, b, c, d = draw(st.tuples(percents, percents, percents, percents))
    return draw(
        st.sampled_from(
            [
                (f"MAP(good={a};fair={b};bad={c};bad_twice={d})", TOKENS),
                (f"BAND(<1={a};<=2={b};7={c};>2={d})", NUMBERS),
                (f"BAND(none={a};0=0;<2.6={b};>=2.6={c})", [*NUMBERS, "none"]),
                (f"BOOL(true={a})", ["true", "false"]),
            ]
        )
    )


def some(draw, **told):
    """The columns that any indicator draws, and those told."""
    return {
        "name_zh": "指标", "name_en": "Indicator", "category_code": "G1", "value_type": "any",
        "unit": draw(st.sampled_from(["", "times"])), "weight_points": str(draw(st.integers(1, 60))),
        "validity_decay": draw(st.sampled_from(DECAYS)), "repair_effect": draw(st.sampled_from(["REMOVE", "NA"])),
        "missing_value_pct": str(draw(st.sampled_from([0, 0, 30, 100]))),
        "override": draw(st.sampled_from(OVERRIDES)), **told,
    }  # fmt: skip


@st.composite
def cards(draw):
    """(rows of a card, {indicator: values}); what the register tells may be among the indicators."""
    rows, values = [], {}
    audiences = ["ALL", "ALL", "COMPANY", "ENTERPRISE", "FOOD", "CATERING", "PRODUCER_SELLER"]
    for n in range(draw(st.integers(2, 5))):
        rule, values[f"X{n:03}"] = draw(rules())
        audience = "ALL" if n == 0 else draw(st.sampled_from(audiences))
        rows.append(row := some(draw, code=f"X{n:03}", applies_to=audience, scoring_rule=rule))
        if row["unit"] and "none" in values[row["code"]]:  # a word does not add up
            values[row["code"]] = NUMBERS
    for code in draw(st.sets(st.sampled_from(sorted(BY_REGISTER)))):
        known = BY_REGISTER[code]
        rows.append(some(draw, code=code, applies_to=known["applies_to"], scoring_rule=known["scoring_rule"]))
        values[code] = {"G101": ["company", "coop"], "P102": ["valid", "none"]}.get(code, ["0", "3", "20"])
    return rows, values


@st.composite
def told(draw, values, entities, on):
    """Facts as ``record_facts`` takes them: several on one indicator, old and of the day, repaired, of tomorrow."""
    out = []
    for n in range(draw(st.integers(0, 14))):
        code, entity = draw(st.sampled_from(sorted(values))), draw(st.sampled_from(entities))
        bare = draw(st.sampled_from(values[code]))
        age = draw(st.sampled_from([-1, 0, 0, 1, 31, 365, 366, 700, 1200]))
        out.append(
            {"entity_id": entity.id, "district": entity.district, "indicator": code,
             "value": bare + draw(st.sampled_from(QUALIFIERS)), "as_of": on - timedelta(days=age), "source": "test",
             "source_id": str(n), "repaired": draw(st.booleans())}
        )  # fmt: skip
    return out
