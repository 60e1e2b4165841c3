"""What is shown of a lot: its sources as they come in, its tickets, and what a visited party may know."""

import pytest

from backend.draws import ceremonies, changes, lots, nonces, rounds, rules
from backend.problems import NotFound
from tests.makers import Ceremony, a_scored_district


@pytest.fixture
def ceremony(session):
    return Ceremony(session, a_scored_district(session))


def states(session, lot):
    return {(s.kind, s.state) for s in ceremonies.ceremony(session, lot.id).sources}


def test_each_source_is_shown_as_it_comes_in(session, ceremony):
    round_ = ceremony.a_round()
    rounds.freeze_pool(session, actor=ceremony.operator, round_id=round_.id)
    offer = {"round_id": round_.id, "kind": "entities", "digest": "ab" * 32}
    nonces.offer_nonce(session, actor=ceremony.witnesses[0], **offer)
    assert [digest for _, digest in ceremonies.offered(session, round_.id, "entities")] == ["ab" * 32]
    lot = lots.commit_entities(session, actor=ceremony.operator, round_id=round_.id)
    assert states(session, lot) == {("dice", "waiting"), ("nonce", "kept"), ("nonce", "waiting")}
    ceremony.dice(lot)
    shown = ceremonies.ceremony(session, lot.id)
    assert ("dice", "in") in states(session, lot)
    assert shown.missing == [f"witness@{ceremony.unit.code}"]
    assert shown.drand is None
    assert shown.head.size == 1


def test_an_audience_sees_tickets_in_their_order_and_no_names(session, ceremony):
    lot = ceremony.draw(ceremony.a_round())
    shown = ceremonies.tickets(session, lot.name)
    assert sum(map(len, shown.values())) == 6
    for rows in shown.values():
        assert [ticket for _, ticket in rows] == sorted(ticket for _, ticket in rows)
        assert all(rules.ticket(lot.seed, alias) == ticket for alias, ticket in rows)
    assert [p for p in ceremonies.picks(session, lot.id) if p.state == "drawn" and p.entity]


def test_a_party_sees_its_own_place_and_a_wrong_salt_opens_nothing(session, ceremony):
    lot = ceremony.draw(ceremony.a_round())
    drawn = next(p for p in ceremonies.picks(session, lot.id) if p.state == "drawn")
    salt = changes.salt_for(session, actor=ceremony.operator, lot_id=lot.id, entity_id=drawn.entity_id)
    proof = ceremonies.party_proof(session, lot.name, salt.id, salt.salt)
    assert (proof.alias, proof.drawn, proof.position) == (drawn.alias, True, drawn.position + 1)
    assert 0 < proof.drawn_of_stratum <= proof.in_stratum
    for id_, wrong in ((salt.id, "00" * 32), ("nobody", salt.salt), (salt.id[::-1], salt.salt)):
        with pytest.raises(NotFound):
            ceremonies.party_proof(session, lot.name, id_, wrong)
