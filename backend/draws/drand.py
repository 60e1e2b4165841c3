"""A public beacon's rounds: which round comes at what time, and is a signature that round's (BLS12-381, offline).

drand's *unchained G1* scheme: the message of round r is SHA-256 of r as eight big-endian bytes, hashed to G1 (RFC 9380);
the signature lies in G1, the key in G2; a round's randomness is the SHA-256 of its signature. A chain of one's own, for tests and
isolated networks, is signed by ``sign`` and read by the same code.
"""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

import pyblst

from backend.draws.primitives import joined_hex

DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
ORDER = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
G1_BYTES, G2_BYTES = 48, 96
G2_GENERATOR = bytes.fromhex(
    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
    "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
)
INFINITY = 0x40


@dataclass(frozen=True)
class Chain:
    """A beacon: its hash and key in hex, the Unix time of round 1, and the seconds between rounds."""

    chain: str
    key: str
    genesis: int
    period: int

    def time_of(self, round_: int) -> int:
        """When a round is published, Unix seconds."""
        return self.genesis + (round_ - 1) * self.period

    def round_after(self, moment: int) -> int:
        """The first round that is published after a moment (Unix seconds)."""
        return max(1, (moment - self.genesis) // self.period + 2)

    def planned(self, round_: int) -> dict[str, Any]:
        """As a seed plan names it (DRAWS §4)."""
        return {**asdict(self), "round": round_}


QUICKNET = Chain(
    chain="52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    key="83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb"
    "5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
    genesis=1_692_803_367,
    period=3,
)
"""The League of Entropy's public chain"""


def message_of(round_: int) -> bytes:
    """What is signed for a round."""
    return hashlib.sha256(round_.to_bytes(8)).digest()


def randomness_of(signature: str) -> str:
    """A round's randomness: SHA-256 of its signature, hex in, hex out."""
    return hashlib.sha256(bytes.fromhex(signature)).hexdigest()


def verifies(key: str, round_: int, signature: str) -> bool:
    """Is this the signature of the round under the chain's key? False for anything malformed, too."""
    try:
        signed = pyblst.BlstP1Element().uncompress(_finite(signature, G1_BYTES))
        public = pyblst.BlstP2Element().uncompress(_finite(key, G2_BYTES))
    except ValueError:
        return False
    hashed = pyblst.BlstP1Element.hash_to_group(message_of(round_), DOMAIN)
    generator = pyblst.BlstP2Element().uncompress(G2_GENERATOR)
    left, right = pyblst.miller_loop(signed, generator), pyblst.miller_loop(hashed, public)
    return bool(pyblst.final_verify(left, right))


def _finite(hexed: str, size: int) -> bytes:
    """The bytes of a compressed point other than infinity. Raises ValueError."""
    raw = bytes.fromhex(hexed)
    if len(raw) != size or raw[0] & INFINITY:
        raise ValueError(f"{size} bytes of a finite point are expected")
    return raw


def own_chain(secret: bytes, genesis: int, period: int) -> Chain:
    """A chain of one's own from 32 secret bytes; its hash is H("hashdraw-1/chain", key, genesis, period)."""
    generator = pyblst.BlstP2Element().uncompress(G2_GENERATOR)
    key = generator.scalar_mul(_scalar(secret)).compress().hex()
    return Chain(joined_hex("hashdraw-1/chain", key, str(genesis), str(period)), key, genesis, period)


def sign(secret: bytes, round_: int) -> str:
    """The signature of a round of one's own chain, hex."""
    hashed = pyblst.BlstP1Element.hash_to_group(message_of(round_), DOMAIN)
    return hashed.scalar_mul(_scalar(secret)).compress().hex()


def _scalar(secret: bytes) -> int:
    """The secret key of 32 secret bytes: never 0, and below the group's order."""
    return int.from_bytes(hashlib.sha512(b"fieldlot beacon" + secret).digest()) % (ORDER - 1) + 1
