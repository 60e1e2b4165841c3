"""Accounts: units, people, roles, console sessions, phones."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "units",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("code", sa.String(), nullable=False, unique=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("level", sa.String(32), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), sa.ForeignKey("units.id")),
        sa.Column("path", sa.String(), nullable=False, unique=True),
        sa.Column("site", sa.String()),
        sa.Column("lon", sa.Float()),
        sa.Column("lat", sa.Float()),
        sa.Column("active", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("unit_id", sa.Uuid(), sa.ForeignKey("units.id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("username", sa.String(), unique=True),
        sa.Column("password_hash", sa.String()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
    )
    op.create_index("people_unit_id_idx", "people", ["unit_id"])
    op.create_table(
        "role_grants",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("unit_id", sa.Uuid(), sa.ForeignKey("units.id"), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("granted_at", TIME, nullable=False),
        sa.UniqueConstraint("person_id", "role", "unit_id", "district"),
    )
    op.create_table(
        "console_sessions",
        sa.Column("secret_hash", sa.String(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("csrf", sa.String(), nullable=False),
        sa.Column("signed_in_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
    )
    op.create_index("console_sessions_person_id_idx", "console_sessions", ["person_id"])
    make_phone_tables()


def make_phone_tables() -> None:
    """Enrolments, devices, nonces and tokens."""
    op.create_table(
        "enrolments",
        sa.Column("code_hash", sa.String(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("shown_by", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME),
    )
    op.create_table(
        "devices",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("public_key", JSONB(), nullable=False),
        sa.Column("enrolled_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME),
    )
    op.create_index("devices_person_id_idx", "devices", ["person_id"])
    op.create_table(
        "device_nonces",
        sa.Column("nonce", sa.String(), primary_key=True),
        sa.Column("device_id", sa.Uuid(), sa.ForeignKey("devices.id"), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
    )
    op.create_table(
        "device_tokens",
        sa.Column("secret_hash", sa.String(), primary_key=True),
        sa.Column("device_id", sa.Uuid(), sa.ForeignKey("devices.id"), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
    )
    op.create_index("device_tokens_expires_at_idx", "device_tokens", ["expires_at"])
