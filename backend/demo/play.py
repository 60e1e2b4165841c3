"""The story of the demo: plan, lot, tours, teams, visits, review, score, notice; each step through the server's own doors."""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from rich.console import Console
from rich.progress import Progress

from backend.demo.desk import Desk
from backend.demo.http import Refused
from backend.demo.phone import Phone
from backend.demo.visit import Visited, visit
from backend.times import local_today

WAIT_S = 180.0


@dataclass
class Cast:
    """Who plays: usernames of one unit, and their password."""

    password: str
    planner: str = "planner"
    supervisor: str = "county"
    operator: str = "operator"
    witnesses: tuple[str, str] = ("witness", "witness2")
    admin: str = "admin"
    reviewer: str = "reviewer"


@dataclass
class Outcome:
    """What the demo ends with: one JSON object, the last line of ``fieldlot demo --json``."""

    notice_url: str = ""
    entity: str = ""
    score_before: float | None = None
    score_after: float | None = None
    class_before: str | None = None
    class_after: str | None = None
    lot: str = ""
    teams_lot: str = ""
    bundle_url: str = ""
    teams_bundle_url: str = ""
    tasks: int = 0
    photos: int = 0
    notices: int = 0
    quality: str = ""
    travel_km: float = 0.0
    pool: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def told(self) -> str:
        """The end of the story, for people."""
        return (
            f"{self.entity}: {self.score_before} ({self.class_before}) → {self.score_after} ({self.class_after})\n"
            f"{self.tasks} visits, {self.photos} photos, lot {self.lot}\n{self.notice_url}\n"
            f"{self.bundle_url}\n{self.teams_bundle_url}"
        )


