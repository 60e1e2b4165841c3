"""Registry: indexes of numbers hold only the rows that have one, and an import may tidy the index of words."""

from alembic import op

revision = "0015"
down_revision = "0014"
NUMBERS = ("reg_no", "licence_no")


def upgrade() -> None:
    """Change the indexes; give the function that an import calls at its end."""
    for name in NUMBERS:
        op.execute(f"drop index entities_{name}_idx")
        op.execute(f"create index entities_{name}_idx on entities ({name}) where {name} is not null")
    op.execute(
        "create function tidy_entity_words() returns bigint language sql security definer set search_path = public, pg_temp"
        " as 'select gin_clean_pending_list(''entities_words_idx''::regclass)'"
    )
