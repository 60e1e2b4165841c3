"""Evidence: what it is for, so that drawn signatures are not looked for among photos."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add the column."""
    op.add_column("evidence", sa.Column("purpose", sa.String(), nullable=True))
