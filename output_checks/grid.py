"""A table's cells with their evidence and their places: what rules judge and protection changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl

from output_checks.evidence.columns import OF_RARE_VALUES
from output_checks.statistics import Kind, Statistic, statistic
from output_checks.words import TOTAL, label_text

COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "value": pl.Float64,
        "exact": pl.Float64,
        **dict.fromkeys(("units", "units_with_value", "records", "records_with_value"), pl.Int64),
        "weighing_units": pl.Int64,
        **dict.fromkeys(("weight", "largest_weight", "second_largest_weight"), pl.Float64),
        "sum": pl.Float64,
        **dict.fromkeys(("largest", "second_largest", "total_absolute"), pl.Float64),
        **dict.fromkeys(("negative", "positive"), pl.Int64),
        "all_equal": pl.Boolean,
        **dict.fromkeys(("units_at", "units_at_or_below", "units_at_or_above"), pl.Int64),
        "records_around": pl.Int64,
        **dict.fromkeys(("most_records_around", "second_most_records_around"), pl.Float64),
        **dict.fromkeys(("units_in_mode", "numerator_units", "denominator_units"), pl.Int64),
        "lower_units": pl.Int64,
        **dict.fromkeys(("per_largest", "per_second_largest", "per_total_absolute"), pl.Float64),
        "per_all_equal": pl.Boolean,
        **dict.fromkeys(("largest_divisor", "second_largest_divisor", "total_divisor"), pl.Float64),
        **dict.fromkeys(("largest_square", "second_largest_square", "total_square"), pl.Float64),
        "units_with_rarest": pl.Int64,
        **dict.fromkeys(("units_with_lowest", "units_with_middle", "units_with_highest"), pl.Int64),
        **dict.fromkeys(OF_RARE_VALUES, pl.Int64),
        **dict.fromkeys(("structural_zero", "margin", "withheld"), pl.Boolean),
        "withheld_as": pl.String,
        **dict.fromkeys(("lower", "upper", "people_lower", "people_upper"), pl.Float64),
        "interval_exact": pl.Boolean,
    }
)
"""A grid's columns after its dimensions; value and exact are whole numbers or texts for some."""

