"""Import of a register beside a bare COPY of the same file into a plain table of text columns."""

from statistics import median

import psycopg

from backend.bench.rows import COLUMNS, districts
from backend.bench.told import Ratio, timed
from backend.config import settings
from backend.db import transaction
from backend.registry.commands import enter_district
from backend.registry.imports import import_entities

HOLD = 25
"""DESIGN §5"""


def import_ratio(data: bytes) -> Ratio:
    """Each in one committed transaction on the same cluster; COPY is the median of three before and three after."""
    with transaction() as session:
        for code, area in districts().items():
            enter_district(session, code=code, name=code, name_en=code, level="county", area=area)
    bare = [_bare_copy(data) for _ in range(3)]
    rows = data.count(b"\n") - 1
    with timed() as watch, transaction() as session:
        report = import_entities(session, name="register.csv", data=data, actor="bench")
    if report.added != rows:
        raise SystemExit(f"{report.added} of {rows} rows came in: {report.refusals[:3]}")
    bare += [_bare_copy(data) for _ in range(3)]
    return Ratio(f"import of {rows:,} entities : bare COPY", watch.seconds, median(bare), HOLD)


def _bare_copy(data: bytes) -> float:
    columns = ", ".join(f"{name} text" for name in COLUMNS)
    owner = settings().database_owner_url.replace("+psycopg", "", 1)
    with psycopg.connect(owner) as connection:
        connection.execute(f"create table bare ({columns})")
        connection.commit()
        with timed() as watch:
            with connection.cursor().copy("copy bare from stdin (format csv, header)") as copy:
                copy.write(data)
            connection.commit()
        connection.execute("drop table bare")
    return watch.seconds
