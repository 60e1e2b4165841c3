"""Checklists from workbooks: the workbook beside the compiled body, its hash, and versions that never change."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

KEEP_VERSIONS = """
create function keep_checklist_version() returns trigger language plpgsql as $$ begin
  if (new.code, new.version, new.title, new.body, new.sha256, new.valid_from)
     is distinct from (old.code, old.version, old.title, old.body, old.sha256, old.valid_from) then
    raise exception 'a checklist version is never changed; enter a new one';
  end if;
  return new;
end $$
"""


def upgrade() -> None:
    """Add the columns; only the end of a version's validity may change from now on."""
    op.add_column("checklists", sa.Column("sha256", sa.String(), server_default="", nullable=False))
    op.add_column("checklists", sa.Column("workbook", sa.LargeBinary(), nullable=True))
    op.add_column(
        "checklists",
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.execute(KEEP_VERSIONS)
    op.execute(
        "create trigger checklists_keep_version before update on checklists "
        "for each row execute function keep_checklist_version()"
    )
