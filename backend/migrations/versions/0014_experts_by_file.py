"""Experts: their certificate, contract and pledge (DOMAIN §1.4), known again by the certificate, with a history."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the columns and the trigger that keeps earlier states."""
    op.add_column("experts", sa.Column("qualification_no", sa.String(), nullable=True))
    op.add_column("experts", sa.Column("contract_type", sa.String(), nullable=True))
    op.add_column("experts", sa.Column("pledged", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column(
        "experts",
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.create_unique_constraint("experts_qualification_no_key", "experts", ["qualification_no"])
    op.execute("create trigger experts_history before update on experts for each row execute function keep_history()")
