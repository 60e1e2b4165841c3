"""The bundles that the browser's verifier is tried on: real ones, kept as files; KEEP_BUNDLES=1 makes them anew."""

import json
import os
from pathlib import Path

import pytest
from sqlalchemy import select

from backend.draws import bundles, changes, lots, voids
from backend.draws.models import Match, Pick
from backend.inspections import outcomes
from backend.public import verify_draw
from backend.tours import commands as tours
from tests.makers import Ceremony, a_scored_district

KEPT = Path(__file__).parent / "bundles"
NAMES = ("entities", "teams")


@pytest.mark.parametrize("name", NAMES)
def test_a_kept_bundle_passes_the_script_that_strangers_run(name):
    bundle = json.loads((KEPT / f"{name}.json").read_text())
    assert [sentence for sentence, passed in verify_draw.checks(bundle) if not passed] == []


@pytest.mark.skipif(not os.environ.get("KEEP_BUNDLES"), reason="KEEP_BUNDLES=1 makes the kept bundles anew")
def test_a_round_with_everything_in_it_is_kept(session, drain):
    ceremony = Ceremony(session, a_scored_district(session))
    round_ = ceremony.a_round()
    spoilt = ceremony.draw(round_)
    voids.propose_void(session, actor=ceremony.operator, lot_id=spoilt.id, reason="骰子滚落 / a die fell off")
    voids.confirm_void(session, actor=ceremony.supervisor, lot_id=spoilt.id)
    first = lots.commit_entities(session, actor=ceremony.operator, round_id=round_.id)
    ceremony.dice(first)
    lots.hold_draw(session, actor=ceremony.operator, lot_id=first.id)
    drain()
    second = tours.commit_teams(session, actor=ceremony.operator, round_id=round_.id)
    ceremony.dice(second)
    lots.match_teams(session, actor=ceremony.operator, lot_id=second.id)
    drain()
    _change(session, ceremony, first, second)
    outcomes.close_round(session, actor=ceremony.planner, round_id=round_.id, reason="计划调整")
    for name, lot in zip(NAMES, (first, second), strict=True):
        text = json.dumps(bundles.bundle(session, lot.name), ensure_ascii=False, separators=(",", ":"))
        (KEPT / f"{name}.json").write_text(text + "\n")


def _change(session, ceremony, first, second):
    """Two skips and two replacements."""
    for pick in session.scalars(select(Pick).where(Pick.lot_id == first.id, Pick.state == "drawn").limit(2)).all():
        changes.skip_pick(
            session, actor=ceremony.operator, lot_id=first.id, entity_id=pick.entity_id, reason="MOVED_OUT"
        )
    for _ in range(2):
        leaving = session.scalars(select(Match).where(Match.lot_id == second.id).order_by(Match.tour)).first()
        changes.replace_inspector(session, actor=ceremony.operator, lot_id=second.id, tour=leaving.tour,
                                  inspector_id=leaving.inspector_id, reason="SICK")  # fmt: skip
