"""Texts that look like somebody's identifier: SRS, no record-level data; NHS and DfE formats."""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits carry a valid check digit (modulus 11; NHS Data Dictionary)."""
    weights = range(10, 1, -1)
    weighted = sum(int(digit) * weight for digit, weight in zip(digits[:9], weights, strict=True))
    check = 11 - weighted % 11
    return check != 10 and check % 11 == int(digits[9])


def is_upn(text: str) -> bool:
    """Whether thirteen characters are a Unique Pupil Number with its check letter (DfE)."""
    values = [_UPN_LETTERS.find(one) if one.isalpha() else int(one) for one in text[1:]]
    if -1 in values:
        return False
    weighted = sum(value * weight for value, weight in zip(values, range(2, 14), strict=True))
    return _UPN_LETTERS[weighted % 23] == text[0]


def _any(_: str) -> bool:
    return True


def _only_digits(check: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda found: check(re.sub(r"[ -]", "", found))


KINDS: Mapping[str, tuple[re.Pattern[str], Callable[[str], bool]]] = MappingProxyType(
    {
        "NHS number": (
            re.compile(r"(?<![\d.,-])\d{3}([ -]?)\d{3}\1\d{4}(?![\d-]|[.,]\d)", re.ASCII),
            _only_digits(is_nhs_number),
        ),
        "Unique Pupil Number": (
            re.compile(r"(?<![A-Za-z0-9])[A-HJ-NP-RT-Z]\d{11}[0-9A-Z](?![A-Za-z0-9])", re.ASCII),
            is_upn,
        ),
        "postcode": (
            re.compile(
                r"(?<![A-Za-z0-9])(?:GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?\d[\dA-HJKMNPR-Y]? ?"
                r"\d[ABD-HJLNP-UW-Z]{2})(?![A-Za-z0-9])"
            ),
            _any,
        ),
        "date of birth": (
            re.compile(
                r"(?i:\b(?:dob|d\.o\.b\.|date of birth|birth ?date|born)\b)\W{0,20}"
                r"\d{1,4}[-/. ]\w{1,9}[-/. ]\d{1,4}"
            ),
            _any,
        ),
        "e-mail address": (
            re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b"),
            _any,
        ),
    }
)
"""Kinds of identifiers: what they look like, and what else must hold."""

DATE = re.compile(
    r"\s*(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})(?:[ T].*)?"
)
BIRTH = re.compile(r"(?i)birth|(?:^|[^a-z])dob(?:[^a-z]|$)")


def identifiers_in(text: str) -> Iterator[str]:
    """Name the kind of every identifier in a text."""
    for kind, (pattern, holds) in KINDS.items():
        for found in pattern.finditer(text):
            if holds(found.group()):
                yield kind
