"""The soak itself: phones visit until all is submitted, while havoc is wrought; then what waits is waited for."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from statistics import quantiles
from typing import Any

from backend.soak.desk import Reviewers, codes_for, hold_round, inspectors_named, share_out
from backend.soak.havoc import Havoc, Kill
from backend.soak.instance import Instance
from backend.soak.phones import Beat, Done, SoakPhone
from backend.soak.proxy import Fault, Proxy, Weather

STORM = dict.fromkeys(list(Fault)[1:], 0.02)
RETURNED_S = 900.0


@dataclass(frozen=True)
class Size:
    """How much is asked: all of it repeatable from ``seed`` but the order in which threads and servers run."""

    submissions: int = 10_000
    phones: int = 200
    tasks: int = 200
    kills: int = 10
    """Of each part"""
    minutes: float = 120.0
    """After so long phones begin no further visit"""
    seed: int = 1


@dataclass
class Outcome:
    """What the phones remember, and what happened meanwhile."""

    asked: int = 0
    done: list[Done] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    kills: list[Kill] = field(default_factory=list)
    weather: Counter[str] = field(default_factory=Counter)
    visits_s: list[float] = field(default_factory=list)
    deeds: int = 0
    """Things done by phones, those asked again counted again"""
    seconds: float = 0.0

    def lines(self) -> Iterator[str]:
        """The figures, for people."""
        yield f"{len(self.done):,} submissions in {self.seconds:,.0f} s = {len(self.done) / max(self.seconds, 1):.1f} a second"
        yield f"{self.weather.total():,} requests through the bad network: {_counted(self.weather)}"
        yield f"{self.deeds:,} deeds of phones (3 make a visit), repeats counted"
        if len(self.visits_s) > 1:
            parts = quantiles(self.visits_s, n=20)
            yield f"a visit took median {parts[9]:.1f} s, p95 {parts[18]:.1f} s, at most {max(self.visits_s):.1f} s"
        for part in sorted({kill.part for kill in self.kills}):
            away = [kill.away for kill in self.kills if kill.part == part]
            yield f"kill -9 of {part}: {len(away)} times, back after {sum(away) / len(away):.1f} s, at most {max(away):.1f} s"
        yield f"{len(self.returned):,} submissions returned for correction"
        if len(self.done) < self.asked:
            yield f"the minutes were over before all {self.asked:,} that were asked had been begun"


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counter.items()))


class Soak:
    """One run against an instance that is up."""

    def __init__(self, instance: Instance, size: Size, tell: object = print) -> None:
        self.instance, self.size, self.outcome = instance, size, Outcome(size.submissions)
        self.tell = tell if callable(tell) else print
        self._lock = threading.Lock()
        self._ends = 0.0

    def run(self) -> Outcome:
        """Hold the round, enrol, visit under havoc. Returns what is to be counted."""
        round_ = hold_round(self.instance.url, self.size.tasks)
        self.tell(f"{len(round_['tasks'])} tasks on {len(round_['tours'])} tours by the real path")
        with Proxy([self.instance.port], Weather(self.size.seed, {}), everywhere=True) as proxy:
            phones = self._enrolled(proxy, round_)
            self.tell(f"{len(phones)} phones enrolled")
            proxy.weather = replace(proxy.weather, chances=STORM)
            self.reviewers = Reviewers(self.instance.url)
            with self._havoc():
                self._visit_all(phones)
            self.reviewers.close()
            self.outcome.weather = proxy.told
        self.outcome.returned = self.reviewers.returned
        self.outcome.faults += self.reviewers.faults
        self.outcome.deeds = sum(phone.asked for phone in phones)
        return self.outcome

    def _enrolled(self, proxy: Proxy, round_: dict[str, Any]) -> list[SoakPhone]:
        """One phone for each officer of the round, then the others for those who lead: only leaders submit."""
        officers = inspectors_named(self.instance.url, {name for tour in round_["tours"] for name in tour["team"]})
        first = self._phones(proxy, officers, len(officers), 0)
        leading = [phone for phone in first if phone.leads()]
        leaders = [phone.phone.person["id"] for phone in leading]
        phones = leading + self._phones(proxy, leaders, max(0, self.size.phones - len(leading)), len(first))
        share_out(phones, {task["id"] for task in round_["tasks"]}, self.size.submissions)
        return phones

    def _phones(self, proxy: Proxy, people: list[str], count: int, start: int) -> list[SoakPhone]:
        """With more phones than people some have several."""
        return [
            SoakPhone(_address(number, proxy.port), code, number, self.size.seed)
            for number, code in enumerate(codes_for(self.instance.url, people, count), start)
        ]

    @contextmanager
    def _havoc(self) -> Iterator[None]:
        size, begun = self.size, time.monotonic()
        self._ends = begun + size.minutes * 60
        havoc = Havoc(self.instance, self._share, lambda: len(self.outcome.done), size.kills, size.seed)
        havoc.start()
        yield
        self.outcome.seconds = time.monotonic() - begun
        havoc.over.set()
        havoc.join()
        self.outcome.kills = havoc.kills
        self.outcome.faults += havoc.faults

    def _share(self) -> float:
        """How much of the work is behind us, of the visits or of the minutes, whichever is more: all kills happen."""
        of_time = 1 - (self._ends - time.monotonic()) / (self.size.minutes * 60)
        return max(len(self.outcome.done) / self.size.submissions, of_time)

    def _visit_all(self, phones: list[SoakPhone]) -> None:
        with ThreadPoolExecutor(len(phones)) as pool:
            for told in pool.map(self._day, phones):
                self.outcome.faults += told

    def _day(self, phone: SoakPhone) -> list[str]:
        """All visits of a phone, its tasks in turn. Returns what went wrong; a fault ends that task, not the day."""
        faults: list[str] = []
        beats, number = [beat for beat in phone.beats if beat.times], 0
        random.Random(self.size.seed).shuffle(beats)
        while beats and time.monotonic() < self._ends:
            number += 1
            for beat in beats:
                try:
                    self._one(phone, beat, number)
                except Exception as fault:  # noqa: BLE001 - told at the end, with all others
                    faults.append(f"task {beat.task['id']}, visit {number}: {fault!r}")
                    beat.times = 0
            beats = [beat for beat in beats if beat.times > number]
        return faults

    def _one(self, phone: SoakPhone, beat: Beat, number: int) -> None:
        if number > 1 and not beat.returned.wait(RETURNED_S):
            raise TimeoutError("never returned for correction")
        beat.returned.clear()
        begun = time.monotonic()
        done = phone.visit(beat, number)
        with self._lock:
            self.outcome.done.append(done)
            self.outcome.visits_s.append(time.monotonic() - begun)
            if len(self.outcome.done) % max(1, self.size.submissions // 20) == 0:
                self.tell(f"{len(self.outcome.done):,} submitted …")
        if number < beat.times:
            self.reviewers.send_back(done.submission, beat)


def _address(number: int, port: int) -> str:
    """Each phone comes to an address of its own, and is told apart by it as by its own address in the field."""
    return f"http://127.1.{number // 250}.{number % 250 + 1}:{port}"
