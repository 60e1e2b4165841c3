"""Owners of entities, who sign in for them, and their objections against a term that law sets (DOMAIN §6.3, §8)."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

TERM = """insert into legal_terms (key, value, effective, basis)
values ('query.wd', 20, '2014-10-01', '企业信息公示暂行条例 第十三条')"""


def upgrade() -> None:
    """Make the tables, and the term within which an objection is answered."""
    op.create_table(
        "entity_owners",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="entity_owners_person_id_fkey"),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="entity_owners_entity_id_fkey"),
        sa.PrimaryKeyConstraint("person_id", "entity_id", name="entity_owners_pkey"),
    )
    op.create_index("entity_owners_entity_id_idx", "entity_owners", ["entity_id"])
    op.create_table(
        "objections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("filed_by", sa.Uuid(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="objections_entity_id_fkey"),
        sa.ForeignKeyConstraint(["filed_by"], ["people.id"], name="objections_filed_by_fkey"),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name="objections_answered_by_fkey"),
        sa.PrimaryKeyConstraint("id", name="objections_pkey"),
    )
    op.create_index("objections_entity_id_idx", "objections", ["entity_id"])
    op.create_index("objections_state_due_on_idx", "objections", ["state", "due_on"])
    op.execute(TERM)
