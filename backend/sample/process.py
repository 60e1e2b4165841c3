"""How risk shows itself in the invented city: for each indicator, how common its values are and what they go along with.

Every entity has a hidden tendency to trouble. Each indicator stands where the tendency, mixed with the luck of its group,
puts the entity among all others: so troubles come together, and indicators of one group agree with each other.
"""

from dataclasses import dataclass

TABLE = """
G103 ALL              premises  0.3 state registration own_or_leased_shop=70 market_stall=14 residential=13
    cluster_registration=2 unverifiable=1
G104 ALL              address   0.2 event registration 1=95 5=4 20=0.9 80=0.1
G105 COMPANY          capital   0.4 event registration normal=92 overdue_instalment=6
    term_over_5y_or_implausible=2
G107 ALL              head      0.4 event registration 1=97 5=2.5 14=0.4 25=0.1
G108 ALL              contact   0.5 state registration verified=74 unverified=16 shared_by_gt5_entities=5
    invalid=5
G201 ALL              report    0.7 event registration on_time=80 late_filed=8 missing=12
G202 ALL              report    0.7 event registration 0=87 1=8 2=3.5 3=1.5
G203 ENTERPRISE       disclose  0.6 event registration 0=94 1=4 2=1.5 3=0.5
G204 ALL              operator  0.4 event registration 0=94 1=5 2=0.8 3=0.2
G205 ALL              moves     0.4 event registration 0=94 1=5 2=0.8 3=0.2
G206 COMPANY          equity    0.3 event registration 0=93 2=5 3=2
G208 ENTERPRISE       staff     0.4 state social       0.05~0.29=85 0.3~0.59=11 0.6~0.9=4
G209 ALL              tax       0.6 state tax          normal=88 six_zero_filings=7 abnormal_household=5
G301 ALL              report    0.7 event registration false=96.5 true=3.5
G302 ALL              report    0.7 event registration 0=94 1=4.5 2=1.2 3=0.3
G303 ALL              report    0.7 event registration none=96.5 annual_report=2.1 ordered_disclosure=0.5
    unreachable=0.8 false_information=0.1
G304 ALL              serious   0.8 event enforcement  false=99.96 true=0.04
G305 ALL              once      0.8 event enforcement  false=99.94 true=0.06
G306 ALL              penalty   0.8 event enforcement  0=92 1=5.7 2=1.7 3=0.6
G307 ALL              penalty   0.8 event enforcement  none=92 warning_or_criticism=2.6 lower_fine=4.0
    larger_fine_or_confiscation=1.3 suspension_or_downgrade=0.08 revocation_or_industry_ban=0.02
G308 ALL              penalty   0.8 event enforcement  0=94.6 500~9000=4.0 10000~90000=0.9
    100000~400000=0.09 500000~900000=0.01
G309 ALL              unpaid    0.8 event enforcement  false=99.6 true=0.4
G310 ALL              others    0.7 event departments  0=95 1=4 2=0.8 3=0.2
G314 ALL              orders    0.7 event departments  0=97.8 1=1.9 2=0.3
G315 PRODUCER_SELLER  quality   0.6 event quality      0=96 1=3.4 2=0.6
G316 ALL              seal      0.7 event enforcement  0=99.5 1=0.5
G317 ALL              promise   0.7 event registration 0=99.2 1=0.7 2=0.1
G401 ALL              sisters   0.5 event registration 0=96 0.1~0.2=2.5 0.3~0.5=1 0.6~0.9=0.5
G402 ALL              person    0.7 event courts       false=99.4 true=0.6
G403 COMPANY          control   0.5 event registration none=90 A=5 B=3 C=1.5 D=0.5
G404 COMPANY          invest    0.5 event registration 0=98 0.1~0.2=1.4 0.3~0.6=0.6
G405 ALL              before    0.3 event enforcement  false=99.6 true=0.4
G406 FOOD             upstream  0.4 event food         0=97 1=2.6 2=0.4
G501 ALL              complain  0.7 event complaints   0=82 0.1~0.49=8 0.5~0.99=5 1~1.9=3.5 2~4=1.5
G502 ALL              tipoff    0.7 event complaints   0=94 1=4.4 2=1.2 3=0.4
G503 ALL              answers   0.7 event complaints   0=96 0.21~0.5=2.8 0.6~0.9=1.2
G504 ALL              court     0.7 event courts       false=99.2 true=0.8
G505 ALL              labour    0.6 event social       0=98.6 1=1.2 2=0.2
G506 ALL              online    0.5 event complaints   0=98.8 1=1 2=0.2
G507 ENTERPRISE       rating    0.7 state credit       excellent=20 good=50 medium=26 poor=4
P103 FOOD             guests    0.0 event education    no=94 some=5 main=1
P104 FOOD             meals     0.1 state food         10~49=55 50~280=38 300~900=6 1000~3000=1
P105 CATERING         raw       0.3 state food         0=55 1=32 2=10 3=3
P106 CATERING         platform  0.2 state platforms    none=45 minor=40 major=12 delivery_only=3
P107 FOOD_PRODUCER    products  0.2 event food         0=75 1=20 2=5
P204 FOOD             sample    0.7 event food         0=94.5 1=4.5 2=0.8 3=0.2
P205 FOOD             sample    0.7 event food         none=94.5 label=2.2 quality_index=1.5 microbe=1.1
    residue_or_additive_over_limit=0.6 illegal_additive=0.1
P207 FOOD             defects   0.6 event food         0=98 2=1.2 6=0.6 10=0.2
P301 FOOD             manager   0.7 state food         appointed_and_passed=76 appointed_not_tested=18
    missing=6
P302 FOOD             control   0.8 state food         0.9~1=62 0.7~0.89=24 0.4~0.69=10 0.1~0.39=4
P303 FOOD             health    0.8 state food         1=72 0.9~0.99=16 0.7~0.89=9 0.3~0.69=3
P304 FOOD             selfcheck 0.8 state food         1=64 0.75~0.99=22 0.5~0.74=9 0~0.49=5
P305 CATERING         camera    0.5 state platforms    0~0.9=45 no_system=38 1~2.9=11 3~7=5 8~12=1
P306 FOOD             certified 0.4 state food         valid=4 none=95.5 suspended=0.3 withdrawn=0.2
P401 FOOD             trace     0.8 state food         0.95~1=52 0.8~0.94=27 0.5~0.79=15 0~0.49=6
P402 FOOD             recall    0.6 event food         none_needed=97 on_time=2.3 late=0.6 not_done=0.1
P403 FOOD             incident  0.8 event health       0=99.85 1=0.15
P404 FOOD             complain  0.7 event complaints   0=93 1=5 2=1.5 3=0.5
"""
"""Indicator, audience, group of luck, weight of the tendency (0–1), kept always (state) or only when troubled (event),
who tells it, and its values from good to bad with their shares in per cent; ``a~b`` is a number in between."""


@dataclass(frozen=True)
class Course:
    """How one indicator's values come about."""

    indicator: str
    audience: str
    group: str
    tendency: float
    always: bool
    teller: str
    values: tuple[str, ...]
    shares: tuple[float, ...]


def courses() -> tuple[Course, ...]:
    """The table's rows."""
    return tuple(_course(line) for line in TABLE.replace("\n    ", " ").strip().splitlines())


def _course(line: str) -> Course:
    indicator, audience, group, tendency, mode, teller, *values = line.split()
    pairs = [value.split("=") for value in values]
    return Course(indicator, audience, group, float(tendency), mode == "state", teller,
                  tuple(value for value, _ in pairs), tuple(float(share) for _, share in pairs))  # fmt: skip
