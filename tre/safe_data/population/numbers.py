"""Numbers with check digits: NHS numbers of the test range, and Unique Pupil Numbers."""

import numpy as np
import polars as pl

_NHS_WEIGHTS = tuple(range(10, 1, -1))
_UPN_ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPN_WEIGHTS = tuple(range(2, 14))
TEST_RANGE, SYNTHETIC_RANGES = 999, range(998, 899, -1)
"""999 is never issued and holds 909,091 valid numbers; 900 to 998 are synthetic too."""


def nhs_numbers(rng: np.random.Generator, people: int) -> np.ndarray:
    """Different NHS numbers with valid check digits, as 10-digit integers, in random order.

    From the 999 range as long as that lasts, then from 998 downwards.
    """
    found: list[np.ndarray] = []
    missing = people
    for prefix in (TEST_RANGE, *SYNTHETIC_RANGES):
        if missing <= 0:
            break
        numbers = rng.permutation(_valid_nhs_numbers(prefix))[:missing]
        found.append(numbers)
        missing -= len(numbers)
    return rng.permutation(np.concatenate(found))


def _valid_nhs_numbers(prefix: int) -> np.ndarray:
    """All of them; a number whose check digit would be 10 is not issued (modulus 11)."""
    first_nine = prefix * 1_000_000 + np.arange(1_000_000, dtype=np.int64)
    check = (11 - _weighted(first_nine, _NHS_WEIGHTS) % 11) % 11
    return (first_nine * 10 + check)[check != 10]


def _weighted(numbers: np.ndarray, weights: tuple[int, ...]) -> np.ndarray:
    """The sum of the digits, each times its weight; the first weight is for the first digit."""
    total = np.zeros(len(numbers), dtype=np.int64)
    for place, weight in enumerate(reversed(weights)):
        total += numbers // 10**place % 10 * weight
    return total


def upns(authority: np.ndarray, school: np.ndarray, year: np.ndarray) -> pl.Series:
    """Unique Pupil Numbers: check letter, authority (3), school (4), year (2), serial (3).

    authority: Department for Education number; school: 0 to 9999; year: of entry, 4 digits.
    Pupils who would share authority, school and year are told apart by the serial, from 001.
    Raises ValueError where a school takes more than 999 new pupils in a year.
    """
    stem = (authority.astype(np.int64) * 10_000 + school) * 100 + year % 100
    serial = _rank_within(stem) + 1
    if serial.size and serial.max() > 999:
        message = "a school may take at most 999 new pupils a year"
        raise ValueError(message)
    body = stem * 1_000 + serial
    check = _weighted(body, _UPN_WEIGHTS) % 23
    letters = pl.Series(list(_UPN_ALPHABET))[check.tolist()]
    return letters + pl.Series(body).cast(pl.String).str.zfill(12)


def _rank_within(key: np.ndarray) -> np.ndarray:
    """0, 1, 2 ... among the equal keys, in the order in which they stand."""
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if key.size else key
    lengths = np.diff(np.r_[starts, key.size])
    rank = np.empty(key.size, dtype=np.int64)
    rank[order] = np.arange(key.size) - np.repeat(starts, lengths)
    return rank
