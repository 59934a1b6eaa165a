"""Whether a register's file is what its description says, before anything is made of it."""

from datetime import date

import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.linkages.linkage import RegisterTable
from tre.safe_data.variable import Variable

EARLIEST = date(1880, 1, 1)
"""Nobody in a register was born before."""
_SHOWN = 3
_REPEATED = 0.05
"""Where rows may repeat, the largest share that does: a table written twice over is refused."""
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
    a day before 1880 or after `on`, days that run backwards, or rows that stand there twice.
    """
    key = table.about[0]
    if missing := frame[key].null_count():
        message = f"{file}: {missing:,} rows have no {key}; every row must be somebody's"
        raise UnusableRequestError(message)
    for variable in table.variables:
        _check_type(frame[variable.name], variable, file)
        _check_codes(frame[variable.name], variable, file)
        if variable.type == "date":
            check_days(frame[variable.name], file, on)
    for first, then in table.in_order:
        _check_order(frame, first, then, file)
    _check_repeats(frame, table, file)


def check_people(frame: pl.DataFrame, key: str, file: str) -> None:
    """Refuse a table of people in which somebody stands twice. Raises UnusableRequestError."""
    if frame[key].n_unique() < len(frame):
        message = f"{file}: {key} must name every person once"
        raise UnusableRequestError(message)


def check_known(
    frame: pl.DataFrame, columns: tuple[str, ...], people: pl.Series, file: str
) -> None:
    """Refuse a record of somebody who is not among the people. Raises UnusableRequestError."""
    known = people.rename("known").to_frame()
    for column in columns:
        named = frame.select(column).drop_nulls()
        if named.is_empty():
            continue
        _check_alike(named[column], file, people)
        strangers = named.join(known, left_on=column, right_on="known", how="anti")
        if len(strangers):
            message = (
                f"{file}: in {len(strangers):,} rows {column} names somebody who is not among the "
                f"people, such as {strangers[column].min()!r}"
            )
            raise UnusableRequestError(message)


def check_same(one: pl.Series, file: str, other: pl.Series, other_file: str) -> None:
    """Refuse two files that are not about the same people. Raises UnusableRequestError."""
    _check_alike(one, file, other)
    for these, name, those, beside in (
        (one, file, other, other_file),
        (other, other_file, one, file),
    ):
        known = those.rename("known").to_frame()
        alone = these.to_frame().join(known, left_on=these.name, right_on="known", how="anti")
        if len(alone):
            message = (
                f"{name} and {beside} must be about the same people; {len(alone):,} of {name} "
                f"are not in {beside}"
            )
            raise UnusableRequestError(message)


def _check_alike(key: pl.Series, file: str, people: pl.Series) -> None:
    if key.dtype != people.dtype:
        message = (
            f"{file}: {key.name} must be of type {people.dtype}, as in the table of people, "
            f"not {key.dtype}"
        )
        raise UnusableRequestError(message)


def _check_order(frame: pl.DataFrame, first: str, then: str, file: str) -> None:
    wrong = frame.filter(pl.col(then) < pl.col(first))
    if len(wrong):
        message = (
            f"{file}: {then} lies before {first} in {len(wrong):,} rows, such as "
            f"{wrong[then][0]} before {wrong[first][0]}"
        )
        raise UnusableRequestError(message)


def _check_repeats(frame: pl.DataFrame, table: RegisterTable, file: str) -> None:
    """By a hash of eight bytes a row, and by the rows themselves where two hashes are alike."""
    marks = frame.hash_rows()
    if marks.n_unique() == len(marks):
        return
    alike = frame.filter(marks.is_duplicated())
    repeated = len(alike) - alike.n_unique()
    if repeated > (_REPEATED * len(frame) if table.may_repeat else 0):
        message = f"{file}: {repeated:,} of {len(frame):,} rows repeat another row in everything"
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


def check_days(column: pl.Series, file: str, on: date) -> None:
    """Refuse a day before 1880 or after `on`. Raises UnusableRequestError."""
    wrong = column.filter((column < EARLIEST) | (column > on))
    if len(wrong):
        message = (
            f"{file}: {column.name} has {len(wrong):,} days before {EARLIEST} or after {on}, such "
            f"as {wrong[0]}"
        )
        raise UnusableRequestError(message)
