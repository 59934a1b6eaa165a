"""A figure as a table of numbers: what is drawn, shown beneath, and written to a file is one."""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

FEW = 20
"""Below so many, one more or less moves a share by more than five percentage points."""

Number = int | float | None
"""A value of a figure; None where there is nothing to say, which is not 0."""


class Drawn(StrEnum):
    """How a figure is drawn."""

    GROUPED = "grouped"
    STACKED = "stacked"
    LINES = "lines"
    RANGES = "ranges"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a figure: what is drawn of it, and what only the table says."""

    label: str
    values: tuple[Number, ...]
    more: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Numbers that belong together.

    name: its word in files. says: what is counted, and when. of: what each row is, "month".
    series: the columns that are drawn; more: those that only the table has; a column whose name
    begins with "share" is from 0 to 1. unit: of what is drawn. n: how many things it rests on.
    """

    name: str
    title: str
    says: str
    of: str
    series: tuple[str, ...]
    rows: tuple[Row, ...]
    drawn: Drawn
    unit: str
    n: int
    n_of: str
    more: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The table's columns after the label's."""
        return (*self.series, *self.more)

    def to_dict(self) -> dict[str, Any]:
        """Give plain values for JSON: what it is, and each row with its values by column."""
        names = ("name", "title", "says", "of", "unit", "n", "n_of")
        rows = [
            {
                "label": row.label,
                "values": dict(zip(self.columns, (*row.values, *row.more), strict=True)),
            }
            for row in self.rows
        ]
        return {name: getattr(self, name) for name in names} | {"rows": rows}


def share(part: int, whole: int) -> float | None:
    """Give a part of a whole, from 0 to 1; None of nothing."""
    return part / whole if whole else None


def median(values: Sequence[int]) -> float | None:
    """Give the middle value; of an even number of values the mean of the two in the middle."""
    return float(statistics.median(values)) if values else None


def ninth_decile(values: Iterable[int]) -> float | None:
    """Give the 90th percentile by the nearest rank: a value that occurred, and None of nothing."""
    listed = sorted(values)
    return float(listed[math.ceil(0.9 * len(listed)) - 1]) if listed else None
