"""Deliveries count how often they were sent apart from how often their job began: a lost queue is no failure."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Add the column; what was sent before goes on from the attempts, so that jobs keep ids of their own."""
    op.add_column("deliveries", sa.Column("sends", sa.Integer(), server_default="0", nullable=False))
    op.execute("update deliveries set sends = attempts where attempts > 0")
