"""Among a million photos the same one is found through the index, at once."""

import pytest
from sqlalchemy import create_engine, text

from backend.bench.photos import look_for, many_likenesses
from backend.config import read_settings
from backend.inspections.likenesses import ALIKE_ONES
from media.likeness import ALIKE, bits_apart, pieces


@pytest.fixture
def alone(services):
    """A connection that commits each statement, with a table of likenesses of its own."""
    engine = create_engine(read_settings().database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize("count", [20_000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_a_search_reads_the_index_alone_and_finds_what_a_look_at_all_photos_finds(alone, count):
    many_likenesses(alone, count)
    known = alone.scalar(text("select likeness from likeness_pieces limit 1"))
    asked = known ^ 0b111  # three bits off
    facts = {"likeness": asked, "pieces": pieces(asked), "alike": ALIKE, "most": 500}
    plan = "\n".join(alone.scalars(text(f"explain (analyze) {ALIKE_ONES.text}"), facts))
    assert "Index Only Scan using likeness_pieces_pkey" in plan, plan
    assert "Heap Fetches: 0" in plan, plan
    assert "Seq Scan" not in plan, plan
    everybody = alone.execute(text("select likeness, evidence_id from likeness_pieces where piece < 512"))
    alike = {id_ for likeness, id_ in everybody if bits_apart(likeness, asked) <= ALIKE}
    assert {id_ for id_, _ in look_for(alone, asked)} == alike
    assert alike
