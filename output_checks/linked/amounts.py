"""What every person adds to the amounts that outputs show: sums, numerators, weights.

Two outputs can count the same people and differ by one person's amount all the same, where a
derived variable leaves it out or where one of several records is missing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np
import polars as pl
from polars.exceptions import PolarsError
from scipy.sparse import csc_matrix, csr_matrix, kron

from output_checks.axes import coarser_columns, with_axes
from output_checks.errors import UnreadableDataError
from output_checks.expressions import prepare, without_minus_zero
from output_checks.grid import Dimension, Grid
from output_checks.linked.views import Output
from output_checks.protect.figures import bases_of
from output_checks.protect.parts import parts_of, to_nearest
from output_checks.rules.cells import APPROXIMATE
from output_checks.statistics import Kind
from output_checks.words import label_text

UNIT, OF, PER, WEIGHT = (f"{one} of this row" for one in ("unit", "variable", "base", "weight"))
CODE = "category of this row"
PEOPLE = "people"
_OPAQUE = APPROXIMATE | {"noise"}
_POSITIONS = frozenset({Kind.POSITION, Kind.MODE})
_CODES = 2**40
_ADDED_UP = frozenset({Kind.SUM, Kind.MEAN, Kind.RATIO, Kind.SPREAD})


@dataclass(frozen=True, kw_only=True, eq=False)
class Amount:
    """One additive quantity that an output shows, by people and cells.

    variable: what is added up, in words with what it is derived from, so that equal ones are
    equal. by: people in rows, cells in columns.
    people: the same with a 1 for everybody in a cell. shown, withheld: cells that are
    published, and those that are not. is_weak: it is seen only in a spread or a position, or
    rounded. base: what it is rounded to the nearest multiple of, 0 where it is not; None where
    it is seen in another way.
    """

    output: Output
    grid: Grid
    variable: str
    by: csc_matrix
    people: csc_matrix
    shown: np.ndarray
    withheld: np.ndarray
    is_weak: bool = False
    base: float | None = 0.0
    one_record_each: bool = True

    @property
    def is_people(self) -> bool:
        """Whether everybody counts once, as other parts of the check compare already."""
        return self.variable == PEOPLE

    @property
    def is_position(self) -> bool:
        """Whether a median, a mode or another position is taken of it, which adds up to nothing."""
        return self.grid.kind in _POSITIONS

    @property
    def is_rounded(self) -> bool:
        """Whether it is seen in rounded figures alone."""
        return _is_a_rounded_figure(self.grid)

    @property
    def has_spread(self) -> bool:
        """Whether its output shows a spread of it, beside whatever else."""
        return any(grid.kind is Kind.SPREAD for grid in self.output.table.grids)

    @property
    def is_weights(self) -> bool:
        """Whether it is a weighted count."""
        return self.grid.kind is Kind.COUNT and not self.is_people

    @property
    def is_derived(self) -> bool:
        """Whether it is of an expression, which can be made to leave somebody out."""
        return " = " in self.variable

    @cached_property
    def totals(self) -> np.ndarray:
        """The amount of every cell."""
        return np.asarray(self.by.sum(axis=0)).ravel()

    @cached_property
    def largest(self) -> np.ndarray:
        """The most that one person adds to each cell, taken absolutely."""
        return np.asarray(abs(self.by).max(axis=0).todense()).ravel()

    def range(self) -> tuple[np.ndarray, np.ndarray]:
        """From what to what a reader knows every cell; infinite where it is not shown."""
        if self.base is None:
            nothing = np.full(len(self.totals), np.inf)
            return -nothing, nothing
        middle = to_nearest(self.totals, self.base) if self.base else self.totals
        half = self.base / 2
        return (
            np.where(self.shown, middle - half, -np.inf),
            np.where(self.shown, middle + half, np.inf),
        )

    def values(self, cell: int) -> np.ndarray:
        """What each person adds to a cell."""
        return np.asarray(self.by[:, [cell]].todense()).ravel()


def has_amounts(outputs: Sequence[Output]) -> bool:
    """Whether there is anything but numbers of people to compare."""
    grids = [grid for one in outputs for grid in one.table.grids]
    return len(outputs) > 1 and any(
        grid.kind in {*_ADDED_UP, *_POSITIONS, Kind.PROPORTION} or grid.weight is not None
        for grid in grids
    )


def amounts_of(outputs: Sequence[Output]) -> list[Amount]:
    """Every quantity of every output, of the people of the first one's data."""
    source = outputs[0].table.source
    frame = source.frame
    if source.unit is None:
        frame = frame.with_row_index(UNIT)
    read = [_records(frame, source.unit, one) for one in outputs]
    units = pl.concat([one[UNIT] for one in read]).rank("dense").to_numpy().astype(np.int64) - 1
    number = int(units.max(initial=-1)) + 1
    ends = np.cumsum([one.height for one in read])[:-1]
    return [
        amount
        for output, rows, who in zip(outputs, read, np.split(units, ends), strict=True)
        for amount in _Cells(output, rows, who, number).amounts()
    ]


