"""Arrivals, evidence, submissions, receipts, reviews, results."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "arrivals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clock_offset_ms", sa.Integer(), nullable=False),
        sa.Column("fix", Geometry(geometry_type="POINT", srid=4326, spatial_index=False), nullable=True),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("distance_m", sa.Double(), nullable=True),
        sa.Column("inside", sa.Boolean(), nullable=False),
        sa.Column("scanned", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="arrivals_task_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="arrivals_pkey"),
    )
    op.create_index("arrivals_task_id_idx", "arrivals", ["task_id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clock_offset_ms", sa.Integer(), nullable=True),
        sa.Column("fix", Geometry(geometry_type="POINT", srid=4326, spatial_index=False), nullable=True),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("exif", JSONB(), nullable=True),
        sa.Column("flags", JSONB(), nullable=False),
        sa.Column("likeness", sa.BigInteger(), nullable=True),
        sa.Column("thumbnail", sa.String(), nullable=True),
        sa.Column("district", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="evidence_task_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="evidence_pkey"),
    )
    op.create_index("evidence_sha256_idx", "evidence", ["sha256"], unique=False)
    op.create_index("evidence_task_id_idx", "evidence", ["task_id"], unique=False)
    op.create_table(
        "submissions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("body", JSONB(), nullable=False),
        sa.Column("body_sha256", sa.String(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conclusion", sa.String(), nullable=False),
        sa.Column("result_code", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="submissions_task_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="submissions_pkey"),
        sa.UniqueConstraint("task_id", "version", name="submissions_task_id_version_key"),
    )
    op.create_index("submissions_district_state_idx", "submissions", ["district", "state"], unique=False)
    op.create_table(
        "findings",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("key", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name="findings_submission_id_fkey"),
        sa.PrimaryKeyConstraint("submission_id", "item", name="findings_pkey"),
    )
    op.create_table(
        "receipts",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("manifest", JSONB(), nullable=False),
        sa.Column("manifest_sha256", sa.String(), nullable=False),
        sa.Column("received_at", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name="receipts_submission_id_fkey"),
        sa.PrimaryKeyConstraint("submission_id", name="receipts_pkey"),
    )
    op.create_table(
        "results",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("result_code", sa.String(), nullable=False),
        sa.Column("conclusion", sa.String(), nullable=False),
        sa.Column("key_failed", sa.Integer(), nullable=False),
        sa.Column("general_failed", sa.Integer(), nullable=False),
        sa.Column("general_asked", sa.Integer(), nullable=False),
        sa.Column("visited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="results_entity_id_fkey"),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name="results_submission_id_fkey"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="results_task_id_fkey"),
        sa.PrimaryKeyConstraint("task_id", name="results_pkey"),
    )
    op.create_index("results_entity_id_idx", "results", ["entity_id"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name="reviews_submission_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="reviews_pkey"),
    )
    op.create_index("reviews_submission_id_idx", "reviews", ["submission_id"], unique=False)
    op.create_table(
        "submission_photos",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="submission_photos_evidence_id_fkey"),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name="submission_photos_submission_id_fkey"),
        sa.PrimaryKeyConstraint("submission_id", "evidence_id", name="submission_photos_pkey"),
    )
    # ### end Alembic commands ###
