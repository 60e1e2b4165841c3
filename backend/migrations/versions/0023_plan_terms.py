"""A plan's own numbers: how long the newly founded are left alone, the usual yearly cap, how many rounds it means to hold."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Add the column; plans of before go by the usual numbers."""
    op.add_column("plans", sa.Column("terms", JSONB(), server_default="{}", nullable=False))
