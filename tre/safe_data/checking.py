"""Whether a register's file is what its description says, before anything is made of it."""

from datetime import date

import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.linkages.linkage import RegisterTable
from tre.safe_data.variable import Variable

EARLIEST = date(1880, 1, 1)
"""Nobody in a register was born before."""
_SHOWN = 3
_TYPES = {
    "string": (pl.String, pl.Categorical, pl.Enum),
    "integer": (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64),
    "number": (pl.Float32, pl.Float64, pl.Int8, pl.Int16, pl.Int32, pl.Int64),
    "boolean": (pl.Boolean,),
    "date": (pl.Date,),
}


def check_table(frame: pl.DataFrame, table: RegisterTable, file: str, on: date) -> None:
    """Refuse a table that is not as described.

    on: no day may lie after it. Raises UnusableRequestError, naming the file and the column, for a
    row that is nobody's, a column of another type, a code that is not in the description's list,
    or a day before 1880 or after `on`.
    """
    key = table.about[0]
    if missing := frame[key].null_count():
        message = f"{file}: {missing:,} rows have no {key}; every row must be somebody's"
        raise UnusableRequestError(message)
    for variable in table.variables:
        _check_type(frame[variable.name], variable, file)
        _check_codes(frame[variable.name], variable, file)
        if variable.type == "date":
            _check_days(frame[variable.name], file, on)


def check_people(frame: pl.DataFrame, key: str, file: str) -> None:
    """Refuse a table of people in which somebody stands twice. Raises UnusableRequestError."""
    if frame[key].n_unique() < len(frame):
        message = f"{file}: {key} must name every person once"
        raise UnusableRequestError(message)


def _check_type(column: pl.Series, variable: Variable, file: str) -> None:
    if column.dtype not in _TYPES[variable.type] and not isinstance(column.dtype, pl.Null):
        message = f"{file}: {column.name} must be of type {variable.type}, not {column.dtype}"
        raise UnusableRequestError(message)


def _check_codes(column: pl.Series, variable: Variable, file: str) -> None:
    if not variable.codes:
        return
    found = column.cast(pl.String).drop_nulls().unique()
    unknown = found.filter(~found.is_in(list(variable.codes))).sort()
    if len(unknown):
        some = ", ".join(repr(code) for code in unknown.head(_SHOWN))
        more = f" and {len(unknown) - _SHOWN:,} more" if len(unknown) > _SHOWN else ""
        known = ", ".join(variable.codes)
        message = f"{file}: {column.name} has the unknown code {some}{more}; known are {known}"
        raise UnusableRequestError(message)


def _check_days(column: pl.Series, file: str, on: date) -> None:
    wrong = column.filter((column < EARLIEST) | (column > on))
    if len(wrong):
        message = (
            f"{file}: {column.name} has {len(wrong):,} days before {EARLIEST} or after {on}, such "
            f"as {wrong[0]}"
        )
        raise UnusableRequestError(message)
