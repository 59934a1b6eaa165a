"""What a declaration asks for, seen to be something that a table of these data can answer."""

import re
from collections.abc import Iterable, Mapping

import polars as pl

from output_checks.axes import coarser_columns
from output_checks.choosing import sources
from output_checks.declaration import Declaration
from output_checks.errors import (
    DeclarationError,
    EmptyTableError,
    UnknownColumnError,
    UnreadableDataError,
    UnusableTableError,
    unknown,
)
from output_checks.grid import COLUMNS
from output_checks.statistics import SCALED, WEIGHTED, Kind, Statistic, statistic

RESERVED = frozenset([*COLUMNS, "cell", "statistic", ""])
_WORKING = re.compile(
    r"label as it was|.* of this row|"
    r"(?:value|code|level \d+|(?:units|records|most_records)_\w+) of .*",
    re.DOTALL,
)
"""Names of columns while a table is made."""
_NO_LABEL = frozenset({pl.Object, pl.Binary})
_NUMERIC = frozenset({Kind.SUM, Kind.MEAN, Kind.SPREAD, Kind.POSITION, Kind.PROPORTION, Kind.RATIO})


def asked_of(declaration: Declaration, schema: pl.Schema) -> tuple[Statistic, ...]:
    """The statistics of a table, once everything that is asked fits together and the data.

    Raises DeclarationError, UnknownColumnError, UnusableTableError.
    """
    statistics = tuple(statistic(name) for name in declaration.statistics)
    if not statistics or len({one.name for one in statistics}) < len(statistics):
        raise DeclarationError("a table shows one statistic or several different ones")
    _refuse_unfitting(declaration, statistics)
    _refuse_dimensions(declaration, schema)
    columns = {
        "unit": declaration.unit,
        "of": declaration.of,
        "per": declaration.per,
        "weight": declaration.weight,
    }
    for name in columns.values():
        if name is not None and name not in schema:
            raise UnknownColumnError(unknown("column", name, schema))
    _refuse_unit(declaration)
    _refuse_working([*declaration.dimensions, *filter(None, columns.values())])
    if declaration.unit and (
        schema[declaration.unit].is_nested() or schema[declaration.unit] in _NO_LABEL
    ):
        raise UnreadableDataError(
            f'the unit column "{declaration.unit}" is {schema[declaration.unit]}; people are told '
            "apart by plain labels"
        )
    if declaration.of and schema[declaration.of] == pl.Null:
        raise EmptyTableError(f'the table is empty: "{declaration.of}" is missing in every row')
    _refuse_texts(columns, schema, statistics)
    return statistics


def _refuse_unfitting(declaration: Declaration, statistics: tuple[Statistic, ...]) -> None:
    kinds = {one.kind for one in statistics}
    named = " and ".join(f'"{one.name}"' for one in statistics)
    needing = [one.name for one in statistics if one.needs_variable]
    if needing and not declaration.of:
        raise DeclarationError(f'statistic "{needing[0]}" needs a variable: of="…"')
    if declaration.of and kinds == {Kind.COUNT}:
        raise DeclarationError(f"{named} takes no variable, but of={declaration.of!r} was given")
    if (Kind.RATIO in kinds) != (declaration.per is not None):
        raise DeclarationError(
            f'{named} takes no per="…"; a rate or a ratio does'
            if declaration.per is not None
            else f'{named} needs the variable to divide by: per="…"'
        )
    if declaration.weight is not None and not kinds <= WEIGHTED:
        raise DeclarationError(
            f"{named} cannot be weighted here; count, sum, mean, proportion, rate and ratio can"
        )
    if declaration.times <= 0 or (declaration.times != 1 and not kinds & SCALED):
        raise DeclarationError(
            "times is a number above 0 that a proportion, rate or ratio is multiplied by, "
            f"not {declaration.times!r} for {named}"
        )
    _refuse_within(declaration, kinds)


def _refuse_within(declaration: Declaration, kinds: set[Kind]) -> None:
    needed = Kind.PROPORTION in kinds and declaration.of is None
    if not needed:
        if declaration.within is not None:
            raise DeclarationError("within is for a proportion of people, without a variable (of)")
        return
    if declaration.within is None:
        raise DeclarationError(
            'a proportion needs a true-or-false variable (of="…") or the dimensions in whose '
            "categories it adds up: within=[…], [] for the whole table"
        )
    if not declaration.margins:
        raise DeclarationError("a proportion within dimensions needs margins=True")
    for name in declaration.within:
        if name not in declaration.dimensions:
            raise UnknownColumnError(
                "within: " + unknown("dimension", name, declaration.dimensions)
            )


def _refuse_dimensions(declaration: Declaration, schema: pl.Schema) -> None:
    names = declaration.dimensions
    if not declaration.rows:
        raise DeclarationError("a table needs at least one dimension on its rows")
    if len(set(names)) < len(names):
        raise DeclarationError(f"a dimension is named twice: {', '.join(names)}")
    for name in names:
        if name not in schema:
            raise UnknownColumnError(unknown("column", name, schema))
        if name == declaration.unit:
            raise UnusableTableError(
                f'"{name}" names single people: a table by it would be record-level data'
            )
        if name in RESERVED or (len(declaration.statistics) > 1 and name in declaration.statistics):
            raise UnusableTableError(
                f'a dimension cannot be called "{name}", which names a column of every table; '
                f'rename it: derive={{"{name}_": "{name}"}}'
            )
        if schema[name].is_nested() or schema[name] in _NO_LABEL:
            raise UnusableTableError(f'"{name}" is {schema[name]}; a dimension needs plain labels')


def _refuse_unit(declaration: Declaration) -> None:
    """What is released may not be made of whose the rows are; `where` may ask for it."""
    released = {
        "of": [declaration.of],
        "per": [declaration.per],
        "weight": [declaration.weight],
        "dimension": [*declaration.dimensions, *coarser_columns(declaration)],
    }
    for role, names in released.items():
        for name in filter(None, names):
            if declaration.unit in sources([name], declaration.derive):
                raise UnusableTableError(
                    f'{role}: "{name}" is made of the unit column "{declaration.unit}", which '
                    "tells people apart, so that numbers could name them; use another column. "
                    "Only where may ask for it"
                )


def _refuse_working(names: Iterable[str]) -> None:
    for name in names:
        if _WORKING.fullmatch(name):
            raise UnusableTableError(
                f'a column cannot be called "{name}" here, which is a name that is needed while a '
                f'table is made; rename it: derive={{"{name.replace(" ", "_")}": "\\"{name}\\""}}'
            )


def _refuse_texts(
    columns: Mapping[str, str | None], schema: pl.Schema, statistics: tuple[Statistic, ...]
) -> None:
    kind = schema[columns["of"]] if columns["of"] else None
    if kind is not None and (kind.is_nested() or kind in _NO_LABEL):
        raise UnusableTableError(
            f'the variable "{columns["of"]}" is {kind}; a statistic is of numbers or plain labels'
        )
    numeric = next((one.name for one in statistics if one.kind in _NUMERIC), "")
    needs_numbers = {"of": numeric, "per": numeric, "weight": "weight"}
    for role, why in needs_numbers.items():
        name = columns[role]
        if not name or not why:
            continue
        if not (schema[name].is_numeric() or schema[name] == pl.Boolean):
            raise UnusableTableError(
                f'a {why} needs numbers, but "{name}" is {schema[name]}; derive a number from it'
            )
