"""What a table asks of a row: which category it is in, and whether it is looked at at all.

Every row of the data is asked every question of every table of the set, once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from output_checks.axes import with_axes
from output_checks.declaration import Declaration
from output_checks.errors import (
    DeclarationError,
    OutputCheckError,
    UnknownColumnError,
    UnreadableDataError,
    unknown,
)
from output_checks.expressions import row_expression
from output_checks.linked.parts import parts_of
from output_checks.words import label_text

_UNIT = "unit of this row"
_PLACE = "place of this row"
_TRUTH = "truth of this row"
TRUE = "true"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Condition:
    """A question about a row and its answers.

    columns: of the data, which the answer depends on. texts: the possible answers in words, as
    "region = N" or "not (age > 17)". labels: the same as tables write them, "true" and "false"
    for what is no dimension. answers: for every row, which of them.
    """

    columns: frozenset[str]
    labels: tuple[str, ...]
    texts: tuple[str, ...]
    answers: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One table's questions, by their keys in `Rows.conditions`.

    dimensions: one for each, in the table's order. where: those that must be true.
    values: whether the row has a value of the variable, and of the denominator where there is
    one. numerator: whether it has a value that counts. numbers: the variable, the denominator and
    the weight by their keys in `Rows.numbers`; "" for what there is not, or is no number.
    quantity: what is the same for copies of one variable in other units; "" where that is not
    asked. scale: how often its amount is taken, and what is added for everybody, to have that one.
    """

    dimensions: tuple[str, ...]
    where: tuple[str, ...]
    values: tuple[str, ...] = ()
    numerator: str = ""
    numbers: tuple[str, ...] = ("", "", "")
    quantity: str = ""
    scale: tuple[float, float] = (1.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """The rows of the data, as far as a set of tables looks at them.

    units: whose row each is, numbered. conditions: every question by its key. numbers: what
    variables and weights are of every row, NaN where it has none.
    """

    units: np.ndarray
    conditions: Mapping[str, Condition]
    asked: tuple[Asked, ...]
    numbers: Mapping[str, np.ndarray] = field(default_factory=dict)


def read_rows(frame: pl.LazyFrame, unit: str | None, declarations: Sequence[Declaration]) -> Rows:
    """Ask every row what the declared tables ask.

    Equal questions of several tables are asked once. Raises what making the tables would raise,
    and UnreadableDataError for data that cannot be read.
    """
    collected = _collected(frame, unit, declarations)
    conditions: dict[str, Condition] = {}
    columns = frame.collect_schema().names()
    numbers: dict[str, np.ndarray] = {}
    asked = tuple(
        _Questions(one, collected, columns, (conditions, numbers)).ask() for one in declarations
    )
    units = collected[_UNIT].rank("dense").to_numpy().astype(np.int64) - 1
    return Rows(units=units, conditions=conditions, asked=asked, numbers=numbers)


def _collected(
    frame: pl.LazyFrame, unit: str | None, declarations: Sequence[Declaration]
) -> pl.DataFrame:
    """The columns that matter, once for all tables, so that rows keep their place."""
    columns = frame.collect_schema().names()
    wanted: set[str] = set()
    for one in declarations:
        derived = _derived_columns(one, columns)
        named = [*one.dimensions, *_coarser(one), *_variables(one)]
        named += [one.weight] if one.weight is not None else []
        if one.where:
            named += row_expression(one.where, [*columns, *one.derive]).meta.root_names()
        for name in named:
            wanted |= derived.get(name, {name})
    chosen = [name for name in columns if name in wanted]
    try:
        if unit is None:
            return frame.select(chosen or columns[:1]).with_row_index(_UNIT).collect()
        people = pl.col(unit).alias(_UNIT)
        return frame.select(*chosen, people).unique().drop_nulls(_UNIT).collect()
    except (PolarsError, OSError) as error:
        message = f"the data cannot be read: {str(error).splitlines()[0]}"
        raise UnreadableDataError(message) from error


def _derived_columns(declaration: Declaration, columns: Sequence[str]) -> dict[str, frozenset[str]]:
    """For every derived column the columns of the data that it is made of."""
    found: dict[str, frozenset[str]] = {}
    for name, text in declaration.derive.items():
        used = row_expression(text, [*columns, *found]).meta.root_names()
        found[name] = frozenset().union(*(found.get(one, {one}) for one in used))
    return found


def _coarser(declaration: Declaration) -> list[str]:
    levels = [one for one in declaration.hierarchies.values() if not isinstance(one, Mapping)]
    return [name for some in levels for name in some]


def _variables(declaration: Declaration) -> list[str]:
    return [name for name in (declaration.of, declaration.per) if name is not None]


class _Questions:
    """The questions of one table, put to the rows and entered into those of all tables."""

    def __init__(
        self,
        declaration: Declaration,
        rows: pl.DataFrame,
        columns: Sequence[str],
        known: tuple[dict[str, Condition], dict[str, np.ndarray]],
    ) -> None:
        """columns: of the data, whether they are among the rows' or not. known: what others asked.

        That is conditions and numbers by their keys, to which this table's are added.
        """
        self._declaration = declaration
        self._known, self._numbers = known
        self._data_columns = [name for name in rows.columns if name != _UNIT]
        self._made_of = _derived_columns(declaration, columns)
        self._rows = self._with_derived(rows)

    def ask(self) -> Asked:
        one = self._declaration
        known = self._rows.columns
        for name in _variables(one):
            if name not in known:
                raise UnknownColumnError(
                    "outputs of one dataset are compared by the data of the first of them: "
                    + unknown("column", name, [each for each in known if each != _UNIT])
                )
        return Asked(
            dimensions=self._dimensions(),
            where=self._where(),
            values=tuple(self._has_value(name) for name in _variables(one)),
            numerator=self._counts(one.of) if one.of and self._is_number(one.of) else "",
            numbers=tuple(self._number(name) for name in (one.of, one.per, one.weight)),
        )

    def _with_derived(self, rows: pl.DataFrame) -> pl.DataFrame:
        used = self._all_used()
        for name, text in self._declaration.derive.items():
            if self._made_of[name] <= set(self._data_columns) and name in used:
                rows = rows.with_columns(row_expression(text, rows.schema).alias(name))
        return rows

    def _all_used(self) -> set[str]:
        """Derived columns that the table needs, and those that they are made of."""
        one = self._declaration
        names = [*self._data_columns, *one.derive]
        used = {*one.dimensions, *_coarser(one), *_variables(one), one.weight or ""}
        if one.where:
            used.update(row_expression(one.where, names).meta.root_names())
        for name, text in reversed(list(one.derive.items())):
            if name in used:
                used.update(row_expression(text, names).meta.root_names())
        return used

    def _dimensions(self) -> tuple[str, ...]:
        one = self._declaration
        labelled, _ = with_axes(self._rows.lazy().with_row_index(_PLACE), one)
        shown = labelled.select(*one.dimensions, _PLACE).collect().sort(_PLACE)
        return tuple(self._dimension(shown[name]) for name in one.dimensions)

    def _dimension(self, labels: pl.Series) -> str:
        name = labels.name
        merges = sorted(self._declaration.merges.get(name, {}).items())
        columns = [name, *self._levels(name)]
        key = f"{self._meaning(columns)} as categories {merges}"
        if key not in self._known:
            different = labels.unique()
            written = [label_text(label) for label in different]
            texts = sorted(set(written))
            numbers = {text: number for number, text in enumerate(texts)}
            places = pl.Series([numbers[text] for text in written], dtype=pl.Int64)
            coded = labels.replace_strict(different, places, return_dtype=pl.Int64)
            known = {text: f"{name} = {text}" for text in texts}
            self._enter(key, columns, known, coded.to_numpy())
        return key

    def _levels(self, name: str) -> list[str]:
        levels = self._declaration.hierarchies.get(name, {})
        return [] if isinstance(levels, Mapping) else list(levels)

    def _where(self) -> tuple[str, ...]:
        where = self._declaration.where
        if not where:
            return ()
        parts = parts_of(where)
        try:
            whole = self._truth(where)
            together = np.logical_and.reduce([self._truth(part) for part in parts])
        except (OutputCheckError, PolarsError):
            parts, together = (where,), self._truth(where)
        if (whole != together).any():
            parts = (where,)
        asked = [part for part in parts if not self._is_always_true(part)]
        return tuple(dict.fromkeys(self._part(part) for part in asked))

    def _is_always_true(self, text: str) -> bool:
        """Whether a condition is about no column and holds, so that it leaves nobody out."""
        is_about_columns = row_expression(text, self._rows.columns).meta.root_names()
        return not is_about_columns and bool(self._truth(text).all())

    def _part(self, text: str) -> str:
        columns = row_expression(text, self._rows.columns).meta.root_names()
        key = f"{self._meaning(columns)} where {text}"
        if key not in self._known:
            known = {"false": f"not ({text})", TRUE: text}
            self._enter(key, columns, known, self._truth(text).astype(np.int64))
        return key

    def _truth(self, text: str) -> np.ndarray:
        # Added to the rows, since what is about no column has one value in a frame of its own.
        expression = row_expression(text, self._rows.schema).alias(_TRUTH)
        found = self._rows.with_columns(expression)[_TRUTH]
        if found.dtype != pl.Boolean:
            raise DeclarationError(f"where: {text!r} gives {found.dtype}, not true or false")
        return found.fill_null(value=False).to_numpy()

    def _has_value(self, name: str) -> str:
        column = pl.col(name).fill_nan(None) if self._is_float(name) else pl.col(name)
        return self._value(name, "has a value", column.is_not_null())

    def _counts(self, name: str) -> str:
        return self._value(name, "counts", pl.col(name).cast(pl.Float64).fill_nan(None) != 0)

    def _number(self, name: str | None) -> str:
        if name is None or name not in self._rows.columns or not self._is_number(name):
            return ""
        key = self._meaning([name])
        if key not in self._numbers:
            self._numbers[key] = self._rows[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        return key

    def _is_float(self, name: str) -> bool:
        return self._rows.schema[name].is_float()

    def _is_number(self, name: str) -> bool:
        kind = self._rows.schema[name]
        return kind.is_numeric() or kind == pl.Boolean

    def _value(self, name: str, what: str, truth: pl.Expr) -> str:
        key = f"{self._meaning([name])} {what}"
        if key not in self._known:
            answers = self._rows.select(truth.fill_null(value=False).alias("it"))["it"]
            known = {"false": f"not: {name} {what}", TRUE: f"{name} {what}"}
            self._enter(key, [name], known, answers.to_numpy().astype(np.int64))
        return key

    def _enter(
        self, key: str, columns: Sequence[str], known: Mapping[str, str], answers: np.ndarray
    ) -> None:
        made_of = frozenset().union(*(self._made_of.get(name, {name}) for name in columns))
        self._known[key] = Condition(
            columns=made_of, labels=tuple(known), texts=tuple(known.values()), answers=answers
        )

    def _meaning(self, columns: Sequence[str]) -> str:
        """The columns' names with what the table derives them from, all the way down."""
        derive = self._declaration.derive
        found: dict[str, str] = {}
        open_names = [name for name in columns if name in derive]
        while open_names:
            name = open_names.pop()
            if name not in found:
                found[name] = derive[name]
                used = row_expression(derive[name], self._rows.columns).meta.root_names()
                open_names += [one for one in used if one in derive]
        return f"{list(columns)} with {sorted(found.items())}"
