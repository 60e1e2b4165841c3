"""Keys of the instance: made once, kept outside the database in files of mode 0600 or given by environment.

KEY_INSTANCE (32 bytes, base64) encrypts secrets at rest; KEY_LOG and KEY_RECEIPT (Ed25519
seeds, base64) sign. Without them in the environment they are made in the KEYS folder at set-up. Back them up with the database.
"""

import base64
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend.config import settings

NAMES = ("instance", "log", "receipt")


def secret(name: str) -> bytes:
    """The 32 bytes of the key called ``name``, from KEY_<NAME> or the KEYS folder; made when absent."""
    given = os.environ.get(f"KEY_{name.upper()}")
    return base64.b64decode(given) if given else _kept(settings().keys / f"{name}.key")


def signer(name: str) -> Ed25519PrivateKey:
    """The signing key called ``name`` (``log``, ``receipt``)."""
    return Ed25519PrivateKey.from_private_bytes(secret(name))


def public_hex(name: str) -> str:
    """The raw public key of a signing key, lower-case hex."""
    return signer(name).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def trusted_hex(name: str) -> frozenset[str]:
    """Public keys whose signatures count: the present one, and former ones, a line each in ``<name>.former`` in the KEYS folder."""
    former = settings().keys / f"{name}.former"
    lines = former.read_text().split() if former.exists() else []
    return frozenset({public_hex(name), *(line.lower() for line in lines)})


def seal(plain: bytes, purpose: str) -> bytes:
    """Encrypt under the instance key (AES-256-GCM); ``purpose`` must be repeated to open it."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(secret("instance")).encrypt(nonce, plain, purpose.encode())


def unseal(sealed: bytes, purpose: str) -> bytes:
    """Open what ``seal`` made; raises ``cryptography.exceptions.InvalidTag`` for another key or purpose."""
    return AESGCM(secret("instance")).decrypt(sealed[:12], sealed[12:], purpose.encode())


def _kept(file: Path) -> bytes:
    if not file.exists():
        _make(file)
    return base64.b64decode(file.read_text())


def _make(file: Path) -> None:
    """Write a new key; a process that lost the race reads the winner's."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(base64.b64encode(secrets.token_bytes(32)).decode())
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
