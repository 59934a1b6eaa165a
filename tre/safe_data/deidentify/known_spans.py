"""Where the identifiers that are known of a patient stand in a text."""

import re
from collections.abc import Iterator

from tre.safe_data.deidentify.known import Known
from tre.safe_data.deidentify.patterns import only_digits
from tre.safe_data.deidentify.span import Kind, Span
from tre.safe_data.deidentify.spellings import (
    Spellings,
    folded,
    spellings_of,
    within_one_edit,
)

_NAME = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W\d_]+)*")
_DIGITS = re.compile(r"(?<!\d)\+?\d(?:[\s()-]{0,2}\d){8,13}(?!\d)")
_STREETS = {
    "rd": "road", "st": "street", "ave": "avenue", "av": "avenue", "ln": "lane", "dr": "drive",
    "cl": "close", "ct": "court", "cres": "crescent", "gdns": "gardens", "pl": "place",
    "sq": "square", "gr": "grove", "apt": "flat", "terr": "terrace",
}  # fmt: skip


def known_spans(text: str, known: Known) -> Iterator[Span]:
    """Names and nicknames, one slip forgiven; parts of addresses; numbers however spaced."""
    yield from _names(text, spellings_of(known.names), Kind.NAME)
    yield from _names(text, spellings_of(known.relatives), Kind.RELATIVE)
    yield from _addresses(text, known.addresses)
    yield from _numbers(text, known.nhs_numbers, Kind.NHS_NUMBER)
    yield from _numbers(text, known.phones, Kind.PHONE)


def _names(text: str, names: tuple[Spellings, ...], kind: Kind) -> Iterator[Span]:
    for found in _NAME.finditer(text):
        word = re.sub(r"['\u2019][sS]$", "", found.group())
        bare, is_capital = folded(word), word[0].isupper()
        if any(name.matches(bare, is_capital=is_capital) for name in names):
            yield Span(found.start(), found.start() + len(word), kind)


def _addresses(text: str, addresses: tuple[str, ...]) -> Iterator[Span]:
    """Each part of an address that has two words or more, also without its house number."""
    words = [(folded(found.group()), found.span()) for found in _WORD.finditer(text)]
    for phrase in sorted({p for address in addresses for p in _phrases(address)}):
        for first in range(len(words) - len(phrase) + 1):
            here = words[first : first + len(phrase)]
            if _same([word for word, _ in here], phrase):
                yield Span(here[0][1][0], here[-1][1][1], Kind.ADDRESS)


def _phrases(address: str) -> Iterator[tuple[str, ...]]:
    for part in address.split(","):
        words = tuple(folded(word) for word in _WORD.findall(part))
        unnumbered = words[1:] if words and words[0][:1].isdigit() else words
        for phrase in (words, unnumbered):
            if len(phrase) > 1:
                yield phrase


def _same(words: list[str], phrase: tuple[str, ...]) -> bool:
    """Whether all words agree, one slip in one of them forgiven; 'rd' is 'road'."""
    slips = 0
    for word, known in zip(words, phrase, strict=True):
        one, other = _STREETS.get(word, word), _STREETS.get(known, known)
        if one != other:
            slips += 1
            if slips > 1 or not _is_slip(one, other):
                return False
    return True


def _is_slip(word: str, known: str) -> bool:
    return len(known) > 2 and known.isalpha() and within_one_edit(word, known)


def _numbers(text: str, numbers: tuple[str, ...], kind: Kind) -> Iterator[Span]:
    """The same digits, or one of them wrong; +44 is 0."""
    wanted = [_national(number) for number in numbers]
    for found in _DIGITS.finditer(text):
        digits = _national(found.group())
        if any(within_one_edit(digits, number) for number in wanted):
            yield Span(*found.span(), kind)


def _national(number: str) -> str:
    digits = only_digits(number)
    return re.sub(r"^(?:0044|44)0?(?=\d{9,10}$)", "0", digits)