PLACED = frozenset(
    {"value", "exact", "structural_zero", "margin", "withheld", "withheld_as"}
    | {"lower", "upper", "people_lower", "people_upper", "interval_exact"}
)
"""Columns that say what a cell is and shows; all others are the evidence behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Categories of one axis taken together, as a code list or a map does.

    members: positions on the same axis of what it adds up, categories or other groups.
    """

    label: str
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """One classifying variable: its categories in the order in which they are shown.

    labels: values as in the data, None for missing, which comes last. groups: after the labels
    on its axis, and before the total; each after those that it contains. is_chosen: its people
    were chosen by their category (where), or it is one for everybody (a constant, a merge of
    all, the only dimension of data from which nobody was chosen), so that a single category says
    nothing about them.
    """

    name: str
    labels: tuple[Any, ...]
    on_rows: bool
    groups: tuple[Group, ...] = ()
    is_chosen: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """How its categories, then its groups, are written."""
        return (
            *(label_text(label) for label in self.labels),
            *(group.label for group in self.groups),
        )

    @property
    def tops(self) -> tuple[int, ...]:
        """Positions that are in no group: what its total adds up."""
        inside = {member for group in self.groups for member in group.members}
        return tuple(at for at in range(len(self.texts)) if at not in inside)


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """What was done to a table, in plain values.

    options: with every default written out. notes: sentences for the report. cost: of the
    cells withheld to protect others, each its people and 1, ten times that for totals and
    groups; bound: no safe choice of cells costs less.
    unsettled: what no search has answered, so that a person must, in a sentence.
    withheld cells are told apart only in the evidence, never in what is released.
    """

    method: str
    options: Mapping[str, Any]
    optimal: bool | None = None
    cost: float | None = None
    bound: float | None = None
    primary: int = 0
    complementary: int = 0
    unsettled: str = ""
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a report; gap: how far the cost may be above the least possible."""
        gap = None
        if self.cost is not None and self.bound is not None:
            # What costs nothing cannot be cheaper.
            gap = round(max(0.0, 1 - self.bound / self.cost), 6) if self.cost else 0.0
        return {
            "method": self.method,
            "options": dict(self.options),
            "optimal": self.optimal,
            "gap": gap,
            "cost": None if self.cost is None else float(self.cost),
            "bound": None if self.bound is None else float(self.bound),
            "primary": self.primary,
            "complementary": self.complementary,
            "notes": list(self.notes),
        }


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Every cell of a table, one row each, in the order of its dimensions (the last fastest).

    frame: a column per dimension (text as shown), then `value` (what is shown, null where
    withheld), `exact` (the true statistic) and the evidence: `units` (people), `records`,
    `units_with_value`, `records_with_value`, `weight` (of the people; in a statistic of a variable
    of those with a value, here and next), `weighing_units` (people with a weight above 0),
    `largest_weight`, `second_largest_weight`, `sum` (of the variable), `largest`, `second_largest`
    and `total_absolute` (absolute contributions, summed per person), `negative`, `positive`
    (people), `all_equal`; for positions `units_at`, `units_at_or_below`, `units_at_or_above`
    (people with a value there), `records_around`, the `most_records_around` that one person has and
    the `second_most_records_around` (of records with the same value at an end of them everybody's
    in proportion), null where each row is a person; for a mode `units_in_mode`; for proportions and
    ratios `numerator_units`, `denominator_units` (people), which of a variable that has just two
    values are those with the higher and all, and `lower_units` those with the lower; and for ratios
    the denominator's `per_largest`, `per_second_largest`, `per_total_absolute`, `per_all_equal`;
    for means, spreads and positions `largest_divisor`, `second_largest_divisor`, `total_divisor`
    (records with a value, or their weights, summed per person); for spreads `largest_square`,
    `second_largest_square` and `total_square` (squares around the cell's mean, summed per person)
    and `units_with_rarest` (people with the rarest of at most three values, 0 where there are
    more), and `units_with_lowest`, `units_with_middle`, `units_with_highest` where the table has
    three values in all; where something is added up `OF_RARE_VALUES` (see `rare_values` in
    `evidence`); all null where they do not apply. Then `structural_zero`, `margin` (a total or
    group along some dimension), `withheld`, `withheld_as`, and what a reader can work out of a
    protected cell: `lower`, `upper` (of its value), `people_lower`, `people_upper` (null: not
    limited, or not protected), `interval_exact` (whether the search for lower and upper came to its
    end; of a rounded share that for people; null: not protected).
    overlaps: people are in several cells, so that cells add up to more than their margin.
    beside: the names of all statistics that are shown of these cells.
    """

    dimensions: tuple[Dimension, ...]
    margins: bool
    statistic: str
    frame: pl.DataFrame
    of: str | None = None
    per: str | None = None
    weight: str | None = None
    has_unit: bool = True
    overlaps: bool = False
    beside: tuple[str, ...] = ()
    protection: Protection | None = None
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Categories along each dimension, the margin counted as one."""
        return tuple(len(one.texts) + self.margins for one in self.dimensions)

    @property
    def size(self) -> int:
        """Number of cells, margins included."""
        return prod(self.shape)

    @property
    def method(self) -> str:
        """The protection's name, "" for none."""
        return self.protection.method if self.protection else ""

    @property
    def counts(self) -> str:
        """The evidence column whose people a cell's size is counted in."""
        return "units" if self.of is None or self.kind is Kind.COUNT else "units_with_value"

    @cached_property
    def facts(self) -> Statistic:
        """What is known of its statistic."""
        return statistic(self.statistic)

    @property
    def kind(self) -> Kind:
        """The kind of its statistic."""
        return self.facts.kind

    @property
    def is_whole(self) -> bool:
        """Whether its values are whole numbers of people."""
        return self.facts.is_whole and self.weight is None

    def texts(self, axis: int) -> tuple[str, ...]:
        """How every position of an axis is written: categories, groups, "Total"."""
        return self._texts[axis]

    @cached_property
    def _texts(self) -> list[tuple[str, ...]]:
        return [(*one.texts, *([TOTAL] * self.margins)) for one in self.dimensions]

    def place(self, cell: int) -> dict[str, Any]:
        """Where a cell is: {dimension: label}, as JSON carries labels, "Total" for a margin."""
        (found,) = self.places([cell])
        return found

    def places(self, cells: Sequence[int] | np.ndarray) -> tuple[dict[str, Any], ...]:
        """Where several cells are."""
        where = np.unravel_index(np.asarray(cells, dtype=np.intp), self.shape)
        names = [one.name for one in self.dimensions]
        columns = [
            [labels[at] for at in places.tolist()]
            for labels, places in zip(self._labels, where, strict=True)
        ]
        return tuple(dict(zip(names, labels)) for labels in zip(*columns, strict=True))  # noqa: B905

    def cell_at(self, place: Mapping[str, Any]) -> int:
        """The number of the cell that `place` gave."""
        codes = [self._codes[name][label] for name, label in place.items()]
        return int(np.ravel_multi_index(codes, self.shape))

    @cached_property
    def _codes(self) -> dict[str, dict[Any, int]]:
        return {
            one.name: {label: code for code, label in enumerate(labels)}
            for one, labels in zip(self.dimensions, self._labels, strict=True)
        }

    @cached_property
    def _labels(self) -> list[tuple[Any, ...]]:
        """Every position of every axis, as JSON carries it."""
        return [
            (*map(json_label, one.labels), *(group.label for group in one.groups), TOTAL)
            for one in self.dimensions
        ]

    def column(self, name: str) -> np.ndarray:
        """One column of the frame in the table's shape."""
        return self.frame[name].to_numpy().reshape(self.shape)

    def with_columns(self, protection: Protection | None = None, **columns: Any) -> "Grid":
        """The same grid with some columns replaced."""
        frame = self.frame.with_columns(
            pl.Series(name, values, dtype=self.frame.schema.get(name), strict=False)
            if not isinstance(values, pl.Series)
            else values.alias(name)
            for name, values in columns.items()
        )
        return replace(self, frame=frame, protection=protection or self.protection)

    def rows(self, columns: Sequence[str]) -> tuple[dict[str, Any], ...]:
        """Rows as plain values: labels as in the data and JSON can carry, then `columns`."""
        picked = self.frame.select(columns).to_dicts()
        places = self.places(range(self.size))
        return tuple(place | row for place, row in zip(places, picked, strict=True))


def json_label(label: object) -> Any:
    """A label as JSON carries it: numbers and truth as they are, everything else as its text."""
    return label if isinstance(label, bool | int | float | str) else label_text(label)
