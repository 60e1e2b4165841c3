"""What a record tells of the steps on site, as reviewers read it: cards, rights, recusal, reading out, who signed (DOMAIN §2.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.inspections.models import Submission

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Signer:
    """Who signed: ``role`` officer, entity or witness; ``drawn`` is the image's evidence, None where a name was confirmed."""

    role: str
    name: str
    drawn: UUID | None


@dataclass(frozen=True)
class OnSite:
    """The steps, with times by the server's clock; None where the record tells nothing of one."""

    cards_shown_at: datetime | None
    rights_told_at: datetime | None
    read_back_at: datetime | None
    recusal: dict[str, Any] | None
    refusal: dict[str, Any] | None
    signers: list[Signer]

    @property
    def drawn(self) -> set[UUID]:
        """The evidence that is a signature and no photo."""
        return {signer.drawn for signer in self.signers if signer.drawn}


def on_site(session: Session, submission_id: UUID) -> OnSite:
    """What a submission tells of the steps on site."""
    body = session.get_one(Submission, submission_id).body
    return OnSite(
        cards_shown_at=_at(body, "cards_shown_at"),
        rights_told_at=_at(body, "rights_told_at"),
        read_back_at=_at(body, "read_back_at"),
        recusal=body.get("recusal"),
        refusal=body.get("refusal"),
        signers=_signers(body),
    )


def _at(body: Body, name: str) -> datetime | None:
    told = body.get(name)
    return datetime.fromisoformat(told) - timedelta(milliseconds=body["clock_offset_ms"]) if told else None


def _signers(body: Body) -> list[Signer]:
    images = {photo["sha256"]: UUID(photo["id"]) for photo in body["photos"]}
    signed = [(one["role"], one["name"], one.get("sha256")) for one in body["signatures"]]
    refusal = body.get("refusal") or {}
    witness = [("witness", refusal["witness"], refusal.get("witness_sha256"))] if refusal.get("witness") else []
    return [Signer(role, name, images.get(sha256)) for role, name, sha256 in signed + witness]
