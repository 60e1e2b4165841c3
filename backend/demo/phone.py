"""An inspector's phone as the demo plays it: a key of its own, tokens, photos by a stock tus client, a submission."""

import base64
import hashlib
import io
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError

from backend.demo.http import PATIENCE_S, Caller, Refused

CHUNK = 256 * 1024


class Phone:
    """A phone enrolled for one inspector."""

    def __init__(self, url: str, code: str, name: str) -> None:
        self.caller = Caller(url)
        self.id = str(uuid.uuid4())
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.expires = datetime.now(UTC)
        device = {"id": self.id, "name": name, "public_key": self._jwk()}
        answer = self.caller.json("POST", "/field/v1/enrol", json={"code": code, "device": device})
        self.person: dict[str, str] = answer["person"]

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """One call of the field API with a fresh token."""
        self._sign_in()
        try:
            return self.caller.json(method, f"/field/v1{path}", **more)
        except Refused as refused:
            if refused.problem.get("code") != "stale-token":
                raise
        self.expires = datetime.now(UTC)
        self._sign_in()
        return self.caller.json(method, f"/field/v1{path}", **more)

    def upload(self, data: bytes, facts: dict[str, str]) -> str:
        """Send a file resumably, in pieces, going on where it stopped. Returns its SHA-256."""
        digest = hashlib.sha256(data).hexdigest()
        metadata = {"sha256": digest, **facts}
        self._patiently(lambda: self._tus(data, metadata))
        return digest

    def _tus(self, data: bytes, metadata: dict[str, str]) -> None:
        self._sign_in()
        headers = {"Authorization": str(self.caller.session.headers["Authorization"])}
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
        signed = self._sign(f"fieldlot-token:{self.id}:{nonce}")
        body = {"device_id": self.id, "nonce": nonce, "signature": signed}
        answer = self.caller.json("POST", "/field/v1/token", json=body)
        self.expires = datetime.fromisoformat(answer["expires_at"])
        self.caller.session.headers["Authorization"] = f"Bearer {answer['token']}"

    def _sign(self, text: str) -> str:
        r, s = decode_dss_signature(self.key.sign(text.encode(), ec.ECDSA(SHA256())))
        return _unpadded(r.to_bytes(32) + s.to_bytes(32))

    def _jwk(self) -> dict[str, str]:
        numbers = self.key.public_key().public_numbers()
        x, y = (_unpadded(n.to_bytes(32)) for n in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
