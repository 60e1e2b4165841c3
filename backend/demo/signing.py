"""A phone's key, and how it signs: the number that a token costs, and each request (docs/field-api.md)."""

import base64
import json
import uuid
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256


class Signer:
    """An EC P-256 key pair."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        numbers = self.key.public_key().public_numbers()
        x, y = (unpadded(n.to_bytes(32)) for n in (numbers.x, numbers.y))
        self.jwk = {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def sign(self, text: str) -> str:
        """Base64url of the raw 64-byte signature over a text."""
        r, s = decode_dss_signature(self.key.sign(text.encode(), ec.ECDSA(SHA256())))
        return unpadded(r.to_bytes(32) + s.to_bytes(32))

    def proof(self, method: str, url: str, *, nonce: str, token: str, body: bytes) -> str:
        """The proof of possession for one request, which can be sent once."""
        claims = {"jti": str(uuid.uuid4()), "htm": method, "htu": url, "nonce": nonce, "ath": _digest(token.encode())}
        head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk}
        parts = (head, {**claims, "bsh": _digest(body)} if body else claims)
        signed = ".".join(unpadded(json.dumps(part).encode()) for part in parts)
        return f"{signed}.{self.sign(signed)}"


def unpadded(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _digest(data: bytes) -> str:
    return unpadded(sha256(data).digest())
