"""Every page opens, in both languages and as JSON, and what the pages promise comes true by pressing their buttons."""

import pytest

from backend.accounts.rules import Role
from tests.faces.desks import JSON, Desk, a_unit_elsewhere, every_role
from tests.faces.visits import a_visit
from tests.makers import a_scored_district


@pytest.fixture
def unit(session):
    return a_scored_district(session)


def pages(desk: Desk, visited) -> list[str]:
    """The address of every page that can be read."""
    entity, notices = visited.task.entity_id, desk.json("/notices")["notices"]
    console = [
        "", "plans", f"plans/{visited.plan_id}", "rounds", f"rounds/{visited.round_id}", "registry", f"entities/{entity}",
        "imports", "items", "inspectors", "people", "submissions", "submissions?state=approved",
        f"submissions/{visited.submission_id}", "ledger", "dead-letters", "sign-in",
    ]  # fmt: skip
    lots = [lot["id"] for lot in desk.json(f"/console/rounds/{visited.round_id}")["round"]["lots"]]
    console += [f"lots/{lot}/{kind}" for lot in lots for kind in ("changes", "projector")]
    public = [
        "/verify",
        f"/verify?lot={visited.lots[0]}",
        "/",
        "/notices",
        "/notices?kind=lot&q=2026",
        "/plans",
        "/lots",
        *(f"/lots/{lot}" for lot in visited.lots),
    ]
    return [f"/console/{path}" for path in console] + public + [f"/notices/{notice['number']}" for notice in notices]


def test_every_page_opens_in_both_languages_and_as_json(app, session, unit, drain):
    visited = a_visit(session, unit, drain)
    desk = Desk(app, session, unit, *every_role())
    seen = pages(desk, visited)
    assert {kind for kind in ("plan", "lot") if any(f"/{kind[0].upper()}-" in path for path in seen)} == {"plan", "lot"}
    for path in seen:
        for language, tag in (("zh", "zh-CN"), ("en", "en")):
            answer = desk.see(path, language)
            assert answer.status_code == 200, (path, language, answer.text)
            assert f'<html lang="{tag}">' in answer.text
            assert "<h1>" in answer.text, path
        assert desk.client.get(path, headers=JSON).is_json, path


def test_a_reviewer_sees_findings_and_photos_and_confirming_publishes_the_result(app, session, unit, drain):
    visited = a_visit(session, unit, drain)
    reviewer = Desk(app, session, unit, Role.REVIEWER, name="reviewer")
    page = f"/console/submissions/{visited.submission_id}"
    assert visited.task.entity.name in reviewer.see("/console/submissions").text
    assert "不符合项（1）" in reviewer.see(page).text
    for kind in ("thumbnail", "original"):
        picture = reviewer.see(f"/console/evidence/{visited.evidence_id}/{kind}")
        assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
        assert picture.data.startswith(b"\xff\xd8")
    assert reviewer.buttons(page) == [f"{page}/confirm", f"{page}/return"]
    assert reviewer.press(f"{page}/confirm").status_code == 303
    drain()
    notice = reviewer.json("/notices?kind=result")["notices"][0]
    shown = reviewer.see(f"/notices/{notice['number']}").text
    assert visited.task.entity.name in shown
    assert "不符合要求的检查项目" in shown
    assert reviewer.buttons(page) == []


def test_a_submission_elsewhere_is_not_shown(app, session, unit, drain):
    visited = a_visit(session, unit, drain)
    stranger = Desk(app, session, a_unit_elsewhere(session), *every_role(), name="stranger")
    for path in (
        f"submissions/{visited.submission_id}", f"evidence/{visited.evidence_id}/thumbnail",
        f"evidence/{visited.evidence_id}/original", f"entities/{visited.task.entity_id}",
        f"rounds/{visited.round_id}", f"plans/{visited.plan_id}",
    ):  # fmt: skip
        assert stranger.see(f"/console/{path}").status_code == 404, path
    assert stranger.json("/console/rounds")["rounds"] == stranger.json("/console/submissions")["submissions"] == []
