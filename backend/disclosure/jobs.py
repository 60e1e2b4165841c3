"""What disclosure does when something happened elsewhere: plans, lots and confirmed results become notices by themselves."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Unit
from backend.disclosure.commands import publish_notice
from backend.draws.log import entries
from backend.draws.models import Lot, Plan
from backend.draws.terms import terms_from
from backend.inspections.models import Finding, Result
from backend.ledger import Event
from backend.registry.models import Entity
from backend.registry.results import wording
from backend.times import local, stamp
from backend.tours.models import Task


def publish_plan(session: Session, event: Event) -> None:
    """After ``plan.published``: the plan's notice."""
    plan = session.get_one(Plan, event.subject)
    version = int(event.payload["version"])
    body = {"year": plan.year, "code": plan.code, "version": version, "joint": plan.joint, "unit": plan.unit.name,
            "participants": plan.participants, "changes": plan.changes, "terms": terms_from(plan.terms).as_json()}  # fmt: skip
    publish_notice(
        session, number=f"P-{plan.code}-{version}", version=version, kind="plan", subject=str(plan.id), title=plan.title, body=body,
        words=f"{plan.title} {plan.code} {plan.unit.name}", occurred_on=local(event.at).date(), unit=plan.unit,
        district=plan.district,
    )  # fmt: skip


def publish_lot(session: Session, event: Event) -> None:
    """After ``draw.held``: pool size, root, ratio by class, numbers drawn, and where the records are."""
    lot = session.get_one(Lot, event.subject)
    records = {entry.type: entry.record for entry in entries(session, lot.name)}
    commit, result = records["commit"], records["result"]
    body = {"lot": lot.name, "round": lot.round.code, "pool": commit["pool"]["n"], "root": commit["pool"]["root"],
            "strata": commit["strata"], "alloc": result["alloc"], "seed": records["seed"]["seed"],
            "witnesses": records.get("dice", {}).get("witnesses", [])}  # fmt: skip
    publish_notice(
        session, number=f"L-{lot.name}", kind="lot", subject=str(lot.id), title=f"{lot.round.code} 抽取结果",
        body=body, words=f"{lot.round.code} {lot.round.title} {lot.name}", occurred_on=local(event.at).date(),
        unit=lot.round.unit, district=lot.round.district,
    )  # fmt: skip


def publish_result(session: Session, event: Event) -> None:
    """After ``result.confirmed``: the notice of the result (DOMAIN §6.2), and the task is published with it."""
    result = session.scalars(select(Result).where(Result.task_id == event.subject)).one()
    task, entity = session.get_one(Task, result.task_id), session.get_one(Entity, result.entity_id)
    publish_notice(
        session, number=f"R-{task.number}", kind="result", subject=str(task.id), title=f"{entity.name} 抽查结果",
        body=_result_body(session, task, entity, result), occurred_on=local(result.visited_at).date(),
        words=f"{entity.name} {entity.address} {entity.uscc or ''} {task.number}", entity_id=entity.id,
        unit=session.get_one(Unit, task.unit_id), district=task.district,
        term_key="pub.food.wd" if entity.food else "pub.result.wd",
    )  # fmt: skip


def _result_body(session: Session, task: Task, entity: Entity, result: Result) -> dict[str, Any]:
    """Only what may be public, built by name; nothing is taken over wholesale."""
    texts = {item["no"]: item for item in task.checklist.body["items"]}
    failed = session.scalars(
        select(Finding.item).where(Finding.submission_id == result.submission_id, Finding.answer == "no")
    ).all()
    round_ = task.round
    return {
        "entity": {"name": entity.name, "uscc": entity.uscc, "address": entity.address},
        "plan": {"code": round_.plan.code, "title": round_.plan.title} if round_ else None,
        "round": {"code": round_.code, "number": round_.number, "title": round_.title} if round_ else None,
        "kind": ("定向" if round_.directed else "不定向") if round_ else None,
        "authority": round_.unit.name if round_ else None,
        "visited": str(local(result.visited_at).date()),
        "confirmed": stamp(result.confirmed_at),
        "item": round_.item.name if round_ else None,
        "result": {"code": result.result_code, **wording(result.result_code)},
        "conclusion": result.conclusion,
        "problems": [{"no": no, "key": texts[no]["key"], **texts[no]["text"]} for no in sorted(failed)],
        "checked": len(texts),
    }
