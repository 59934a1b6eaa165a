"""What is asked of the oracle, and how it writes a label."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Row = Mapping[Any, Any]
Cell = tuple[str, ...]
TOTAL, MISSING = "Total", "Missing"


def everybody(row: Row) -> bool:
    """The `where` of a table that leaves nobody out."""
    return True


@dataclass(frozen=True, kw_only=True)
class Question:
    """The same as Data.table's arguments, but `where` is a function of a row.

    zeros: {dimension: text} of cells that nobody can be in.
    """

    dimensions: tuple[str, ...]
    statistic: str = "count"
    unit: str | None = "id"
    of: str | None = None
    per: str | None = None
    weight: str | None = None
    within: tuple[str, ...] | None = None
    times: int = 1
    where: Callable[[Row], bool] = everybody
    margins: bool = True
    hierarchies: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    zeros: tuple[Mapping[str, str], ...] = ()


def is_missing(value: Any) -> bool:
    """Whether a value is none: null, or not a number."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def text(label: Any) -> str:
    """How a label is shown."""
    if is_missing(label):
        return MISSING
    if isinstance(label, bool):
        return "true" if label else "false"
    if isinstance(label, date):
        return f"{label.year:04d}-{label.month:02d}-{label.day:02d}"
    if isinstance(label, float) and label == 0:
        return "0.0"
    return str(label)


def groups_of(label: str, parents: Mapping[str, str]) -> list[str]:
    """The groups that a label is in, the nearest first."""
    found = []
    while label in parents:
        label = parents[label]
        found.append(label)
    return found
