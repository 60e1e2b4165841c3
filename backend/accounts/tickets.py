"""Upload tickets: leave for one phone to send one file, for clients that know nothing of signed requests (any stock tus client).

A ticket is stateless, so any server knows those of another; whether its phone may still speak is asked at each use.
"""

import base64
import hmac
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from backend import keys
from backend.problems import Problem
from backend.times import utc_now

MINUTES = 30


class StaleTicket(Problem):
    """The ticket has run out, or is none of this server."""

    status = 401
    zh = ("上传凭证已失效", "请为这个文件重新申请上传凭证后继续，已传的部分不会丢失。")
    en = ("Stale upload ticket", "Ask for a new ticket for this file and go on; what has arrived is kept.")


@dataclass(frozen=True)
class Ticket:
    """What may be sent: ``size`` bytes of this SHA-256 (hex) as this evidence of this task, by this phone."""

    device_id: str
    evidence_id: str
    task_id: str
    sha256: str
    size: int


def issue_ticket(device_id: UUID, evidence_id: UUID, task_id: UUID, sha256: str, size: int) -> tuple[str, datetime]:
    """A ticket and when it ends."""
    ends = (utc_now() + timedelta(minutes=MINUTES)).replace(microsecond=0)
    ticket = Ticket(str(device_id), str(evidence_id), str(task_id), sha256.lower(), size)
    told = _text(json.dumps({**asdict(ticket), "ends": int(ends.timestamp())}).encode())
    return f"{told}.{_mac(told)}", ends


def read_ticket(text: str) -> Ticket:
    """The ticket behind its text. Raises StaleTicket."""
    told, _, mac = text.partition(".")
    if not hmac.compare_digest(mac.encode(), _mac(told).encode()):
        raise StaleTicket
    facts = json.loads(base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)))
    if datetime.fromtimestamp(facts.pop("ends"), UTC) < utc_now():
        raise StaleTicket
    return Ticket(**facts)


def _mac(told: str) -> str:
    return _text(hmac.new(keys.secret("instance"), f"upload-ticket:{told}".encode(), sha256).digest())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
