"""Scorecards, facts and scores."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "scorecards",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("indicators", JSONB(), nullable=False),
        sa.Column("thresholds", JSONB(), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("adopted_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="scorecards_pkey"),
    )
    op.create_table(
        "facts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("repaired", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="facts_entity_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="facts_pkey"),
        sa.UniqueConstraint(
            "entity_id",
            "indicator",
            "source",
            "source_id",
            name="facts_entity_id_indicator_source_source_id_key",
        ),
    )
    op.create_index(
        "facts_entity_id_indicator_as_of_idx",
        "facts",
        ["entity_id", "indicator", "as_of"],
        unique=False,
    )
    op.create_table(
        "scores",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("credit_class", sa.String(), nullable=False),
        sa.Column("completeness", sa.Integer(), nullable=False),
        sa.Column("reasons", JSONB(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="scores_entity_id_fkey"),
        sa.ForeignKeyConstraint(["version"], ["scorecards.version"], name="scores_version_fkey"),
        sa.PrimaryKeyConstraint("id", name="scores_pkey"),
        sa.UniqueConstraint("entity_id", "cause", name="scores_entity_id_cause_key"),
    )
    op.create_index("scores_entity_id_at_idx", "scores", ["entity_id", "at"], unique=False)
    # ### end Alembic commands ###