class Play:
    """One performance against a running server."""

    def __init__(self, url: str, cast: Cast, *, size: int, item: str, chosen: dict[str, Any], quiet: bool) -> None:
        self.url, self.cast, self.size, self.item, self.chosen = url.rstrip("/"), cast, size, item, chosen
        self.console = Console(quiet=quiet, stderr=True)
        self.outcome = Outcome()
        self.desks: dict[str, Desk] = {}

    def desk(self, username: str) -> Desk:
        """Somebody's desk; they sign in once."""
        if username not in self.desks:
            self.desks[username] = Desk(self.url, username, self.cast.password)
        return self.desks[username]

    def run(self) -> Outcome:
        """Play it all. Raises Refused when the server says no, TimeoutError when nothing more happens."""
        round_ = self.plan()
        self.first_lot(round_)
        self.second_lot(round_)
        self.visits(round_)
        self.review(round_)
        self.publish(round_)
        self.close(round_)
        return self.outcome

    def plan(self) -> str:
        """A published plan with a round. Returns the round's path."""
        today = local_today()
        title = f"示例演示 {today} {secrets.token_hex(2)}"
        plan = self.desk(self.cast.planner).press("/console/plans", year=today.year, title=title)
        self.desk(self.cast.planner).press(f"{plan}/file")
        self.desk(self.cast.supervisor).press(f"{plan}/publish")
        form = {"title": title, "item": self.item, "n": self.size, "reserve": 2, "starts": str(today),
                "ends": str(today + timedelta(days=20)), **self.chosen}  # fmt: skip
        round_ = self.desk(self.cast.planner).press(f"{plan}/rounds", **form)
        self.console.print(f"plan published, round {round_}")
        return round_

    def first_lot(self, round_: str) -> None:
        """Freeze, commit, dice, draw; then wait for the tours."""
        self.wait_for("registry", lambda: self._frozen(round_))
        self.desk(self.cast.operator).press(f"{round_}/commit")
        self.dice(round_, "entities", "draw")
        state = self.wait_for("tours", lambda: self._round(round_, "toured"))
        self.outcome.pool = state["round"]["pool"]
        self.outcome.lot = next(lot["name"] for lot in state["round"]["lots"] if lot["kind"] == "entities")
        self.outcome.quality = state["tours"][0]["quality"] if state["tours"] else ""
        self.outcome.travel_km = sum(tour["travel_m"] for tour in state["tours"]) / 1000
        if not state["tours"]:
            raise RuntimeError(f"no tour could be planned: {state['unplanned']}")
        drawn = sum(len(tour["stops"]) for tour in state["tours"])
        self.console.print(f"drawn by lot {self.outcome.lot}: {drawn} entities on {len(state['tours'])} tours")

    def _frozen(self, round_: str) -> Any:
        """Freeze the pool; not yet while results wait to reach the registry. A small sample needs an approver."""
        try:
            return self.desk(self.cast.operator).press(f"{round_}/freeze")
        except Refused as refused:
            if refused.problem.get("code") == "exclusions-wait":
                return None
            if refused.problem.get("code") != "aim-too-steep":
                raise
        return self.desk(self.cast.supervisor).press(f"{round_}/freeze", acceptance="演示：小样本，仅供展示")

    def second_lot(self, round_: str) -> None:
        """Commit the teams, dice, match; then wait for the tasks."""
        self.desk(self.cast.operator).press(f"{round_}/commit-teams")
        self.dice(round_, "teams", "match")
        state = self.wait_for("tasks", lambda: self._tasks(round_))
        self.outcome.teams_lot = next(lot["name"] for lot in state["round"]["lots"] if lot["kind"] == "teams")
        self.outcome.tasks = len(state["tasks"])
        self.console.print(f"teams matched by lot {self.outcome.teams_lot}, {len(state['tasks'])} tasks open")

    def dice(self, round_: str, kind: str, act: str) -> None:
        """Roll, enter, two witnesses sign, draw."""
        operator = self.desk(self.cast.operator)
        lots = operator.see(round_)["round"]["lots"]
        lot = next(lot for lot in lots if lot["kind"] == kind)
        path = f"/console/lots/{lot['id']}"
        operator.press(f"{path}/dice", dice="".join(str(secrets.randbelow(6) + 1) for _ in range(20)))
        for witness in self.cast.witnesses:
            self.desk(witness).press(f"{path}/witness")
        operator.press(f"{path}/{act}")

    def visits(self, round_: str) -> None:
        """Every team's leader makes their visits, by a phone enrolled for it."""
        state = self.desk(self.cast.planner).see(round_)
        self._remember_before(state["tasks"])
        leaders = {tour["bundle"]: tour["team"][0] for tour in state["tours"] if tour["team"]}
        admin, done = self.desk(self.cast.admin), 0
        with Progress(console=self.console) as progress:
            bar = progress.add_task("visits", total=len(state["tasks"]))
            for bundle, leader in leaders.items():
                phone = Phone(self.url, admin.code_for(admin.people_named(leader)[0]["id"]), f"demo {bundle}")
                for task in phone.ask("GET", "/tasks")["tasks"]:
                    if task["state"] in ("assigned", "on_site", "returned") and self._ours(task, state):
                        made = self._visit(phone, task)
                        done += 1
                        self.outcome.photos += made.photos
                        progress.advance(bar)
        self.console.print(f"{done} visits submitted with {self.outcome.photos} photos")

    def _visit(self, phone: Phone, task: dict[str, Any]) -> Visited:
        seed = int(task["id"].replace("-", "")[-8:], 16)
        return visit(phone, task, seed, failing=0.12)

    @staticmethod
    def _ours(task: dict[str, Any], state: dict[str, Any]) -> bool:
        return task["id"] in {row["id"] for row in state["tasks"]}

    def _remember_before(self, tasks: list[dict[str, Any]]) -> None:
        first = tasks[0]
        file = self.desk(self.cast.reviewer).see(f"/console/entities/{first['entity_id']}")
        self.first_entity = first["entity_id"]
        self.outcome.entity = file["entity"]["name"]
        self.outcome.score_before = _points(file["entity"]["score"])
        self.outcome.class_before = file["entity"]["credit_class"]

    def review(self, round_: str) -> None:
        """The reviewer returns nothing this time and confirms each."""
        reviewer = self.desk(self.cast.reviewer)
        ours = {task["id"] for task in self.desk(self.cast.planner).see(round_)["tasks"]}
        queue = [s for s in reviewer.see("/console/submissions")["submissions"] if s["task_id"] in ours]
        for submission in queue:
            reviewer.press(f"/console/submissions/{submission['id']}/confirm", remark="")
        self.console.print(f"{len(queue)} results confirmed")

    def publish(self, round_: str) -> None:
        """Wait until every result is a notice and the first entity is scored anew."""
        self.wait_for("notices", lambda: self._published(round_))
        file = self.wait_for("score", self._rescored)
        self.outcome.score_after = _points(file["entity"]["score"])
        self.outcome.class_after = file["entity"]["credit_class"]
        newest = max(file["notices"], key=lambda notice: notice["published_at"])
        self.outcome.notice_url = f"{self.url}/notices/{newest['number']}"
        self.console.print(f"notice: {self.outcome.notice_url}")
        self.console.print(f"score {self.outcome.score_before} → {self.outcome.score_after}")

    def close(self, round_: str) -> None:
        """Wait until every outcome is in the public log, then name the bundles of both lots."""
        if not self.desk(self.cast.planner).see(round_)["unplanned"]:
            self.wait_for("outcomes", lambda: self._round(round_, "done"))
        urls = [f"{self.url}/lots/{lot}/bundle.json" for lot in (self.outcome.lot, self.outcome.teams_lot)]
        self.outcome.bundle_url, self.outcome.teams_bundle_url = urls
        self.console.print(f"bundles for anyone to check: {', '.join(urls)}")

    def wait_for(self, what: str, look: Callable[[], Any]) -> Any:
        """Look again until there is something. Raises TimeoutError."""
        ends = time.monotonic() + WAIT_S
        with self.console.status(f"waiting for the {what} …"):
            while time.monotonic() < ends:
                if (found := look()) is not None:
                    return found
                time.sleep(0.4)
        raise TimeoutError(f"no {what} after {WAIT_S:.0f} s; see {self.url}/console/dead-letters")

    def _round(self, round_: str, state: str) -> Any:
        found = self.desk(self.cast.planner).see(round_)
        return found if found["round"]["state"] == state else None

    def _tasks(self, round_: str) -> Any:
        found = self.desk(self.cast.planner).see(round_)
        return found if found["tasks"] else None

    def _published(self, round_: str) -> Any:
        tasks = self.desk(self.cast.planner).see(round_)["tasks"]
        self.outcome.notices = sum(task["state"] == "published" for task in tasks)
        return tasks if self.outcome.notices == len(tasks) else None

    def _rescored(self) -> Any:
        file = self.desk(self.cast.reviewer).see(f"/console/entities/{self.first_entity}")
        return file if file["notices"] and file["scores"][0]["cause"] != "run" else None


def _points(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100
