"""Canonical JSON (RFC 8785 without floats) and its SHA-256: one value, one sequence of bytes."""

import hashlib
import json
from typing import Any

LARGEST = 2**53


class NotCanonical(ValueError):
    """A value that canonical JSON as used here cannot carry: a float, an integer of 2^53 or more, a key that is no text."""


def canonical_json(value: Any) -> bytes:
    """The UTF-8 bytes of objects, arrays, text, booleans, null and integers, keys in UTF-16 order (DRAWS §1)."""
    try:
        return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError as wrong:
        raise NotCanonical("half a surrogate pair is no text") from wrong


def canonical_hash(value: Any) -> str:
    """SHA-256 of the canonical JSON, lower-case hex: a record's hash."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise NotCanonical("keys must be text")
        return {key: _ordered(value[key]) for key in sorted(value, key=_utf16)}
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int) and abs(value) < LARGEST:
        return value
    raise NotCanonical(f"{type(value).__name__} {value!r} has no canonical form here")


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")
