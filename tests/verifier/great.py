"""A bundle as great as a city, made by the rules alone: no database holds 400,000 entities in a test."""

from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend.draws import merkle, rules
from backend.draws.bundles import FORMAT
from media.canonical import canonical_hash, canonical_json

LOT = "great-e1"
AT = "2026-11-23T08:00:00Z"
KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
NONCE = "5a" * 32
DICE = "12345612345612345612"


def great_bundle(members: int, drawn: int) -> dict[str, Any]:
    """The bundle of a drawn lot over that many members in four classes."""
    pool = sorted([sha256(str(n).encode()).hexdigest(), "ABCD"[n % 4]] for n in range(members))
    strata = {
        name: rules.Stratum(sum(s == name for _, s in pool), weight)
        for name, weight in zip("ABCD", (1, 2, 4, 8), strict=True)
    }
    commit = _commit(pool, strata, drawn)
    seed = rules.seed_of(canonical_hash(commit), DICE, "", {"agency": NONCE})
    alloc = rules.allocate(seed, strata, drawn)
    given = rules.draw(seed, [(a, s) for a, s in pool], alloc, 5)
    told = {"type": "seed", "lot": LOT, "at": AT, "commit": canonical_hash(commit), "dice": DICE, "drand": None,
            "nonces": {"agency": NONCE}, "seed": seed}  # fmt: skip
    records = [
        commit,
        {"type": "dice", "lot": LOT, "at": AT, "commit": canonical_hash(commit), "dice": DICE, "witnesses": ["a", "b"]},
        told,
        {"type": "result", "lot": LOT, "at": AT, "seed": canonical_hash(told), "alloc": alloc, "drawn": given.drawn,
         "reserves": given.reserves},
    ]  # fmt: skip
    return {"format": FORMAT, "lot": LOT, **_logged(records), "pool": pool}


def _commit(pool: list[list[str]], strata: dict[str, rules.Stratum], drawn: int) -> dict[str, Any]:
    plan = {"dice": {"n": 20}, "drand": None, "lead": 0, "nonces": {"agency": sha256(bytes.fromhex(NONCE)).hexdigest()}}
    return {
        "type": "commit", "lot": LOT, "at": AT, "algo": "hashdraw-1", "kind": "entities", "round": "great", "attempt": 1,
        "pool": {"n": len(pool), "root": rules.pool_root([(a, s) for a, s in pool]), "key": "00" * 32},
        "strata": {name: {"N": s.N, "weight": s.weight, "min": s.min} for name, s in strata.items()},
        "n": drawn, "reserve": 5, "seed_plan": plan, "by": "draw_operator@HT",
    }  # fmt: skip


def _logged(records: list[dict[str, Any]]) -> dict[str, Any]:
    leaves = [merkle.leaf_hash(canonical_json(record)) for record in records]
    paths = merkle.inclusion_paths(leaves, range(len(leaves)))
    return {
        "heads": [_head(leaves[:1]), _head(leaves)],
        "consistency": [step.hex() for step in merkle.consistency_path(leaves, 1)],
        "entries": [{"index": i, "path": [step.hex() for step in path], "record": record}
                    for i, (record, path) in enumerate(zip(records, paths, strict=True))],
    }  # fmt: skip


def _head(leaves: list[bytes]) -> dict[str, Any]:
    head = {"size": len(leaves), "root": merkle.root(leaves).hex(), "time": AT}
    key = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    return {**head, "key": key, "signature": KEY.sign(canonical_json(head)).hex()}
