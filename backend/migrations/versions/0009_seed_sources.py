"""Draws: what a seed comes from (beacon, witnesses' nonces), and who asks that a lot be void."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the columns and the table."""
    op.add_column("lots", sa.Column("seed_plan", JSONB(), server_default="{}", nullable=False))
    op.add_column("lots", sa.Column("drand", JSONB(), nullable=True))
    op.add_column("lots", sa.Column("void", JSONB(), nullable=True))
    op.execute(
        "update lots set seed_plan = (select cast(r.record as jsonb) -> 'seed_plan' from log_records r"
        " where r.hash = lots.commit_hash) where commit_hash in (select hash from log_records)"
    )
    op.create_table(
        "offered_nonces",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="offered_nonces_round_id_fkey"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="offered_nonces_person_id_fkey"),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name="offered_nonces_lot_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="offered_nonces_pkey"),
    )
    op.create_index("offered_nonces_lot_id_idx", "offered_nonces", ["lot_id"], unique=False)
    op.create_index("offered_nonces_round_id_kind_idx", "offered_nonces", ["round_id", "kind"], unique=False)
