"""A witness outside the agency: keeps the heads of a public log in a file and sees on every visit that nothing was rewritten.

It speaks to the log by HTTP alone and needs no database of ours (DRAWS §5).
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from backend.draws import merkle
from backend.draws.log import Head
from backend.problems import Problem
from media.canonical import canonical_json

PATIENCE_S = 20


class LogSilent(Problem):
    """The log could not be read; that alone says nothing of its honesty."""

    status = 502
    zh = ("日志无法读取", "无法读取 {url}：{why}。已保存的日志头没有改动，请稍后再试。")
    en = ("The log cannot be read", "{url} could not be read: {why}. The kept heads are unchanged; try again later.")


class ProofRefused(LogSilent):
    """The server is there and will not answer this question; asked for a proof, that is as good as none."""


class LogRewritten(Problem):
    """The log is not a continuation of what this witness saw before."""

    status = 409
    level = "error"
    zh = (
        "公开日志被改写",
        "{url} 的日志被改写：{what}。先前见过 {old_size} 条（根 {old_root}），现在给出 {size} 条（根 {root}）。请保存文件 {file}，并告知上级和公众。",
    )
    en = (
        "The public log was rewritten",
        "The log at {url} was rewritten: {what}. Seen before: {old_size} records (root {old_root}); shown now: {size} (root {root}). "
        "Keep {file}; tell the authority above and the public.",
    )


class KeyChanged(Problem):
    """The heads are signed with another key than before."""

    status = 409
    level = "error"
    zh = (
        "签名密钥已更换",
        "{url} 的日志头改用密钥 {key} 签名，先前为 {old_key}。若机关已公告更换密钥，请核对公告后以 --accept-key {key} 再运行；否则请告知公众。",
    )
    en = (
        "The signing key changed",
        "Heads at {url} are now signed with {key}, before with {old_key}. If the agency announced this key, compare it and run again "
        "with --accept-key {key}; if not, tell the public.",
    )


@dataclass(frozen=True)
class Visit:
    """What a visit found: the newest head, and how many records are new since the last visit."""

    head: Head
    fresh: int


def visit(url: str, file: Path, accept_key: str | None = None) -> Visit:
    """Look at the log of ``url`` once, check it against the heads in ``file``, and keep its newest head there.

    ``accept_key`` is an announced new signing key, hex. Raises LogSilent, LogRewritten, KeyChanged; a head that
    contradicts the kept ones is kept beside them as evidence.
    """
    url = url.rstrip("/")
    kept = _kept(file)
    newest = _head(url, file, kept)
    try:
        fresh = _checked(url, file, kept, newest, accept_key)
    except (LogRewritten, KeyChanged):
        kept["alarms"].append(newest.__dict__)
        _keep(file, kept)
        raise
    if not kept["heads"] or kept["heads"][-1] != newest.__dict__:
        kept["heads"].append(newest.__dict__)
    kept["url"] = url
    _keep(file, kept)
    return Visit(newest, fresh)


def _checked(url: str, file: Path, kept: dict[str, Any], newest: Head, accept_key: str | None) -> int:
    """How many records are new. Raises LogSilent, LogRewritten, KeyChanged."""
    old = Head(**kept["heads"][-1]) if kept["heads"] else None
    facts = {"url": url, "file": str(file), "size": newest.size, "root": newest.root,
             "old_size": old.size if old else 0, "old_root": old.root if old else merkle.EMPTY.hex()}  # fmt: skip
    if not signed(newest):
        raise LogRewritten(what="日志头的签名不成立 / the head's signature does not hold", **facts)
    if old is None:
        return newest.size
    if newest.key not in (old.key, accept_key):
        raise KeyChanged(url=url, key=newest.key, old_key=old.key)
    if newest.size < old.size:
        raise LogRewritten(what="记录变少 / records are gone", **facts)
    if not _continues(url, old, newest):
        raise LogRewritten(what="新日志不是旧日志的延续 / it does not continue what was there", **facts)
    return newest.size - old.size


def _continues(url: str, old: Head, newest: Head) -> bool:
    """Does the newest head continue the old one? A proof that is refused or malformed is none. Raises LogSilent."""
    try:
        told = (
            _get(url, f"/log/consistency?from={old.size}&to={newest.size}") if newest.size > old.size else {"path": []}
        )
        steps = [bytes.fromhex(step) for step in told["path"]]
    except (ProofRefused, KeyError, TypeError, ValueError):
        return False
    return merkle.consistent(old.size, newest.size, steps, bytes.fromhex(old.root), bytes.fromhex(newest.root))


def signed(head: Head) -> bool:
    """Is the head signed with the key that it names?"""
    message = canonical_json({"size": head.size, "root": head.root, "time": head.time})
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(head.key))
        key.verify(bytes.fromhex(head.signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _head(url: str, file: Path, kept: dict[str, Any]) -> Head:
    """The newest head. Raises LogSilent, and LogRewritten where a log that had records shows none."""
    try:
        return Head(**_get(url, "/log/head"))
    except TypeError as wrong:
        raise LogSilent(url=url, why=f"no head: {wrong}") from None
    except ProofRefused:
        if not kept["heads"]:
            raise
        old = kept["heads"][-1]
        raise LogRewritten(url=url, file=str(file), why="日志为空 / it shows no head", old_size=old["size"],
                           old_root=old["root"], size=0, root=merkle.EMPTY.hex()) from None  # fmt: skip


def _get(url: str, path: str) -> dict[str, Any]:
    try:
        answer = requests.get(url + path, timeout=PATIENCE_S, headers={"Accept": "application/json"})
        if 400 <= answer.status_code < 500:
            raise ProofRefused(url=url, why=f"{path}: {answer.status_code}")
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
    except (requests.RequestException, ValueError) as wrong:
        raise LogSilent(url=url, why=str(wrong)) from None
    return told


def _kept(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {"url": "", "heads": [], "alarms": []}
    kept: dict[str, Any] = json.loads(file.read_text())
    return kept


def _keep(file: Path, kept: dict[str, Any]) -> None:
    """Write the whole file anew beside the old one, so that a crash leaves one of the two."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_text(json.dumps(kept, indent=1) + "\n")
    draft.replace(file)
