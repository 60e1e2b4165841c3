"""What oversight keeps: comparisons of inspectors' strictness, each as it was worked out on its day."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Model, new_id


class StrictnessReport(Model):
    """Officers of a reach compared with what the second lots might have given (DRAWS §7); replaced by none, newest counts."""

    __tablename__ = "strictness_reports"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[str]
    """Prefix of the districts whose rounds entered"""
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID]
    done_at: Mapped[datetime | None]
    """Absent while the replays run"""
    replays: Mapped[int]
    lots: Mapped[int] = mapped_column(default=0)
    """How many teams lots with confirmed visits entered"""
    visits: Mapped[int] = mapped_column(default=0)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    """[{inspector, visits, surplus, usual, p, stands_out}], the most surprising first"""
    __table_args__ = (Index(None, "district", "asked_at"),)
