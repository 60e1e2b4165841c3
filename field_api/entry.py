"""Who is at the field door: a phone that signs each request by its key, or an upload ticket of one.

Every answer bears a nonce for the next signature.
"""

from hashlib import sha256
from hmac import compare_digest

from flask import Response, g, request

from backend import rates
from backend.accounts.proofs import BadProof, fresh_nonce, prove_token
from backend.accounts.queries import actor_of_device
from backend.accounts.rules import Actor
from backend.accounts.tickets import read_ticket
from backend.problems import Problem

RATE = "1200 per minute"
"""For each phone; one that hands in a whole day at once needs less"""
UPLOADS = "/v1/uploads"


class SignEachRequest(Problem):
    """A token came alone, or a ticket where a signature is needed."""

    status = 401
    zh = (
        "请求须由手机签名",
        "请使用 Authorization: DPoP 令牌，并附上由本机密钥签名的 DPoP 证明（见 docs/field-api.md）。",
    )
    en = (
        "Requests are signed",
        "Send Authorization: DPoP with the token, and a DPoP proof by the phone's key (docs/field-api.md).",
    )


class TicketNeeded(Problem):
    """An upload came without a ticket."""

    status = 401
    zh = ("上传须凭上传凭证", "请先在 /field/v1/tickets 为这个文件申请凭证，再以 Authorization: Bearer 上传。")
    en = (
        "Uploads take a ticket",
        "Ask /field/v1/tickets for a ticket for this file, and upload with Authorization: Bearer.",
    )


def recognise() -> Actor | None:
    """The person whose phone speaks, or None where nothing was shown.

    Raises SignEachRequest, TicketNeeded, StaleTicket, DeviceRevoked, TooManyRequests, and what ``prove_token`` raises.
    """
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if not secret:
        return None
    actor = _by_ticket(scheme, secret) if request.path.startswith(UPLOADS) else _by_proof(scheme, secret)
    rates.spend(RATE, "phone", str(actor.device_id))
    return actor


def _by_ticket(scheme: str, secret: str) -> Actor:
    if scheme != "Bearer":
        raise TicketNeeded
    g.ticket = read_ticket(secret)
    return actor_of_device(g.session, g.ticket.device_id)


def _by_proof(scheme: str, token: str) -> Actor:
    if scheme != "DPoP":
        raise SignEachRequest
    proven = prove_token(
        g.session, request.headers.get("DPoP", ""), token=token, method=request.method, url=request.base_url
    )
    must_be_signed(proven.body_sha256, request.get_data())
    return actor_of_device(g.session, proven.device.id)


def must_be_signed(signed: str | None, body: bytes) -> None:
    """Raise BadProof unless these bytes were signed; no bytes need no signature."""
    if (body or signed) and not compare_digest(sha256(body).hexdigest(), signed or ""):
        raise BadProof(why="bsh")


def hand_out_nonce(response: Response) -> Response:
    """Let the next proof be made; say how to come in to whom it was refused."""
    if request.path.startswith("/v1"):
        response.headers["DPoP-Nonce"] = fresh_nonce()
    if response.status_code == 401:
        upload = request.path.startswith(UPLOADS)
        response.headers["WWW-Authenticate"] = "Bearer" if upload else 'DPoP algs="ES256"'
    return response
