"""In which district a place lies, looked up for many rows at once; the shapes are the same pieces that PostGIS asks."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.registry.entity_rows import STAGED
from backend.registry.models import DistrictPart

COLUMNS = [part.split()[0] for part in STAGED.split(",")]
DISTRICT, LON, LAT = (COLUMNS.index(name) for name in ("district", "lon", "lat"))
StagedRow = tuple[Any, ...]


class Places:
    """The districts' pieces as they are known when an import begins (EPSG:4326)."""

    def __init__(self, session: Session) -> None:
        rows = session.execute(
            select(DistrictPart.code, func.st_asbinary(DistrictPart.part)).order_by(DistrictPart.code)
        ).all()
        self.codes = [code for code, _ in rows]
        self.tree = shapely.STRtree(shapely.from_wkb([bytes(part) for _, part in rows]))

    def found(self, rows: list[StagedRow]) -> Iterator[StagedRow]:
        """The rows, with the district of those that give a place and no district; on a border the smaller code."""
        asked = [at for at, row in enumerate(rows) if row[LON] is not None and row[DISTRICT] is None]
        codes = dict(zip(asked, self._codes([rows[at] for at in asked]), strict=True)) if asked else {}
        for at, row in enumerate(rows):
            code = codes.get(at)
            yield row if code is None else (*row[:DISTRICT], code, *row[DISTRICT + 1 :])

    def _codes(self, rows: list[StagedRow]) -> list[str | None]:
        points = shapely.points(np.array([(row[LON], row[LAT]) for row in rows], dtype=float))
        out: list[str | None] = [None] * len(rows)
        which, pieces = self.tree.query(points, predicate="covered_by")
        for at, piece in sorted(zip(which.tolist(), pieces.tolist(), strict=True), reverse=True):
            out[at] = self.codes[piece]
        return out
