"""Migrations: numbered, forward only, proven to match the models; ``fieldlot migrate`` runs them as the owner."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, make_url, text

from backend.config import settings


def migrate() -> None:
    """Bring the database to the newest migration, giving up soon when a table is busy."""
    engine = create_engine(settings().database_owner_url)
    with engine.connect() as connection:
        migrate_on(connection)
    engine.dispose()


def migrate_on(connection: Connection) -> None:
    """The same on an open connection of the owner."""
    connection.execute(text("select pg_advisory_lock(20240607)"))
    connection.execute(text("set lock_timeout = '10s'"))
    connection.commit()
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.execute(text("select pg_advisory_unlock(20240607)"))
    connection.commit()


def application_role() -> str:
    """The role that the application signs in as; migrations grant it what it may do."""
    return make_url(settings().database_url).username or "fieldlot_app"
