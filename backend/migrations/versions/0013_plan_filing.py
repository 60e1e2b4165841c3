"""Draws: plans are filed, amended in versions, and may be joint with named departments (DOMAIN §2.1)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the columns."""
    op.add_column("plans", sa.Column("participants", JSONB(), server_default="[]", nullable=False))
    op.add_column("plans", sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("plans", sa.Column("changes", sa.String(), server_default="", nullable=False))
