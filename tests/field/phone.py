"""A phone's key and signatures, for tests."""

import base64
import uuid

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256


class TestPhone:
    """An id and a P-256 key, as a phone makes them."""

    __test__ = False

    def __init__(self, id_: uuid.UUID | None = None) -> None:
        self.id = id_ or uuid.uuid4()
        self.key = ec.generate_private_key(ec.SECP256R1())
        numbers = self.key.public_key().public_numbers()
        x, y = (_text(n.to_bytes(32)) for n in (numbers.x, numbers.y))
        self.jwk = {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def sign(self, nonce: str) -> str:
        """The signature that a token costs."""
        der = self.key.sign(f"fieldlot-token:{self.id}:{nonce}".encode(), ec.ECDSA(SHA256()))
        r, s = decode_dss_signature(der)
        return _text(r.to_bytes(32) + s.to_bytes(32))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
