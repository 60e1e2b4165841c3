"""Disclosure: photos beside a notice, as redacted copies that a person approved."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "public_photos",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("copy", sa.String(), nullable=True),
        sa.Column("hidden", sa.Integer(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="public_photos_evidence_id_fkey"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="public_photos_task_id_fkey"),
        sa.ForeignKeyConstraint(["proposed_by"], ["people.id"], name="public_photos_proposed_by_fkey"),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name="public_photos_decided_by_fkey"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="public_photos_unit_id_fkey"),
        sa.PrimaryKeyConstraint("evidence_id", name="public_photos_pkey"),
    )
    op.create_index("public_photos_task_id_idx", "public_photos", ["task_id"])
    op.create_index("public_photos_state_idx", "public_photos", ["state"])
