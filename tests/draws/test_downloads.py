"""What strangers take home from the public site, and what operators print."""

import json

from click.testing import CliRunner

from backend.cli import main
from backend.public import verify_draw
from tests.draws.opened import opened
from tests.makers import Ceremony, a_scored_district


def test_an_opened_lots_bundle_is_public_and_passes(session, client, drain):
    bundles = opened(session, Ceremony(session, a_scored_district(session)), drain)
    session.commit()
    for bundle in bundles:
        answer = client.get(f"/lots/{bundle['lot']}/bundle.json")
        assert answer.status_code == 200
        assert answer.json == bundle
        assert all(good for _, good in verify_draw.checks(answer.json))


def test_there_is_no_bundle_of_what_is_not_there(client):
    assert client.get("/lots/nothing/bundle.json").status_code == 404


def test_both_scripts_can_be_downloaded_as_they_run_here(client):
    for name in ("verify_draw.py", "verify_signatures.py"):
        answer = client.get(f"/{name}")
        assert answer.status_code == 200
        assert answer.data.startswith(b"#!/usr/bin/env python3\n")
        assert name in answer.headers["Content-Disposition"]


def test_the_command_line_says_which_lot_it_does_not_know(app):
    told = CliRunner().invoke(main, ["lot", "bundle", "nothing"])
    assert told.exit_code == 1
    assert "nothing" in told.output
    assert not told.output.startswith("{") or json.loads(told.output)
