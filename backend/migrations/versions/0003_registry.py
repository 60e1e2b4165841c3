"""The registry: districts, entities, items, inspectors, experts, checklists, exclusions, calendar, history, imports."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0003"
down_revision = "0002"

KEEP_HISTORY = """
create function keep_history() returns trigger language plpgsql as $$ begin
  if to_jsonb(old) - 'changed_at' is distinct from to_jsonb(new) - 'changed_at' then
    insert into registry_history (kind, row_id, since, until, row)
    values (tg_table_name, old.id, old.changed_at, clock_timestamp(), to_jsonb(old));
    new.changed_at := clock_timestamp();
  end if;
  return new;
end $$
"""


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="calendar_days_pkey"),
    )
    op.create_table(
        "checklists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("title", JSONB(), nullable=False),
        sa.Column("body", JSONB(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="checklists_pkey"),
        sa.UniqueConstraint("code", "version", name="checklists_code_version_key"),
    )
    op.create_table(
        "districts",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column(
            "area",
            Geometry(geometry_type="MULTIPOLYGON", srid=4326, spatial_index=False),
            nullable=False,
        ),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="districts_pkey"),
    )
    op.create_table(
        "import_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("report", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="import_runs_pkey"),
    )
    op.create_table(
        "items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sub_name", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("object_types", ARRAY(sa.Text()), nullable=False),
        sa.Column("legal_basis", JSONB(), nullable=False),
        sa.Column("item_class", sa.String(), nullable=False),
        sa.Column("ratio_min", sa.Double(), nullable=True),
        sa.Column("ratio_max", sa.Double(), nullable=True),
        sa.Column("frequency_cap", sa.Integer(), nullable=True),
        sa.Column("qualification", sa.String(), nullable=True),
        sa.Column("expert_lead", sa.Boolean(), nullable=False),
        sa.Column("checklist_code", sa.String(), nullable=True),
        sa.Column("published_at", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="items_pkey"),
        sa.UniqueConstraint("code", name="items_code_key"),
    )
    op.create_table(
        "registry_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="registry_history_pkey"),
    )
    op.create_index(
        "registry_history_kind_row_id_since_idx",
        "registry_history",
        ["kind", "row_id", "since"],
        unique=False,
    )
    op.create_table(
        "district_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column(
            "part",
            Geometry(geometry_type="POLYGON", srid=4326, spatial_index=False),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["code"], ["districts.code"], name="district_parts_code_fkey"),
        sa.PrimaryKeyConstraint("id", name="district_parts_pkey"),
    )
    op.create_index("district_parts_part_idx", "district_parts", ["part"], unique=False, postgresql_using="gist")
    op.create_table(
        "entities",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("uscc", sa.String(), nullable=True),
        sa.Column("reg_no", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(32), nullable=False),
        sa.Column("est_date", sa.Date(), nullable=True),
        sa.Column("reg_state", sa.String(32), nullable=False),
        sa.Column("reg_org", sa.String(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("grid", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("place", Geometry(geometry_type="POINT", srid=4326, spatial_index=False), nullable=True),
        sa.Column("crs_source", sa.String(), nullable=True),
        sa.Column("coord_quality", sa.String(), nullable=True),
        sa.Column("industry", ARRAY(sa.Text()), nullable=False),
        sa.Column("trade_format", sa.String(), nullable=True),
        sa.Column("food", sa.Boolean(), nullable=False),
        sa.Column("licence_no", sa.String(), nullable=True),
        sa.Column("licence_valid_to", sa.Date(), nullable=True),
        sa.Column("licence_issuer", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("tags", ARRAY(sa.Text()), nullable=False),
        sa.Column("credit_class", sa.String(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("model_version", sa.String(), nullable=True),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_check_at", sa.Date(), nullable=True),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="entities_unit_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="entities_pkey"),
        sa.UniqueConstraint("source", "source_id", name="entities_source_source_id_key"),
    )
    op.create_index("entities_district_credit_class_idx", "entities", ["district", "credit_class"], unique=False)
    op.create_index("entities_licence_no_idx", "entities", ["licence_no"], unique=False)
    op.create_index("entities_place_idx", "entities", ["place"], unique=False, postgresql_using="gist")
    op.create_index("entities_reg_no_idx", "entities", ["reg_no"], unique=False)
    op.create_index(
        "entities_uscc_idx",
        "entities",
        ["uscc"],
        unique=True,
        postgresql_where=sa.text("uscc is not null"),
    )
    op.create_index(
        "entities_words_idx",
        "entities",
        [sa.literal_column("(name || ' ' || address) gin_trgm_ops")],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "experts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("employer", sa.String(), nullable=False),
        sa.Column("specialities", ARRAY(sa.Text()), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="experts_unit_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="experts_pkey"),
    )
    op.create_table(
        "exclusions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("item_code", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("approver", sa.String(), nullable=True),
        sa.Column("district", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="exclusions_entity_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="exclusions_pkey"),
    )
    op.create_index("exclusions_entity_id_ends_idx", "exclusions", ["entity_id", "ends"], unique=False)
    op.create_table(
        "inspectors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("card_no", sa.String(), nullable=False),
        sa.Column("card_valid_to", sa.Date(), nullable=False),
        sa.Column("qualifications", ARRAY(sa.Text()), nullable=False),
        sa.Column("expert", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="inspectors_person_id_fkey"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="inspectors_unit_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="inspectors_pkey"),
        sa.UniqueConstraint("card_no", name="inspectors_card_no_key"),
        sa.UniqueConstraint("person_id", name="inspectors_person_id_key"),
    )
    op.create_index("inspectors_unit_id_idx", "inspectors", ["unit_id"], unique=False)
    # ### end Alembic commands ###
    op.execute(KEEP_HISTORY)
    for table in ("entities", "items", "inspectors"):
        op.execute(
            f"create trigger {table}_history before update on {table} for each row execute function keep_history()"
        )
