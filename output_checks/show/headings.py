"""How the categories of a dimension are headed: groups above their members, "Missing" apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from output_checks.grid import Dimension
from output_checks.words import TOTAL


class Heads(StrEnum):
    """What a heading stands for, so that it can look like it."""

    CATEGORY = "category"
    GROUP = "group"
    MISSING = "missing"
    TOTAL = "total"
    STATISTIC = "statistic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One heading. depth: how many groups it is in, by which it is indented."""

    text: str
    heads: Heads = Heads.CATEGORY
    depth: int = 0


def headed(dimension: Dimension, *, margins: bool) -> list[tuple[int, Heading]]:
    """Every position of an axis in the order in which it is read, with its heading.

    A group comes before its members; what is missing after everything else, and the total last.
    """
    texts = dimension.texts
    shown = [one for top in _in_order(dimension) for one in _below(dimension, texts, top, 0)]
    if margins:
        shown.append((len(texts), Heading(text=TOTAL, heads=Heads.TOTAL)))
    return shown


def _in_order(dimension: Dimension) -> list[int]:
    return sorted(dimension.tops, key=lambda position: _first(dimension, position))


def _first(dimension: Dimension, position: int) -> int:
    """The first category that a position holds: groups are in the order of their categories."""
    members = _members(dimension, position)
    return min((_first(dimension, one) for one in members), default=position)


def _members(dimension: Dimension, position: int) -> tuple[int, ...]:
    within = position - len(dimension.labels)
    return dimension.groups[within].members if within >= 0 else ()


def _below(
    dimension: Dimension, texts: Sequence[str], position: int, depth: int
) -> Iterator[tuple[int, Heading]]:
    """A position with its heading, and those under it. texts: the dimension's, written once."""
    members = _members(dimension, position)
    heads = Heads.GROUP if members else Heads.CATEGORY
    if position < len(dimension.labels) and dimension.labels[position] is None:
        heads = Heads.MISSING
    yield position, Heading(text=texts[position], heads=heads, depth=depth)
    for member in sorted(members, key=lambda one: _first(dimension, one)):
        yield from _below(dimension, texts, member, depth + 1)
