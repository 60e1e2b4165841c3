"""Tasks remember the transaction that last changed them or their team, so that phones pull only what is new."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

XID = "pg_current_xact_id()::text::bigint"
STAMP = f"""create function stamp_task() returns trigger language plpgsql as
$$ begin new.changed_xid := {XID}; return new; end $$"""


def touching(table: str, when: str, tasks: str, condition: str = "") -> tuple[str, str]:
    """A function and a trigger that mark the tasks a row of another table tells about."""
    body = f"begin update tasks set changed_xid = {XID} where {tasks}; return null; end"  # noqa: S608 - constants of this file
    return (
        f"create function touch_tasks_of_{table}() returns trigger language plpgsql as $$ {body} $$",
        f"create trigger touch_tasks after {when} on {table} for each row {condition}"
        f" execute function touch_tasks_of_{table}()",
    )


SHOWN = ("name", "uscc", "address", "phone", "district", "place::text")
"""What phones show of an entity; scoring the city changes none of it and must not touch tasks"""
OTHER = " or ".join(f"old.{name} is distinct from new.{name}" for name in SHOWN)


def upgrade() -> None:
    """Add the column and the triggers that keep it, whoever writes."""
    op.add_column("tasks", sa.Column("changed_xid", sa.BigInteger(), server_default="0", nullable=False))
    op.execute(STAMP)
    op.execute("create trigger stamp before insert or update on tasks for each row execute function stamp_task()")
    for function, trigger in (
        touching("task_officers", "insert or update or delete", "id in (old.task_id, new.task_id)"),
        touching("entities", "update", "entity_id = new.id", f"when ({OTHER})"),
        touching("results", "insert or update", "entity_id = new.entity_id"),
        touching("stops", "insert or update", "tour_id = new.tour_id and entity_id = new.entity_id"),
    ):
        op.execute(function)
        op.execute(trigger)
