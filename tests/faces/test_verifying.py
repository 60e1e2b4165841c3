"""What strangers check a lot with: the verifier's page, its saved copy, and a drawn party's own page."""

import pytest
from sqlalchemy import select

from backend.draws import changes
from backend.draws.models import Pick
from tests.makers import Ceremony, a_scored_district

HTML = {"Accept": "text/html"}


@pytest.fixture
def drawn(session):
    """A ceremony and its entities lot, drawn."""
    ceremony = Ceremony(session, a_scored_district(session))
    lot = ceremony.draw(ceremony.a_round())
    session.commit()
    return ceremony, lot


def test_a_drawn_lot_leads_to_its_check(client, drawn):
    _, lot = drawn
    assert f"/verify?lot={lot.name}" in client.get(f"/lots/{lot.name}", headers=HTML).text
    shown = client.get(f"/verify?lot={lot.name}", headers=HTML).text
    assert f'data-url="/lots/{lot.name}/bundle.json"' in shown
    for language, limit in (("zh", "证明不了什么"), ("en", "cannot show")):
        assert limit in client.get(f"/verify?lang={language}", headers=HTML).text
    assert client.get("/verify?lot=none", headers=HTML).status_code == 404


def test_the_saved_page_holds_everything_and_asks_nobody(client):
    saved = client.get("/verify/page.html")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert "src=" not in saved.text
    assert "stylesheet" not in saved.text
    assert saved.text.count("</script>") == 1


def test_a_drawn_party_reads_that_nobody_chose_it_and_strangers_read_nothing(client, session, drawn):
    ceremony, lot = drawn
    pick = session.scalars(select(Pick).where(Pick.lot_id == lot.id, Pick.state == "drawn")).first()
    salt = changes.salt_for(session, actor=ceremony.operator, lot_id=lot.id, entity_id=pick.entity_id)
    answer = client.get(salt.path, headers=HTML)
    assert "没有人挑选您" in answer.text
    assert salt.alias in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(salt.path[:-1] + "x", headers=HTML).status_code == 404
