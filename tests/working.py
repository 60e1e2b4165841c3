"""Telling recorded events to their reactions within the test's own process, by the real relay, queues and jobs."""

import logging

from rq import SimpleWorker
from sqlalchemy.orm import Session

from backend import queues, relay


class Burst(SimpleWorker):
    """Works off what waits and ends; nobody sends it commands meanwhile, and ending a subscription takes long."""

    def subscribe(self) -> None:
        """Nothing to listen to"""

    def unsubscribe(self) -> None:
        """Nothing to end"""


def drained() -> None:
    """Do what waits, until nothing does."""
    while relay.relay_once():
        Burst(queues.queues(), connection=queues.redis()).work(burst=True, logging_level=logging.WARNING)


def settle(session: Session) -> None:
    """Do what this session's changes ask for, and have it read them anew."""
    session.commit()
    drained()
    session.expire_all()
