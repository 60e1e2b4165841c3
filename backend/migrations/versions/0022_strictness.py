"""Comparisons of inspectors' strictness are kept, so that a page shows them without replaying lots."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "strictness_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replays", sa.Integer(), nullable=False),
        sa.Column("lots", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("rows", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="strictness_reports_pkey"),
    )
    op.create_index("strictness_reports_district_asked_at_idx", "strictness_reports", ["district", "asked_at"])
