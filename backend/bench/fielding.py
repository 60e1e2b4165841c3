"""``python -m backend.bench.fielding``: phones at the field door: submissions beside one bare row, pulls beside the same rows by key."""

import json
import subprocess
import sys
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
    """Each phone pulls its whole tour; beside it the same tasks asked by their keys, with neither horizon nor token."""
    with transaction() as session:
        session.execute(text("analyze"))
        actors = _actors(session)
        known = [field_tasks.own_task_ids(session, actor) for actor in actors]
        ours = bare = 0.0
        for actor, ids in zip(actors, known, strict=True):
            session.expunge_all()
            with timed() as by_key:
                field_tasks.field_tasks(session, actor, Task.id.in_(ids))
            session.expunge_all()
            with timed() as pulled:
                pulls.pull(session, actor, None)
            ours, bare = ours + pulled.seconds, bare + by_key.seconds
    return Ratio(f"pull of {TOUR} tasks by {PHONES} phones : by primary key", ours, bare, 1 / 0.8)


def _actors(session: Session) -> list[Actor]:
    rows = session.scalars(select(Person).join(Inspector).order_by(Inspector.card_no).limit(PHONES))
    return [actor_of_person(person) for person in rows]


if __name__ == "__main__":
    main()
