"""What several migrations need: grants for the application's role, and tables that only grow."""

import sqlalchemy as sa
from alembic import op

from backend.migrations import application_role


def make_refuse_change() -> None:
    """The trigger function behind ``append_only``."""
    op.execute(
        "create function refuse_change() returns trigger language plpgsql as $$ begin "
        "raise exception 'rows of % are never changed or removed', tg_table_name; end $$"
    )


def append_only(table: str) -> None:
    """Let the table only grow: UPDATE, DELETE and TRUNCATE are refused whoever asks, and not granted."""
    op.execute(
        f"create trigger {table}_append_only before update or delete or truncate on {table} "
        "for each statement execute function refuse_change()"
    )
    if role := _role_apart():
        op.execute(f'revoke update, delete on {table} from "{role}"')


def grant_daily_work() -> None:
    """Give the application's role reading and writing on all tables, those made later included."""
    if role := _role_apart():
        daily, schema = "select, insert, update, delete", "in schema public"
        op.execute(f'grant usage on schema public to "{role}"')
        op.execute(f'grant {daily} on all tables {schema} to "{role}"')
        op.execute(f'alter default privileges {schema} grant {daily} on tables to "{role}"')
        op.execute(f'grant usage on all sequences {schema} to "{role}"')
        op.execute(f'alter default privileges {schema} grant usage on sequences to "{role}"')


def _role_apart() -> str | None:
    """The application's role, when it is another than the owner who migrates."""
    owner = op.get_bind().execute(sa.text("select current_user")).scalar()
    role = application_role()
    return role if role != owner else None
