"""Tours, stops, tasks and their officers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "tours",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("bundle", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("depot", sa.String(), nullable=False),
        sa.Column("travel_s", sa.Integer(), nullable=False),
        sa.Column("travel_m", sa.Integer(), nullable=False),
        sa.Column("quality", sa.String(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("data_version", sa.String(), nullable=False),
        sa.Column("path", JSONB(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="tours_round_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="tours_pkey"),
        sa.UniqueConstraint("round_id", "label", name="tours_round_id_label_key"),
    )
    op.create_index("tours_round_id_bundle_idx", "tours", ["round_id", "bundle"], unique=False)
    op.create_table(
        "unplanned_stops",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="unplanned_stops_entity_id_fkey"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="unplanned_stops_round_id_fkey"),
        sa.PrimaryKeyConstraint("round_id", "entity_id", name="unplanned_stops_pkey"),
    )
    op.create_table(
        "stops",
        sa.Column("tour_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("arrive_s", sa.Integer(), nullable=False),
        sa.Column("depart_s", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="stops_entity_id_fkey"),
        sa.ForeignKeyConstraint(["tour_id"], ["tours.id"], name="stops_tour_id_fkey"),
        sa.PrimaryKeyConstraint("tour_id", "seq", name="stops_pkey"),
    )
    op.create_index("stops_entity_id_idx", "stops", ["entity_id"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("tour_id", sa.Uuid(), nullable=True),
        sa.Column("checklist_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["checklist_id"], ["checklists.id"], name="tasks_checklist_id_fkey"),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="tasks_entity_id_fkey"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="tasks_round_id_fkey"),
        sa.ForeignKeyConstraint(["tour_id"], ["tours.id"], name="tasks_tour_id_fkey"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="tasks_unit_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="tasks_pkey"),
        sa.UniqueConstraint("number", name="tasks_number_key"),
        sa.UniqueConstraint("round_id", "entity_id", name="tasks_round_id_entity_id_key"),
    )
    op.create_index("tasks_district_state_idx", "tasks", ["district", "state"], unique=False)
    op.create_index("tasks_entity_id_idx", "tasks", ["entity_id"], unique=False)
    op.create_index("tasks_tour_id_idx", "tasks", ["tour_id"], unique=False)
    op.create_table(
        "task_officers",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("inspector_id", sa.Uuid(), nullable=False),
        sa.Column("leader", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["inspector_id"], ["inspectors.id"], name="task_officers_inspector_id_fkey"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="task_officers_task_id_fkey"),
        sa.PrimaryKeyConstraint("task_id", "inspector_id", name="task_officers_pkey"),
    )
    op.create_index("task_officers_inspector_id_idx", "task_officers", ["inspector_id"], unique=False)
    # ### end Alembic commands ###
