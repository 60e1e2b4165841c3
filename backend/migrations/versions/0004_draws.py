"""Draws: plans, rounds, pools, lots, picks, matches, recusals, the public log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from backend.migrations.tools import append_only

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "log_heads",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("time", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("size", name="log_heads_pkey"),
    )
    op.create_table(
        "log_records",
        sa.Column("index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lot", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("index", name="log_records_pkey"),
    )
    op.create_index("log_records_hash_idx", "log_records", ["hash"], unique=False)
    op.create_index("log_records_lot_idx", "log_records", ["lot"], unique=False)
    op.create_table(
        "plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("joint", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="plans_unit_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="plans_pkey"),
        sa.UniqueConstraint("code", name="plans_code_key"),
    )
    op.create_table(
        "rounds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("directed", sa.Boolean(), nullable=False),
        sa.Column("filter", JSONB(), nullable=False),
        sa.Column("weights", JSONB(), nullable=False),
        sa.Column("minimums", JSONB(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("reserve", sa.Integer(), nullable=False),
        sa.Column("accepted", JSONB(), nullable=True),
        sa.Column("team_size", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="rounds_item_id_fkey"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="rounds_plan_id_fkey"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="rounds_unit_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="rounds_pkey"),
        sa.UniqueConstraint("code", name="rounds_code_key"),
        sa.UniqueConstraint("number", name="rounds_number_key"),
    )
    op.create_index("rounds_plan_id_idx", "rounds", ["plan_id"], unique=False)
    op.create_table(
        "lots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("alias_key", sa.LargeBinary(), nullable=False),
        sa.Column("nonces", sa.LargeBinary(), nullable=False),
        sa.Column("dice", sa.String(), nullable=True),
        sa.Column("seed", sa.String(), nullable=True),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operator", sa.Uuid(), nullable=False),
        sa.Column("commit_hash", sa.String(), nullable=False),
        sa.Column("staff", JSONB(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="lots_round_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="lots_pkey"),
        sa.UniqueConstraint("name", name="lots_name_key"),
        sa.UniqueConstraint("round_id", "kind", "attempt", name="lots_round_id_kind_attempt_key"),
    )
    op.create_table(
        "pool_exclusions",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="pool_exclusions_entity_id_fkey"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="pool_exclusions_round_id_fkey"),
        sa.PrimaryKeyConstraint("round_id", "entity_id", name="pool_exclusions_pkey"),
    )
    op.create_table(
        "pool_members",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("stratum", sa.String(), nullable=False),
        sa.Column("model_version", sa.String(), nullable=True),
        sa.Column("district", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="pool_members_entity_id_fkey"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="pool_members_round_id_fkey"),
        sa.PrimaryKeyConstraint("round_id", "entity_id", name="pool_members_pkey"),
    )
    op.create_table(
        "recusals",
        sa.Column("inspector_id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="recusals_entity_id_fkey"),
        sa.ForeignKeyConstraint(["inspector_id"], ["inspectors.id"], name="recusals_inspector_id_fkey"),
        sa.PrimaryKeyConstraint("inspector_id", "entity_id", name="recusals_pkey"),
    )
    op.create_table(
        "matches",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("inspector_id", sa.Uuid(), nullable=False),
        sa.Column("tour", sa.String(), nullable=False),
        sa.Column("leader", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["inspector_id"], ["inspectors.id"], name="matches_inspector_id_fkey"),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name="matches_lot_id_fkey"),
        sa.PrimaryKeyConstraint("lot_id", "inspector_id", name="matches_pkey"),
    )
    op.create_index("matches_inspector_id_idx", "matches", ["inspector_id"], unique=False)
    op.create_table(
        "picks",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("stratum", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="picks_entity_id_fkey"),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name="picks_lot_id_fkey"),
        sa.PrimaryKeyConstraint("lot_id", "entity_id", name="picks_pkey"),
    )
    op.create_index("picks_entity_id_idx", "picks", ["entity_id"], unique=False)
    op.create_table(
        "witnessings",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name="witnessings_lot_id_fkey"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="witnessings_person_id_fkey"),
        sa.PrimaryKeyConstraint("lot_id", "person_id", name="witnessings_pkey"),
    )
    # ### end Alembic commands ###
    append_only("log_records")
    append_only("log_heads")
