"""The ledger: events, chain heads, deliveries; the application may add events and read them, nothing else."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from backend.migrations.tools import append_only, grant_daily_work, make_refuse_change

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables, the guard against changes, and the grants."""
    op.create_table(
        "events",
        sa.Column("chain", sa.String(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.Uuid(), nullable=False, unique=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("payload", JSONB(), nullable=False),
        sa.Column("request", sa.String()),
        sa.Column("prev", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
    )
    op.create_index("events_subject_idx", "events", ["subject"])
    op.create_index("events_name_at_idx", "events", ["name", "at"])
    op.create_table(
        "chain_heads",
        sa.Column("chain", sa.String(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("event_id", sa.Uuid(), sa.ForeignKey("events.id"), primary_key=True),
        sa.Column("reaction", sa.String(), primary_key=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text()),
    )
    op.create_index(
        "deliveries_open_idx",
        "deliveries",
        ["due_at"],
        postgresql_where=sa.text("state in ('waiting', 'sent')"),
    )
    grant_daily_work()
    make_refuse_change()
    append_only("events")
