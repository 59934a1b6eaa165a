"""What stands in a cell of a published table: a number, a mark for withheld, or a bound."""

import re
from dataclasses import dataclass

WITHHELD = frozenset(
    {"", "c", "[c]", "(c)", "*", "**", "x", "[x]", ":", "-", "\u2013", "..", "\u2026", "na", "n/a"}
    | {"[low]", "s", "[s]", "suppressed", "withheld"}
)
IMPOSSIBLE = frozenset({"z", "[z]"})
"""Nobody can be there: 0, and everybody knows it."""

_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:[,\u00a0\u202f ]\d{3})+)(?:\.\d*)?(?:[eE][+-]?\d+)?")
_NOTE = re.compile(r"(?i)\s*\[(?:r|p|e|b|u|note ?\d+|\d+)\]$")
_BELOW = re.compile(r"(?i)(?:<|under|below|fewer than|less than)\s*(\S+)")
_UP_TO = re.compile(r"(?i)(?:<=|\u2264|up to|at most)\s*(\S+)")
_ABOVE = re.compile(r"(?i)(?:>|over|above|more than)\s*(\S+)")
_FROM = re.compile(r"(?i)(?:>=|\u2265|at least)\s*(\S+)")
_OPEN = re.compile(r"(\S+)\s*\+")
_BETWEEN = re.compile(r"(?i)(\S+?)\s*(?:-|\u2013|to)\s*(\S+)")
_NO_END = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What a mark tells of a withheld value. is_open: the ends are not values of it."""

    least: float = -_NO_END
    greatest: float = _NO_END
    is_open: bool = False


def number(text: str) -> float | None:
    """A cell's number, None where it has none.

    Thousands may be set apart in groups of three; a mark for a note, or for revised, provisional
    or estimated, may follow.
    """
    bare = _NOTE.sub("", text.strip())
    if bare.lower() in IMPOSSIBLE:
        return 0.0
    if not _NUMBER.fullmatch(bare):
        return None
    return float(re.sub(r"[,\u00a0\u202f ]", "", bare))


def is_withheld(text: str) -> bool:
    """Whether a cell says that its value is withheld."""
    return text.strip().lower() in WITHHELD or bound(text) is not None


def bound(text: str) -> Bound | None:
    """What a mark such as "<5", "1 to 4" or ">95" tells, None for any other text."""
    bare = text.strip()
    for pattern, is_open in ((_UP_TO, False), (_BELOW, True)):
        if found := _ends(pattern, bare):
            return Bound(greatest=found[0], is_open=is_open)
    for pattern, is_open in ((_FROM, False), (_ABOVE, True), (_OPEN, False)):
        if found := _ends(pattern, bare):
            return Bound(least=found[0], is_open=is_open)
    if (found := _ends(_BETWEEN, bare)) and found[0] <= found[1]:
        return Bound(least=found[0], greatest=found[1])
    return None


def _ends(pattern: re.Pattern[str], text: str) -> list[float] | None:
    match = pattern.fullmatch(text)
    if match is None:
        return None
    ends = [number(part) for part in match.groups()]
    known = [one for one in ends if one is not None]
    return known if len(known) == len(ends) else None
