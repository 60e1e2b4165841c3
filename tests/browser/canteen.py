"""The canteen's checklist at a running instance: published, asked of a task, and followed by a newer version."""

from copy import deepcopy

from backend.demo.desk import Desk
from backend.times import local_today
from tests.browser.instance import Instance
from tests.browser.test_revoked import rows
from tests.registry.canteen import CODE, SURVEY, canteen_workbook

ASKED_OF = "update tasks set checklist_id = (select id from checklists where code = %s order by version limit 1) where id = %s returning 1"
NEWER = deepcopy(SURVEY)
NEWER[1]["label::中文 (zh)"] = "后厨地面墙面整洁"
NEWER[2:3] = [
    {**SURVEY[2], "name": "gloved", "label::中文 (zh)": "戴手套", "item_no": "2"},
    {**SURVEY[2], "item_no": "3"},
]
NEWER = [row for row in NEWER if row.get("name") != "disinfected"]


def publish(desk: Desk, code: str = CODE) -> None:
    """The first version, valid for long."""
    _upload(desk, canteen_workbook("1", code=code))


def publish_newer(desk: Desk, code: str = CODE) -> None:
    """The second one, from today: an item reads otherwise, one is new and moves another down, a question is dropped."""
    _upload(desk, canteen_workbook("2", code=code, valid_from=str(local_today()), survey=NEWER))


def _upload(desk: Desk, data: bytes) -> None:
    form, files = {"csrf": desk.csrf}, {"file": ("canteen.xlsx", data)}
    answer = desk.caller.ask("POST", "/console/checklists", data=form, files=files, allow_redirects=False)
    assert answer.status_code == 303, answer.text


def ask_of(instance: Instance, task: object, code: str = CODE) -> None:
    """Let this checklist be filled at a task's visit."""
    assert rows(instance, ASKED_OF, code, task)
