"""How making the sample is told: each step as it begins, a bar while many rows go by, and the figures at the end."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from rich.console import Console
from rich.progress import track
from sqlalchemy.orm import Session

from backend.registry.queries import RegistryCounts, counts

Tell = Callable[[str], None]
T = TypeVar("T")


@dataclass
class Steps:
    """The steps taken so far, with their seconds."""

    tell: Tell
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Tell that a step begins, and keep how long it took."""
        self.tell(f"{name} …")
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start

    def bar(self, rows: Iterable[T], total: int) -> Iterable[T]:
        """The rows, with a bar on a terminal while they go by."""
        return track(rows, "", total, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())

    def figures(self, session: Session) -> Iterator[str]:
        """How many entities there are, by class and by district, and how long it took."""
        places = counts(session)
        yield f"{sum(place.total for place in places):,} entities: {_classes(places)}"
        for place in places:
            yield f"  {place.district} {place.name}: {place.total:,} ({_classes([place])})"
        told = ", ".join(f"{name} {seconds:.1f}" for name, seconds in self.seconds.items())
        yield f"Seconds: {told}; {sum(self.seconds.values()):.1f} in all"


def _classes(places: list[RegistryCounts]) -> str:
    names = sorted({name for place in places for name in place.classes})
    return ", ".join(f"{name} {sum(place.classes.get(name, 0) for place in places):,}" for name in names)
