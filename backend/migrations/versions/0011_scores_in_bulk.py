"""Scores in bulk: one row a cause, marks that tell what needs no new history, facts found by district."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

KEEP_ENTITY_HISTORY = """
create function keep_entity_history() returns trigger language plpgsql as $$
declare plain entities := new;
begin
  -- Every score with its reasons stands in scores; here only a change of class is a new state, the first class is none.
  plain.changed_at := old.changed_at;
  plain.score := old.score;
  plain.scored_at := old.scored_at;
  plain.model_version := old.model_version;
  if old.credit_class is null then plain.credit_class := null; end if;
  if plain is distinct from old then
    insert into registry_history (kind, row_id, since, until, row)
    values (tg_table_name, old.id, old.changed_at, clock_timestamp(), to_jsonb(old));
    new.changed_at := clock_timestamp();
  end if;
  return new;
end $$
"""
MOVE_FACTS = """
create function move_facts() returns trigger language plpgsql as $$ begin
  update facts set district = new.district where entity_id = new.id;
  return null;
end $$
"""


def upgrade() -> None:
    """A score is known by entity and cause; marks; facts by district, which follows their entity's."""
    op.drop_constraint("scores_pkey", "scores")
    op.drop_constraint("scores_entity_id_cause_key", "scores")
    op.drop_column("scores", "id")
    op.create_primary_key("scores_pkey", "scores", ["entity_id", "cause"])
    op.create_table(
        "score_marks",
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="score_marks_entity_id_fkey"),
        sa.PrimaryKeyConstraint("entity_id", name="score_marks_pkey"),
    )
    op.drop_index("facts_entity_id_indicator_as_of_idx", "facts")
    op.create_index("facts_district_idx", "facts", ["district"])
    op.execute(
        "update facts f set district = e.district from entities e where e.id = f.entity_id and e.district <> f.district"
    )
    op.execute(MOVE_FACTS)
    op.execute(
        "create trigger entities_move_facts after update of district on entities for each row "
        "when (old.district is distinct from new.district) execute function move_facts()"
    )
    op.execute(KEEP_ENTITY_HISTORY)
    op.execute("drop trigger entities_history on entities")
    op.execute(
        "create trigger entities_history before update on entities for each row execute function keep_entity_history()"
    )
