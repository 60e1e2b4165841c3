"""``python -m backend.bench.fielding``: phones at the field door: submissions beside one bare row, pulls beside the same rows by key."""

import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from itertools import pairwise

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend.accounts.models import Person
from backend.accounts.queries import actor_of_person
from backend.accounts.rules import Actor
from backend.bench.instance import instance
from backend.bench.told import Ratio, timed
from backend.db import new_id, transaction
from backend.inspections import field_tasks, pulls
from backend.registry.models import Entity, Inspector
from backend.sample.load import load_sample
from backend.times import local_today, utc_now
from backend.tours.models import Source, Task, TaskOfficer

ENTITIES, PHONES, TOUR = 600, 600, 12
SUBMISSIONS = 240


def field_ratios() -> list[Ratio]:
    """Measured in a process of its own: it needs another instance, with the sample in it."""
    done = subprocess.run([sys.executable, "-m", "backend.bench.fielding"], stdout=subprocess.PIPE, check=True)
    return [Ratio(**told) for told in json.loads(done.stdout.splitlines()[-1])]


def main() -> None:
    """Print the ratios as one line of JSON."""
    with instance(redis=True):
        with transaction() as session:
            load_sample(session, count=ENTITIES, tell=lambda _: None)
            people = _officers(session)
        from backend.bench.submitting import submission_ratio

        told = [submission_ratio(people[:: len(people) * TOUR // SUBMISSIONS], TOUR), pull_ratio()]
    print(json.dumps([ratio.__dict__ for ratio in told]))


def _officers(session: Session) -> list[str]:
    """Give ``PHONES`` officers, two by two, a tour of ``TOUR`` visits that is open now. Returns the leaders' ids."""
    model = session.scalars(select(Task).limit(1)).one()
    staff = session.scalars(select(Inspector).order_by(Inspector.card_no).limit(PHONES)).all()
    entities = session.scalars(select(Entity.id).order_by(Entity.id)).all()
    for number, (leader, other) in enumerate(list(pairwise(staff))[::2]):
        for seq in range(TOUR):
            task = Task(
                id=new_id(), number=f"BENCH-{number}-{seq}", source=Source.DRAW, tour_id=model.tour_id, unit_id=model.unit_id,
                entity_id=entities[(number * TOUR + seq) % len(entities)], checklist_id=model.checklist_id, seq=seq,
                day=local_today(), due=model.due, district=model.district, opens_at=utc_now(),
            )  # fmt: skip
            task.officers = [TaskOfficer(inspector_id=i.id, leader=i is leader) for i in (leader, other)]
            session.add(task)
    return [str(officer.person_id) for officer in staff[::2]]


def pull_ratio() -> Ratio:
    """Each phone pulls its whole tour; beside it the same tasks asked by their keys, with neither horizon nor token.

    Phones begin with the one or the other in turn: what comes first warms what the second reads.
    """
    ours = bare = 0.0
    with transaction() as session:
        session.execute(text("analyze"))
        for turn, actor in enumerate(_actors(session)):
            keys = Task.id.in_(field_tasks.own_task_ids(session, actor))
            deeds: list[Callable[[], object]] = [
                partial(pulls.pull, session, actor, None),
                partial(field_tasks.field_tasks, session, actor, keys),
            ]
            took = {at: _alone(session, deeds[at]) for at in (turn % 2, 1 - turn % 2)}
            ours, bare = ours + took[0], bare + took[1]
    return Ratio(f"pull of {TOUR} tasks by {PHONES} phones : by primary key", ours, bare, 1 / 0.8)


def _alone(session: Session, deed: Callable[[], object]) -> float:
    """Seconds of a deed in a session that remembers nothing."""
    session.expunge_all()
    with timed() as watch:
        deed()
    return watch.seconds


def _actors(session: Session) -> list[Actor]:
    rows = session.scalars(select(Person).join(Inspector).order_by(Inspector.card_no).limit(PHONES))
    return [actor_of_person(person) for person in rows]


if __name__ == "__main__":
    main()
