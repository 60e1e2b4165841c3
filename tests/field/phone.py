"""A phone at the field door, for tests: its key, and a client that signs each request and asks for upload tickets as phones do."""

import base64
import hashlib
import json
import uuid
from typing import Any

from flask.testing import EnvironBuilder, FlaskClient

from backend.demo.signing import Signer, unpadded

HOST = "http://localhost"


class TestPhone:
    """An id and a P-256 key, as a phone makes them."""

    __test__ = False

    def __init__(self, id_: uuid.UUID | None = None) -> None:
        self.id = id_ or uuid.uuid4()
        self.signer = Signer()
        self.jwk = self.signer.jwk

    def sign(self, nonce: str) -> str:
        """The signature that a token costs."""
        return self.signer.sign(f"fieldlot-token:{self.id}:{nonce}")

    def proof(
        self, method: str, path: str, nonce: str, /, body: bytes = b"", token: str | None = None, **other: Any
    ) -> str:
        """A proof of possession for one request; ``other`` claims stand in for the right ones."""
        claims = {"jti": str(uuid.uuid4()), "htm": method, "htu": HOST + path, "nonce": nonce}
        claims |= {"bsh": digest(body)} if body else {}
        claims |= {"ath": digest(token.encode())} if token else {}
        head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk}
        signed = ".".join(unpadded(json.dumps(part).encode()) for part in (head, claims | other))
        return f"{signed}.{self.signer.sign(signed)}"


class PhoneClient(FlaskClient):
    """A client of the field door. Once it holds a key and a token it signs what it sends, unless told how to come in."""

    key: TestPhone | None = None
    token = nonce = ""

    def sign_in(self, key: TestPhone, token: str | None = None) -> None:
        """Speak as this phone from now on, with a token of its own asking unless one is given."""
        told = self.post("/v1/nonce", json={"device_id": str(key.id)})
        self.nonce = told.headers["DPoP-Nonce"]
        signature = key.sign(told.get_json()["nonce"])
        body = {"device_id": str(key.id), "nonce": told.get_json()["nonce"], "signature": signature}
        token = token or self.post("/v1/token", json=body).get_json()["token"]
        self.key, self.token, self.tickets = key, token, {}

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if self.key is None or (args and isinstance(args[0], EnvironBuilder)):
            return super().open(*args, **kwargs)
        builder = EnvironBuilder(self.application, *args, **kwargs)
        if "Authorization" not in builder.headers:
            self._sign(builder)
        return super().open(builder)

    def _sign(self, builder: EnvironBuilder) -> None:
        path, method, body = builder.path, builder.method, _body(builder)
        if path.startswith("/v1/uploads"):
            builder.headers["Authorization"] = f"Bearer {self._ticket(builder)}"
        else:
            builder.headers["Authorization"] = f"DPoP {self.token}"
            builder.headers["DPoP"] = self.key.proof(method, path, self.nonce, body, self.token)

    def _ticket(self, builder: EnvironBuilder) -> str:
        """The ticket of the upload that is announced, or was."""
        given = dict(pair.split(" ") for pair in builder.headers.get("Upload-Metadata", "").split(",") if " " in pair)
        facts = {name: base64.b64decode(value).decode() for name, value in given.items()}
        id_ = facts.get("evidence_id") or builder.path.rsplit("/", 1)[-1]
        if facts:
            body = {name: facts.get(name) for name in ("evidence_id", "task_id", "sha256")}
            told = self.post("/v1/tickets", json={**body, "size": int(builder.headers["Upload-Length"])})
            self.tickets[id_] = (told.get_json() or {}).get("ticket", "")
        return self.tickets.get(id_, "none")


def _body(builder: EnvironBuilder) -> bytes:
    stream = builder.input_stream
    if stream is None:
        return b""
    body = stream.read()
    stream.seek(0)
    return body


def digest(data: bytes) -> str:
    """SHA-256 as proofs name it."""
    return unpadded(hashlib.sha256(data).digest())
