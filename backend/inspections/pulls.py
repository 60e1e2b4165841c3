"""What a phone pulls: the tasks that changed since its last pull, and which of those it keeps are still its own.

Transactions become visible in another order than they began in, so a token holds ``pg_snapshot_xmin``: everything
that this pull could not see yet was written by that transaction or a later one, and comes with the next pull. What is
told twice does no harm; nothing is ever left out (DESIGN §2; docs/decisions/0012).
"""

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, text
from sqlalchemy.orm import Session

from backend.accounts.rules import Actor
from backend.inspections.field_tasks import FieldTask, field_tasks, own_task_ids
from backend.problems import Problem
from backend.registry.models import Checklist
from backend.tours.models import Task

CLOCKS_APART = timedelta(minutes=5)
"""By how much the clocks of several servers may differ: so long, an opened task or a new checklist may be told again"""

HORIZON = text("""
    select (select system_identifier from pg_control_system()) || '-' || (select oid from pg_database
             where datname = current_database()) || '-' || (select timeline_id from pg_control_checkpoint()),
           pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
           pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
           clock_timestamp()
""")


class BadPullToken(Problem):
    """The token of a pull is not one that this API gave."""

    status = 422
    zh = ("同步标记有误", "since 不是本接口发出的同步标记。请不带 since 重新拉取；手机上未提交的内容不受影响。")
    en = (
        "Bad pull token",
        "since is no token of this API. Pull once without it; unsent work on the phone is not affected.",
    )


@dataclass(frozen=True)
class Pull:
    """``tasks`` changed since the token (all, when ``fresh``); ``visible`` are the ids of all that this person may see."""

    token: str
    fresh: bool
    tasks: list[FieldTask]
    visible: list[str]


@dataclass(frozen=True)
class _Horizon:
    """The epoch of the database, the first transaction that may be unseen, the first not begun, and the time."""

    epoch: str
    xmin: int
    xmax: int
    at: datetime


def pull(session: Session, actor: Actor, since: str | None) -> Pull:
    """The actor's tasks that changed since the token; all of them without one or in another epoch.

    Raises BadPullToken.
    """
    # Read before the rows: an older horizon only repeats, a younger one would lose.
    now = _Horizon(*session.execute(HORIZON).one())
    changed = _changed(since, now) if since else None
    tasks = field_tasks(session, actor, changed)
    visible = [str(id_) for id_ in own_task_ids(session, actor)]
    return Pull(_token(now), changed is None, tasks, visible)


def _changed(since: str, now: _Horizon) -> ColumnElement[bool] | None:
    """What to look for, or None when the token is of another epoch."""
    epoch, xid, at = _read(since)
    if epoch != now.epoch or xid > now.xmax:
        return None
    entered = select(Checklist.code).where(Checklist.entered_at > at - CLOCKS_APART)
    filled_by = Task.checklist.has(Checklist.code.in_(entered))
    return or_(Task.changed_xid >= xid, Task.opens_at > at - CLOCKS_APART, filled_by)


def _token(now: _Horizon) -> str:
    return base64.urlsafe_b64encode(json.dumps([now.epoch, now.xmin, now.at.isoformat()]).encode()).decode().rstrip("=")


def _read(token: str) -> tuple[str, int, datetime]:
    try:
        epoch, xid, at = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        time = datetime.fromisoformat(at)
        if not isinstance(xid, int) or time.tzinfo is None or not 2000 < time.year < 9000:
            raise BadPullToken
        return str(epoch), xid, time
    except (ValueError, TypeError, UnicodeError) as wrong:
        raise BadPullToken from wrong
