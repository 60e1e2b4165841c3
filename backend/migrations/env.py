"""Runs the migrations on the connection that ``migrate`` hands over, each in one transaction."""

from alembic import context
from geoalchemy2 import alembic_helpers

from backend.db import Model

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Model.metadata,
    transaction_per_migration=True,
    render_item=alembic_helpers.render_item,
)
with context.begin_transaction():
    context.run_migrations()
