"""Evidence: likenesses by pieces in an index, the chain of a visit's evidence, the watermarked copy, when a fix was found."""

from itertools import pairwise

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
CUTS = (0, 9, 18, 27, 37, 46, 55, 64)
"""Where media.likeness.bands cuts; tests/inspections compares"""


def upgrade() -> None:
    """Add the columns and the table, and cut the likenesses that are known."""
    op.add_column("evidence", sa.Column("watermarked", sa.String(), nullable=True))
    op.add_column("evidence", sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("evidence_device_id_taken_at_idx", "evidence", ["device_id", "taken_at"])
    op.create_index("arrivals_device_id_at_idx", "arrivals", ["device_id", "at"])
    op.add_column("submission_photos", sa.Column("link", sa.String(), nullable=True))
    op.create_table(
        "likeness_pieces",
        sa.Column("piece", sa.SmallInteger(), nullable=False),
        sa.Column("likeness", sa.BigInteger(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="likeness_pieces_evidence_id_fkey"),
        sa.PrimaryKeyConstraint("piece", "likeness", "evidence_id", name="likeness_pieces_pkey"),
    )
    for place, (start, end) in enumerate(pairwise(CUTS)):
        piece = f"{place << 10} + ((likeness >> {start}) & {(1 << (end - start)) - 1})"
        op.execute(
            f"insert into likeness_pieces select {piece}, likeness, id from evidence where likeness is not null"  # noqa: S608 - numbers of this file
        )
