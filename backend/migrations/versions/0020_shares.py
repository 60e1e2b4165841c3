"""What officers of one visit share; when tours leave and return, and how long each leg takes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the columns, empty for tours of before, and the table."""
    op.add_column("tours", sa.Column("leave_s", sa.Integer(), nullable=True))
    op.add_column("tours", sa.Column("back_s", sa.Integer(), nullable=True))
    op.add_column("stops", sa.Column("leg_s", sa.Integer(), nullable=True))
    op.create_table(
        "shares",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("inspector_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("body_sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="shares_task_id_fkey"),
        sa.ForeignKeyConstraint(["inspector_id"], ["inspectors.id"], name="shares_inspector_id_fkey"),
        sa.PrimaryKeyConstraint("task_id", "inspector_id", name="shares_pkey"),
    )
