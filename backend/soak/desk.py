"""The offices' side of the soak: a round with enough tasks by the real path, phones enrolled, visits returned for correction."""

import queue
import threading
from itertools import cycle
from typing import Any

from backend.demo.desk import Desk
from backend.demo.http import Refused
from backend.demo.play import Cast, Play
from backend.sample.accounts import PASSWORD
from backend.sample.items import CATERING
from backend.sample.trades import CATERING_FORMATS
from backend.soak.phones import Beat, SoakPhone

REMARK = "请补拍现场照片后重新提交。"


def hold_round(url: str, size: int) -> dict[str, Any]:
    """Plan, both lots, tours, tasks, as the demo plays them. Returns the round as the console shows it."""
    play = Play(url, Cast(PASSWORD), size=size, item=CATERING, chosen={"trade_format": CATERING_FORMATS}, quiet=True)
    round_ = play.plan()
    play.first_lot(round_)
    play.second_lot(round_)
    return dict(play.desk(play.cast.planner).see(round_))


def inspectors_named(url: str, names: set[str]) -> list[str]:
    """The ids of all inspectors of these names: some have a namesake."""
    admin = Desk(url, "admin", PASSWORD)
    found = [person for name in sorted(names) for person in admin.people_named(name)]
    return [person["id"] for person in found if "inspector" in person["roles"]]


def codes_for(url: str, people: list[str], count: int) -> list[str]:
    """``count`` enrolment codes for these people in turn; with more phones than people some have several."""
    admin, turns = Desk(url, "admin", PASSWORD), cycle(people)
    return [admin.code_for(next(turns)) for _ in range(count)]


def share_out(phones: list[SoakPhone], tasks: set[str], submissions: int) -> None:
    """Give each task of the round to one phone of its team, and each task its number of visits."""
    beats: list[Beat] = []
    seen = [phone.leads() for phone in phones]
    for id_ in sorted(tasks):
        able = [number for number, own in enumerate(seen) if id_ in own]
        number = min(able, key=lambda n: len(phones[n].beats))
        beats.append(Beat(seen[number][id_], 0))
        phones[number].beats.append(beats[-1])
    for number in range(submissions):
        beats[number % len(beats)].times += 1


class Reviewers:
    """Some desks that return submissions for correction, so that their tasks can be visited again."""

    def __init__(self, url: str, desks: int = 4) -> None:
        self.waiting: queue.Queue[tuple[str, Beat] | None] = queue.Queue()
        self.returned: list[str] = []
        self.faults: list[str] = []
        self._threads = [threading.Thread(target=self._work, args=(url,), daemon=True) for _ in range(desks)]
        for thread in self._threads:
            thread.start()

    def send_back(self, submission: str, beat: Beat) -> None:
        """Ask for a submission to be returned; its beat hears of it."""
        self.waiting.put((submission, beat))

    def close(self) -> None:
        """No more is coming; wait for those that are."""
        for _ in self._threads:
            self.waiting.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self, url: str) -> None:
        desk = Desk(url, "reviewer", PASSWORD)
        while (told := self.waiting.get()) is not None:
            submission, beat = told
            try:
                self._return(desk, submission)
                self.returned.append(submission)
            except Exception as fault:  # noqa: BLE001 - told at the end; the phones must not wait for ever
                self.faults.append(f"returning {submission}: {fault!r}")
            beat.returned.set()

    @staticmethod
    def _return(desk: Desk, submission: str) -> None:
        """Press the button; when it was pressed already and only the answer was lost, the page says so."""
        try:
            desk.press(f"/console/submissions/{submission}/return", remark=REMARK)
        except Refused:
            if desk.see(f"/console/submissions/{submission}")["submission"]["state"] != "returned":
                raise
