"""What submissions are measured beside: an endpoint that inserts one row, on the same ground and the same kind of server."""

from typing import Any

from flask import Flask, g, request
from sqlalchemy import text

from backend.web import Door, allows

TABLE = """
    create table if not exists bench_rows (id uuid primary key, body jsonb not null);
    grant select, insert on bench_rows to fieldlot_app;
"""
INSERT = text("insert into bench_rows values (:id, cast(:body as jsonb)) on conflict do nothing")


def create_app() -> Flask:
    """PUT /rows/{id}: the JSON of the body, as it is, in one row."""
    app = Door("bare", recognise=lambda: None)

    @app.put("/rows/<uuid:row_id>")
    @allows(lambda _: True)
    def put(row_id: Any) -> tuple[dict[str, str], int]:
        g.session.execute(INSERT, {"id": row_id, "body": request.get_data(as_text=True)})
        return {"id": str(row_id)}, 201

    return app
