"""Valid identifiers for invented entities, made for many at once: credit codes, registration and licence numbers."""

import numpy as np

from backend.registry.rules import ALPHABET, ORGANISATION_WEIGHTS, WEIGHTS

Texts = np.ndarray
LETTERS = np.array(list(ALPHABET))
AS_36 = np.array([int(letter, 36) for letter in ALPHABET])
ORGANISATION_CHECKS = np.array([ALPHABET.index(letter) for letter in "0123456789X0"])
MARK = "MX"
"""Organisation codes of the sample begin so; none that we know of is given out with it, so a sample code is told at sight."""
ROOM, STRIDE = 31**6, 387_420_489
"""How many codes there are under the mark, and a step without common factor that scatters the serial numbers."""


def credit_codes(classes: Texts, districts: Texts, serials: np.ndarray) -> Texts:
    """18-character codes (GB 32100-2015, DOMAIN §7.1) with both check characters right.

    ``classes`` are ``91``, ``92`` or ``93``, ``districts`` six digits, ``serials`` distinct numbers below 31**6.
    """
    head = _digits(np.char.add(classes, districts), 8)
    mark = np.tile([ALPHABET.index(letter) for letter in MARK], (len(serials), 1))
    scattered = serials.astype(np.int64) * STRIDE % ROOM
    tail = scattered[:, None] // 31 ** np.arange(5, -1, -1) % 31
    eight = np.hstack((mark, tail))
    total = AS_36[eight] @ np.array(ORGANISATION_WEIGHTS)
    values = np.hstack((head, eight, ORGANISATION_CHECKS[11 - total % 11][:, None]))
    check = -(values @ np.array(WEIGHTS)) % 31
    return _joined(LETTERS[np.hstack((values, check[:, None]))])


def registration_numbers(districts: Texts, serials: np.ndarray) -> Texts:
    """15-digit registration numbers of the time before credit codes: district, serial (8), check digit."""
    return with_check_digit(np.char.add(districts, padded(serials, 8)))


def with_check_digit(numbers: Texts) -> Texts:
    """Numbers with a check digit behind them: ISO 7064 MOD 11,10 (DOMAIN §3.5 names no algorithm; believed right)."""
    carry = np.full(len(numbers), 10)
    for column in _digits(numbers, numbers.dtype.itemsize // 4).T:
        carry = (carry + column - 1) % 10 + 1
        carry = carry * 2 % 11
    return np.char.add(numbers, ((11 - carry) % 10).astype("U1"))


def padded(numbers: np.ndarray, width: int) -> Texts:
    """Numbers as text with leading zeros."""
    return np.char.zfill(numbers.astype(f"U{width}"), width)


def counted_within(groups: Texts) -> np.ndarray:
    """For each row its number among the rows of its group, from 1, in their order."""
    order = np.argsort(groups, kind="stable")
    sorted_groups = groups[order]
    starts = np.r_[0, np.flatnonzero(sorted_groups[1:] != sorted_groups[:-1]) + 1]
    first = np.repeat(starts, np.diff(np.r_[starts, len(groups)]))
    out = np.empty(len(groups), dtype=np.int64)
    out[order] = np.arange(len(groups)) - first + 1
    return out


def _digits(numbers: Texts, width: int) -> np.ndarray:
    """Texts of ``width`` digits as a matrix of their values."""
    return np.ascontiguousarray(numbers.astype(f"U{width}")).view("U1").reshape(-1, width).astype(np.int64)


def _joined(letters: np.ndarray) -> Texts:
    """A matrix of single letters as texts, one a row."""
    width = letters.shape[1]
    return np.ascontiguousarray(letters.astype("U1")).view(f"U{width}").ravel()
