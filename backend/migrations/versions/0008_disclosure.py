"""Notices and the terms that law sets."""

from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

TERMS = (
    ("pub.result.wd", 20, "国发〔2019〕5号"),
    ("pub.decision.wd", 20, "国办发〔2018〕118号"),
    ("pub.penalty.wd", 7, "国办发〔2018〕118号"),
    ("pub.food.wd", 20, "食品生产经营监督检查管理办法"),
    ("pub.withdraw.wd", 3, "行政处罚法 48"),
)
revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "legal_terms",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", "effective", name="legal_terms_pkey"),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", JSONB(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="notices_entity_id_fkey"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="notices_unit_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="notices_pkey"),
        sa.UniqueConstraint("kind", "subject", "version", name="notices_kind_subject_version_key"),
        sa.UniqueConstraint("number", "version", name="notices_number_version_key"),
    )
    op.create_index("notices_entity_id_idx", "notices", ["entity_id"], unique=False)
    op.create_index("notices_state_published_at_idx", "notices", ["state", "published_at"], unique=False)
    op.create_index(
        "notices_words_idx",
        "notices",
        ["words"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    )
    # ### end Alembic commands ###
    terms = sa.table(
        "legal_terms",
        sa.column("key"),
        sa.column("effective"),
        sa.column("value"),
        sa.column("basis"),
    )
    op.bulk_insert(
        terms,
        [{"key": key, "effective": date(2019, 1, 1), "value": value, "basis": basis} for key, value, basis in TERMS],
    )
