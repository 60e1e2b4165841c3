#!/usr/bin/env python3
"""Checks the signatures in a lot's bundle with kept libraries: python3 verify_signatures.py BUNDLE.json

The heads' Ed25519 needs ``cryptography``, a beacon round's BLS needs ``pyblst``; what is not at hand is reported as not checked.
verify_draw.py checks everything else.
"""

import hashlib
import json
import sys
from typing import Any

BEACON_DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
G2 = (
    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
    "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
)
QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"


def head_holds(head: dict[str, Any]) -> bool:
    """Is a head signed with the key that it names? Raises ImportError without ``cryptography``."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    signed = {name: head[name] for name in ("root", "size", "time")}
    message = json.dumps(signed, sort_keys=True, separators=(",", ":")).encode()
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(head["key"])).verify(bytes.fromhex(head["signature"]), message)
    except InvalidSignature:
        return False
    return True


def round_holds(key: str, number: int, signature: str) -> bool:
    """Is it the signature of a beacon's round (drand, unchained, on G1)? Raises ImportError without ``pyblst``."""
    import pyblst

    raw = bytes.fromhex(signature), bytes.fromhex(key)
    if any(point[0] & 0x40 for point in raw):
        return False
    hashed = pyblst.BlstP1Element.hash_to_group(hashlib.sha256(number.to_bytes(8, "big")).digest(), BEACON_DOMAIN)
    generator = pyblst.BlstP2Element().uncompress(bytes.fromhex(G2))
    left = pyblst.miller_loop(pyblst.BlstP1Element().uncompress(raw[0]), generator)
    right = pyblst.miller_loop(hashed, pyblst.BlstP2Element().uncompress(raw[1]))
    return bool(pyblst.final_verify(left, right))


def checks(bundle: dict[str, Any]) -> list[tuple[str, Any]]:
    """Every signature of the bundle as (sentence, function that checks it)."""
    found: list[tuple[str, Any]] = [
        (f"The head of {head['size']} records is signed with key {head['key']}", lambda head=head: head_holds(head))
        for head in bundle["heads"]
    ]
    records = [entry["record"] for entry in bundle["entries"] if entry["record"]["lot"] == bundle["lot"]]
    plan = next(record["seed_plan"]["drand"] for record in records if record["type"] == "commit")
    given = next(record["drand"] for record in records if record["type"] == "seed")
    if plan and given:
        chain = "the public chain quicknet" if plan["chain"] == QUICKNET else f"the chain {plan['chain']}"
        sentence = f"Round {given['round']} is signed by {chain}"
        found.append((sentence, lambda: round_holds(plan["key"], given["round"], given["signature"])))
    return found


def main(file: str) -> int:
    """Tell each check; 0 when none failed."""
    failed = 0
    try:
        with open(file, encoding="utf-8") as text:
            found = checks(json.load(text))
        for sentence, holds in found:
            failed += _told(sentence, holds)
    except (OSError, ValueError, KeyError, TypeError, StopIteration) as error:
        failed = 1
        print(f"FAIL  It cannot be read further: {type(error).__name__}: {error}")
    print("FAIL" if failed else "PASS")
    return 1 if failed else 0


def _told(sentence: str, holds: Any) -> bool:
    """Print how a check went. Returns whether it failed."""
    try:
        good = holds()
    except ImportError as missing:
        print(f"not checked: {sentence} (install {missing.name})")
        return False
    print("pass " if good else "FAIL ", sentence)
    return not good


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
