"""What `suggest_merges` gives: ways of merging categories, and what must be said of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from output_checks.words import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Categories to merge, and what that leaves.

    merges: {dimension: {label: new label}}, of the table as it is. kept: the share of its
    information that is left, 1 where nothing is lost. cells: how many it has, without totals and
    groups. verdict: of the coarser table, computed and judged again. table: that table.
    """

    merges: Mapping[str, Mapping[str, str]]
    kept: float
    cells: int
    verdict: Verdict
    table: Any


class Suggestions(tuple[Suggestion, ...]):
    """Suggestions as a tuple, the one that keeps most first.

    note: that there may be better or other ways, and why they were not looked at; "" where all
    were.
    """

    note: str

    def __new__(cls, found: Iterable[Suggestion] = (), note: str = "") -> Self:
        """As a tuple is made."""
        made = super().__new__(cls, found)
        made.note = note
        return made

    def __repr__(self) -> str:
        return f"{super().__repr__()} {self.note}".rstrip()
