"""An inspector's phone as the demo plays it: a key of its own, signed requests, photos by a stock tus client, a submission."""

import hashlib
import io
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from requests.auth import AuthBase
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError

from backend.demo.http import PATIENCE_S, Caller, Refused
from backend.demo.signing import Signer

CHUNK = 256 * 1024
AGAIN = ("use-dpop-nonce", "replayed-request", "stale-token")
"""Answers after which the same request is signed anew and asked once more"""
TRIES = 3


class Phone:
    """A phone enrolled for one inspector."""

    def __init__(self, url: str, code: str, name: str) -> None:
        self.caller = Caller(url)
        self.id = str(uuid.uuid4())
        self.signer = Signer()
        self.token, self.nonce, self.expires = "", "", datetime.now(UTC)
        device = {"id": self.id, "name": name, "public_key": self.signer.jwk}
        answer = self.caller.json("POST", "/field/v1/enrol", json={"code": code, "device": device})
        self.person: dict[str, str] = answer["person"]

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """One signed call of the field API."""
        for _ in range(TRIES - 1):
            try:
                return self._ask_once(method, path, **more)
            except Refused as refused:
                if refused.problem.get("code") not in AGAIN:
                    raise
                self._after(refused)
        return self._ask_once(method, path, **more)

    def _ask_once(self, method: str, path: str, **more: Any) -> Any:
        self._sign_in()
        return self.caller.json(method, f"/field/v1{path}", auth=_Signed(self), **more)

    def _after(self, refused: Refused) -> None:
        self.nonce = refused.headers.get("DPoP-Nonce", self.nonce)
        if refused.problem.get("code") == "stale-token":
            self.expires = datetime.now(UTC)

    def upload(self, data: bytes, facts: dict[str, str]) -> str:
        """Send a file resumably, in pieces, going on where it stopped. Returns its SHA-256."""
        digest = hashlib.sha256(data).hexdigest()
        metadata = {"sha256": digest, **facts}
        self._patiently(lambda: self._tus(data, metadata))
        return digest

    def upload_headers(self, metadata: dict[str, str], size: int) -> dict[str, str]:
        """What any tus client must carry to be let in with this file."""
        wanted = {name: metadata[name] for name in ("evidence_id", "task_id", "sha256")}
        ticket = self.ask("POST", "/tickets", json={**wanted, "size": size})["ticket"]
        return {"Authorization": f"Bearer {ticket}"}

    def _tus(self, data: bytes, metadata: dict[str, str]) -> None:
        headers = self.upload_headers(metadata, len(data))
        client = TusClient(f"{self.caller.url}/field/v1/uploads", headers=headers)
        uploader = client.uploader(
            file_stream=io.BytesIO(data), chunk_size=CHUNK, metadata=metadata, retries=4, retry_delay=1
        )
        uploader.upload()

    def _patiently(self, deed: Callable[[], None]) -> None:
        ends = time.monotonic() + PATIENCE_S
        while True:
            try:
                return deed()
            except (TusCommunicationError, requests.RequestException):
                if time.monotonic() > ends:
                    raise
                time.sleep(1.0)

    def _sign_in(self) -> None:
        if self.expires - datetime.now(UTC) > timedelta(minutes=1):
            return
        nonce = self.caller.json("POST", "/field/v1/nonce", json={"device_id": self.id})["nonce"]
        signed = self.signer.sign(f"fieldlot-token:{self.id}:{nonce}")
        body = {"device_id": self.id, "nonce": nonce, "signature": signed}
        response = self.caller.ask("POST", "/field/v1/token", json=body)
        answer, self.nonce = response.json(), response.headers["DPoP-Nonce"]
        self.expires = datetime.fromisoformat(answer["expires_at"])
        self.token = answer["token"]


class _Signed(AuthBase):
    """Signs a request of ``requests`` as it is about to be sent; a second sending is signed anew."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        phone, body = self.phone, prepared.body or b""
        body = body.encode() if isinstance(body, str) else body
        proof = phone.signer.proof(
            str(prepared.method), str(prepared.url), nonce=phone.nonce, token=phone.token, body=body
        )
        prepared.headers.update({"Authorization": f"DPoP {phone.token}", "DPoP": proof})
        prepared.register_hook("response", self._note)
        return prepared

    def _note(self, response: requests.Response, **_: Any) -> None:
        self.phone.nonce = response.headers.get("DPoP-Nonce", self.phone.nonce)
