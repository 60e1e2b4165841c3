"""The migrations build exactly what the models describe."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from backend import app, worker  # noqa: F401 - every room's tables are known once both are there
from backend.config import settings
from backend.db import Model

OTHERS = {"spatial_ref_sys", "alembic_version"}


@pytest.mark.filterwarnings("ignore:Expression #1")  # the trigram index is an expression
def test_migrations_match_the_models(services: None):
    engine = create_engine(settings().database_owner_url)
    with engine.connect() as connection:
        options = {"include_object": lambda _o, name, kind, *_: kind != "table" or name not in OTHERS}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Model.metadata) == []
    engine.dispose()