def _records(frame: pl.LazyFrame, unit: str | None, output: Output) -> pl.DataFrame:
    """The rows that an output is made of: its labels as texts, and its numbers."""
    declared = output.table.declaration
    prepared = prepare(
        frame, where=declared.where, derive=declared.derive.items(), protected=declared.unit
    )
    schema = prepared.collect_schema()
    names = dict.fromkeys((*declared.dimensions, *coarser_columns(declared)))
    columns = [pl.col(unit or UNIT).alias("who")]
    for column, name in ((OF, declared.of), (PER, declared.per), (WEIGHT, declared.weight)):
        is_number = name is not None and (schema[name].is_numeric() or schema[name] == pl.Boolean)
        if is_number:
            number = without_minus_zero(pl.col(str(name)).cast(pl.Float64))
            columns.append(number.alias(column))
    if declared.of is not None and "mode" in declared.statistics:
        code = pl.col(declared.of).cast(pl.String).hash(seed=1) % _CODES + 1
        has_value = pl.col(declared.of).is_not_null()
        columns.append(pl.when(has_value).then(code.cast(pl.Float64)).alias(CODE))
    labelled, _ = with_axes(prepared.select(*names, *columns), declared)
    try:
        rows = labelled.rename({"who": UNIT}).drop_nulls(UNIT).collect()
    except (PolarsError, OSError) as error:
        message = f"the data cannot be read: {str(error).splitlines()[0]}"
        raise UnreadableDataError(message) from error
    if PER in rows.columns and OF in rows.columns:
        both = pl.col(OF).is_not_null() & pl.col(PER).is_not_null()
        rows = rows.with_columns(pl.when(both).then(pl.col(OF, PER)))
    return rows


