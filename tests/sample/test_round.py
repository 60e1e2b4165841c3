"""Promises of the sample's round: every state of a visit is there on first opening, and the lots can be replayed."""

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.draws.models import Lot
from backend.inspections.models import Arrival, Receipt, Submission
from backend.inspections.visit_evidence import visit_evidence
from backend.registry.models import Entity
from backend.sample.load import AlreadyFilled, load_sample
from backend.tours.models import Task, Tour
from tests.standing import Ground, standing


@pytest.fixture(scope="module")
def ground(services) -> Iterator[Ground]:
    with standing(lambda session: load_sample(session, count=700, tell=lambda _: None)) as ground:
        yield ground


@pytest.fixture
def sample(session: Session, ground: Ground) -> Session:
    return session


def test_the_sample_shows_a_round_in_the_middle_of_its_course(sample: Session) -> None:
    states = Counter(task.state.value for task in sample.scalars(select(Task)))
    assert states == {"approved": 1, "returned": 1, "submitted": 1, "on_site": 1, "assigned": 8}
    assert sample.query(Receipt).count() == 3
    assert all(arrival.inside for arrival in sample.scalars(select(Arrival)))
    assert {tour.quality for tour in sample.scalars(select(Tour))} == {"road"}
    assert {lot.kind for lot in sample.scalars(select(Lot))} == {"entities", "teams"}


def test_nothing_about_the_samples_visits_is_doubtful(sample: Session) -> None:
    seen = [visit_evidence(sample, id_) for id_ in sample.scalars(select(Submission.id))]
    assert [doubt for visit in seen for piece in visit.pieces for doubt in piece.doubts] == []
    assert all(visit.chain and visit.broken_at is None for visit in seen)


def test_a_second_sample_is_refused_and_changes_nothing(sample: Session) -> None:
    before = sample.query(Entity).count()
    with pytest.raises(AlreadyFilled):
        load_sample(sample, count=700, tell=lambda _: None)
    assert sample.query(Entity).count() == before
