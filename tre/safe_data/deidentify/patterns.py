"""Identifiers that have a form of their own: UK numbers, postcodes, e-mail, dates, titles."""

import re
from collections.abc import Callable, Iterator

from tre.safe_data.deidentify.span import Kind, Span

_WEIGHTS = range(10, 1, -1)
_MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_MONTHS_ANY_CASE = rf"(?:{_MONTHS}|(?i:{_MONTHS.replace('|May', '').replace('Mar(?:ch)?|', '')}))"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_NUMBER_OF_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:(?:19|20)\d\d|'?\d\d)"
_KIN = (
    r"(?i:mum|mother|mam|dad|father|sister|brother|sibling|son|daughter|partner|husband|wife"
    r"|girlfriend|boyfriend|aunt|auntie|uncle|gran|granny|nan|grandmother|grandad|grandfather"
    r"|cousin|niece|nephew|carer|stepmother|stepfather|friend|neighbour)"
)
_CAPITALS = "".join(letter for letter in map(chr, range(0x250)) if letter.isupper())
_CAPITALISED = rf"[{_CAPITALS}](?:[-'\u2019]?[^\W\d_])+"

NHS_NUMBER = re.compile(r"(?<![\d-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d-])")
_NHS_LABELLED = re.compile(
    r"\bNHS\s*(?:no|num|number)?\b[\s.:#]*(\d(?:[ -]?\d){8,9})(?!\d)", re.IGNORECASE
)
PHONE = re.compile(
    r"(?<![\w+])(?:\+44[\s-]?(?:\(0\)[\s-]?)?|0044[\s-]?|\(?0)\d(?:[\s()-]{0,2}\d){7,9}(?!\d)"
)
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?[ \t]{0,2}\d[A-Z]{2}\b", re.IGNORECASE)
_VITAMIN = re.compile(r"^(?:B\d{1,2}|D[23]|K[12])\s*\d(?:mg|ml|pm|am)$")
_DATES = (
    re.compile(rf"(?<![\d/.-]){_DAY}([/.-]){_NUMBER_OF_MONTH}\1{_YEAR}(?![\d/-]|\.\d)"),
    re.compile(
        rf"(?<![\d/.-])(?:19|20)\d\d([/.-]){_NUMBER_OF_MONTH}\1{_DAY}(?![\d/-]|\.\d)(?:T[\d:]+)?"
    ),
    re.compile(
        rf"(?<![\d/.-]){_DAY}(?:st|nd|rd|th)?[ -](?:of )?{_MONTHS_ANY_CASE}\b"
        rf"\.?(?:[ ,-]{{1,2}}{_YEAR}\b)?"
    ),
    re.compile(rf"\b{_MONTHS} {_DAY}(?:st|nd|rd|th)?\b(?![.:/]\d| ?m[gl]\b)(?:,? {_YEAR}\b)?"),
)
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Rev)\b\.? "
    rf"((?:[A-Z]\.? )?{_CAPITALISED}(?: {_CAPITALISED})?)"
)
_KINSHIP = re.compile(rf"\b{_KIN},? (?:is |called |named |\()?({_CAPITALISED}(?: {_CAPITALISED})?)")


def spans_by_form(text: str) -> Iterator[Span]:
    """Everything in the text that has the form of an identifier.

    An NHS number has the right check digit (modulus 11) or stands after the words 'NHS number'.
    A date names a day: '3 May', '03/05/2019'; 'May 2019' and '5/7' (for five days) stay.
    A person is a name after a title, or after a word such as 'mum'.
    """
    for find in _FINDERS:
        yield from find(text)


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits carry the check digit of the NHS Data Dictionary (modulus 11)."""
    if len(digits) != 10 or not (digits.isascii() and digits.isdecimal()):
        return False
    total = sum(int(d) * weight for d, weight in zip(digits, _WEIGHTS, strict=False))
    return (11 - total % 11) % 11 == int(digits[9])


def only_digits(text: str) -> str:
    """The digits of a number, without what is written between them."""
    return re.sub(r"\D", "", text)


def _nhs_numbers(text: str) -> Iterator[Span]:
    for found in NHS_NUMBER.finditer(text):
        if is_nhs_number(only_digits(found.group())):
            yield Span(*found.span(), Kind.NHS_NUMBER)
    for found in _NHS_LABELLED.finditer(text):
        yield Span(*found.span(1), Kind.NHS_NUMBER)


def _postcodes(text: str) -> Iterator[Span]:
    for found in POSTCODE.finditer(text):
        if not _VITAMIN.search(found.group()):  # "B12 5mg" is no place
            yield Span(*found.span(), Kind.POSTCODE)


def _whole(pattern: re.Pattern[str], kind: Kind) -> Callable[[str], Iterator[Span]]:
    return lambda text: (Span(*found.span(), kind) for found in pattern.finditer(text))


def _named(pattern: re.Pattern[str], kind: Kind) -> Callable[[str], Iterator[Span]]:
    return lambda text: (Span(*found.span(1), kind) for found in pattern.finditer(text))


_FINDERS: tuple[Callable[[str], Iterator[Span]], ...] = (
    _whole(_EMAIL, Kind.EMAIL),
    _nhs_numbers,
    _whole(PHONE, Kind.PHONE),
    _postcodes,
    *(_whole(pattern, Kind.DATE) for pattern in _DATES),
    _named(_TITLED, Kind.PERSON),
    _named(_KINSHIP, Kind.RELATIVE),
)
