"""What lies aside of the records; arrivals by their bytes; a reviewer's remarks by item; what a correction replaces."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019"
down_revision = "0018"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables and the columns."""
    op.add_column("arrivals", sa.Column("body_sha256", sa.String(), nullable=True))
    op.add_column("reviews", sa.Column("items", JSONB(), server_default="[]", nullable=False))
    op.alter_column("reviews", "items", server_default=None)
    op.add_column("submissions", sa.Column("replaces", sa.Uuid(), nullable=True))
    op.create_foreign_key("submissions_replaces_fkey", "submissions", "submissions", ["replaces"], ["id"])
    _faulty()
    _quarantine()
    _drafts()
    _log()


def _faulty() -> None:
    op.create_table(
        "faulty_payloads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("problem", JSONB(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="faulty_payloads_person_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="faulty_payloads_pkey"),
        sa.UniqueConstraint("device_id", "sha256", name="faulty_payloads_device_id_sha256_key"),
    )
    op.create_index("faulty_payloads_last_at_idx", "faulty_payloads", ["last_at"])


def _quarantine() -> None:
    op.create_table(
        "quarantined_pieces",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name="quarantined_pieces_device_id_fkey"),
        sa.PrimaryKeyConstraint("device_id", "kind", "id", name="quarantined_pieces_pkey"),
    )
    op.create_index("quarantined_pieces_at_idx", "quarantined_pieces", ["at"])


def _drafts() -> None:
    op.create_table(
        "parked_drafts",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("visit", sa.String(), nullable=False),
        sa.Column("photos", JSONB(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("parked_at", MOMENT, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="parked_drafts_person_id_fkey"),
        sa.PrimaryKeyConstraint("person_id", "visit_id", name="parked_drafts_pkey"),
    )
    op.create_index("parked_drafts_parked_at_idx", "parked_drafts", ["parked_at"])
    op.create_table(
        "parked_photos",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id", "visit_id"], ["parked_drafts.person_id", "parked_drafts.visit_id"], ondelete="CASCADE",
            name="parked_photos_person_id_visit_id_fkey",
        ),
        sa.PrimaryKeyConstraint("person_id", "visit_id", "evidence_id", name="parked_photos_pkey"),
    )  # fmt: skip


def _log() -> None:
    op.create_table(
        "device_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("fields", JSONB(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="device_log_pkey"),
    )
    op.create_index("device_log_device_id_at_idx", "device_log", ["device_id", "at"])
    op.create_index("device_log_received_at_idx", "device_log", ["received_at"])