class _Cells:
    """The rows of one output, sorted into its cells."""

    def __init__(self, output: Output, rows: pl.DataFrame, units: np.ndarray, number: int) -> None:
        self._output = output
        grid = output.table.grid
        codes = np.zeros(rows.height, dtype=np.int64)
        inside = np.ones(rows.height, dtype=bool)
        for one in grid.dimensions:
            code = _codes(rows[one.name], one)
            inside &= code >= 0
            codes = codes * len(one.labels) + code
        self._rows = rows.filter(pl.Series(inside))
        self._units, self._codes = units[inside], codes[inside]
        self._shape = number, int(np.prod([len(one.labels) for one in grid.dimensions]))
        axes = [_axis(one, margins=grid.margins) for one in grid.dimensions]
        self._up = csr_matrix(reduce(kron, axes))
        self._people = self._once(np.ones(len(self._units)))

    def amounts(self) -> Iterator[Amount]:
        seen = set()
        for grid in sorted(self._output.table.grids, key=_is_seen_through):
            if grid.method in _OPAQUE and not _is_a_rounded_figure(grid):
                continue
            for part, (variable, by) in enumerate(self._shown(grid)):
                if variable not in seen:
                    seen.add(variable)
                    yield self._amount(grid, variable, by, self._base(grid, part))

    def _base(self, grid: Grid, part: int) -> float | None:
        """What a numerator (0) or denominator (1) is rounded to the nearest multiple of."""
        if _is_seen_through(grid):
            return None
        options = grid.protection.options if grid.protection else {}
        if not _is_a_rounded_figure(grid):
            return None if grid.is_whole and options.get("base", 1) != 1 else 0.0
        table = self._output.table
        bases = bases_of(table.grids, options, table.policy.threshold)
        if grid.kind is Kind.COUNT:
            return bases.weights
        if grid.kind is Kind.SUM:
            return bases.amounts
        parts = parts_of(grid, bases, table.declaration)
        if parts is None or (parts[part].is_count and options.get("controlled")):
            return None
        return parts[part].base

    def _amount(self, grid: Grid, variable: str, by: csc_matrix, base: float | None) -> Amount:
        hidden = grid.frame["withheld"] | grid.frame["value"].is_null()
        is_rounded = grid.protection is not None and grid.protection.options.get("base", 1) != 1
        shown = ~hidden.to_numpy()
        if is_rounded and grid.is_whole:
            shown = np.zeros(grid.size, dtype=bool)
        return Amount(
            output=self._output,
            grid=grid,
            variable=variable,
            by=by,
            people=self._people,
            shown=shown,
            withheld=(grid.frame["withheld"] & ~grid.frame["structural_zero"]).to_numpy(),
            is_weak=_is_seen_through(grid) or _is_a_rounded_figure(grid),
            base=base,
            one_record_each=int(np.bincount(self._units).max(initial=0)) < 2,
        )

    def _shown(self, grid: Grid) -> Iterator[tuple[str, csc_matrix]]:
        weight, of, per = (self._column(name) for name in (WEIGHT, OF, PER))
        times = np.ones(len(self._units)) if weight is None else weight
        weights = [grid.weight] if grid.weight is not None else []
        above = [str(grid.of), *([grid.per] if grid.per is not None else []), *weights]
        if grid.kind is Kind.COUNT:
            words = self._said("weight", weights) if weights else PEOPLE
            yield words, self._once(times)
        elif of is not None and grid.kind is Kind.PROPORTION:
            yield self._said("people with", above), self._once(times * of)
        elif grid.kind is Kind.MODE:
            # What it is a number for nobody sees; that it is the same for two people, they do.
            yield self._said("categories of", above), self._added(self._code())
        elif of is not None and grid.kind is Kind.POSITION:
            yield self._said("values of", above), self._added(of)
        elif of is not None and grid.kind in _ADDED_UP:
            yield self._said("sum of", above), self._added(of * times)
            if per is not None:
                words = self._said("sum of the base in", above)
                yield words, self._added(per * times)

    def _code(self) -> np.ndarray:
        return self._rows[CODE].fill_null(0.0).to_numpy()

    def _column(self, name: str) -> np.ndarray | None:
        if name not in self._rows.columns:
            return None
        return self._rows[name].cast(pl.Float64).fill_null(0.0).to_numpy()

    def _added(self, values: np.ndarray) -> csc_matrix:
        """What each person adds to each cell, all records together."""
        finest = csr_matrix((values, (self._units, self._codes)), shape=self._shape)
        both = csc_matrix(finest @ self._up)
        both.sort_indices()
        return both

    def _once(self, values: np.ndarray) -> csc_matrix:
        """The same where a person counts once in every cell; values are those of the person."""
        keep = np.flatnonzero(values)
        finest = csr_matrix(
            (np.ones(len(keep)), (self._units[keep], self._codes[keep])), shape=self._shape
        )
        inside = csc_matrix(finest @ self._up)
        inside.sort_indices()
        each = np.zeros(self._shape[0])
        each[self._units[keep]] = values[keep]
        inside.data = each[inside.indices]
        return inside

    def _said(self, what: str, names: Sequence[str]) -> str:
        """A variable in words, with what it is derived from."""
        derive = self._output.table.declaration.derive
        used = derived_behind(derive, names)
        written = " and ".join([*names, *(f"{one} = {derive[one]}" for one in sorted(used))])
        return f"{what} {written}"


def _is_seen_through(grid: Grid) -> bool:
    """Whether an amount is not read off it: sums and means beside it come first."""
    return grid.kind in {Kind.SPREAD, *_POSITIONS}


def _is_a_rounded_figure(grid: Grid) -> bool:
    """Whether it is a sum, a mean and such that is rounded: seen, but not to the last digit."""
    options = grid.protection.options if grid.protection else {}
    return not grid.is_whole and options.get("amounts") is not None


def _codes(labels: pl.Series, one: Dimension) -> np.ndarray:
    """The place of each row's label on its axis, -1 where it has none."""
    different = labels.unique()
    known = {text: place for place, text in enumerate(one.texts[: len(one.labels)])}
    places = pl.Series([known.get(label_text(label), -1) for label in different], dtype=pl.Int64)
    return labels.replace_strict(different, places, return_dtype=pl.Int64).to_numpy()


def _axis(one: Dimension, *, margins: bool) -> csr_matrix:
    """Which labels each place of an axis adds up: labels, groups, the total."""
    members = [{place} for place in range(len(one.labels))]
    for group in one.groups:
        members.append(set().union(*(members[at] for at in group.members)))
    if margins:
        members.append(set(range(len(one.labels))))
    rows = [label for some in members for label in some]
    columns = [place for place, some in enumerate(members) for _ in some]
    return csr_matrix((np.ones(len(rows)), (rows, columns)), (len(one.labels), len(members)))


def derived_behind(derive: Mapping[str, str], names: Iterable[str]) -> set[str]:
    """Derived columns that these are made of, all the way down, themselves among them."""
    used = {name for name in names if name in derive}
    for name, text in reversed(list(derive.items())):
        if name in used:
            roots = pl.sql_expr(text).meta.root_names()
            used |= {one for one in roots if one in derive}
    return used
