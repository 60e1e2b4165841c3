"""The beacon of a lot: which chain is named, and its committed round, typed, pasted or fetched, verified here."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import requests
from sqlalchemy.orm import Session

from backend import keys, ledger
from backend.accounts.rules import Actor
from backend.config import settings
from backend.draws import drand
from backend.draws.acts import WAITING, TooEarly, locked_lot, refuse_unless_operator
from backend.draws.models import Lot
from backend.problems import Conflict, NotFound, Problem
from backend.times import utc_now

PUBLIC_BEACON = "https://api.drand.sh"
PATIENCE_S = 5
MARGIN_S = 30
"""How long after the commit (and its lead) the round comes at least: the commit must be public before it"""


class BadBeacon(Problem):
    """What was entered is not the beacon's signature of the committed round."""

    status = 422
    zh = ("信标签名不符", "这不是第 {round} 轮的签名，请核对轮次并完整粘贴 96 位十六进制签名。")
    en = (
        "Not the beacon's signature",
        "This is not the signature of round {round}; check the round and paste all 96 hex digits.",
    )


class BeaconSilent(Problem):
    """The beacon could not be asked from here."""

    status = 502
    zh = ("信标无法访问", "无法从网络取得第 {round} 轮。请在能上网的设备上打开 {url}，把 signature 粘贴到这里。")
    en = (
        "The beacon cannot be reached",
        "Round {round} could not be fetched. Open {url} on a device with a network and paste its signature here.",
    )


def chain() -> drand.Chain:
    """The beacon that lots name: one's own where BEACON is a file, else the public one."""
    return drand.Chain(**{k: v for k, v in _own().items() if k != "url"}) if _own() else drand.QUICKNET


def beacon_url(planned: dict[str, Any]) -> str:
    """Where a planned round can be fetched; empty for a chain of one's own that names no address."""
    base = _own().get("url", "") if _own() else PUBLIC_BEACON
    return f"{base}/{planned['chain']}/public/{planned['round']}" if base else ""


def _own() -> dict[str, Any]:
    file = settings().beacon
    return json.loads(file.read_text()) if file.exists() else {}


def enter_drand(session: Session, *, actor: Actor, lot_id: UUID, signature: str) -> Lot:
    """Take the beacon's signature of the committed round, verified here. Raises BadBeacon, TooEarly, Conflict."""
    lot = locked_lot(session, lot_id, *WAITING)
    refuse_unless_operator(actor, lot.round)
    planned = planned_round(lot)
    wait = _time_of(planned) - int(utc_now().timestamp())
    if wait > 0:
        raise TooEarly(wait=wait)
    signature = "".join(signature.split()).lower()
    if not drand.verifies(planned["key"], planned["round"], signature):
        raise BadBeacon(round=planned["round"])
    lot.drand = {"round": planned["round"], "signature": signature, "randomness": drand.randomness_of(signature)}
    ledger.record(session, "beacon.entered", lot.id, actor=actor, chain=lot.round.unit.code, round=planned["round"])
    return lot


def fetch_drand(session: Session, *, actor: Actor, lot_id: UUID) -> Lot:
    """Ask the beacon itself for the committed round. Raises BeaconSilent, and what ``enter_drand`` raises."""
    lot = session.get(Lot, lot_id)
    if lot is None:
        raise NotFound(what="抽签 lot", id=str(lot_id))
    refuse_unless_operator(actor, lot.round)
    planned = planned_round(lot)
    url = beacon_url(planned)
    try:
        signature = str(requests.get(url, timeout=PATIENCE_S).json()["signature"])
    except (requests.RequestException, ValueError, KeyError, TypeError):
        raise BeaconSilent(round=planned["round"], url=url or "—") from None
    return enter_drand(session, actor=actor, lot_id=lot_id, signature=signature)


def planned_round(lot: Lot) -> dict[str, Any]:
    """The beacon's round that the lot's commit names. Raises Conflict where it names none."""
    planned: dict[str, Any] | None = lot.seed_plan["drand"]
    if planned is None:
        raise Conflict(what="公共信标 beacon", state="not planned")
    return planned


def round_time(planned: dict[str, Any]) -> datetime:
    """When a planned round is published."""
    return datetime.fromtimestamp(_time_of(planned), UTC)


def _time_of(planned: dict[str, Any]) -> int:
    return drand.Chain(**{k: v for k, v in planned.items() if k != "round"}).time_of(planned["round"])


def found_chain(period: int) -> str:
    """Begin a chain of one's own: its key is kept with the instance's keys, its public half written to BEACON. Returns that."""
    file = settings().beacon
    if file.exists():
        raise Conflict(what=str(file), state="exists")
    own = drand.own_chain(keys.secret("beacon"), int(utc_now().timestamp()), period)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(own), indent=1) + "\n")
    return file.read_text()


def signature_of(round_: int) -> str:
    """The signature of a round of one's own chain. Raises TooEarly before its time, Conflict where the key is another chain's."""
    own, secret = chain(), keys.secret("beacon")
    if drand.own_chain(secret, own.genesis, own.period).key != own.key:
        raise Conflict(what="信标密钥 beacon key", state="of another chain")
    wait = own.time_of(round_) - int(utc_now().timestamp())
    if wait > 0:
        raise TooEarly(wait=wait)
    return drand.sign(secret, round_)
