"""pandas frames as polars frames, with the kinds that pandas has no column for.

numpy knows neither days without a time nor whole numbers with missing ones among them: pandas keeps
them as midnights and as 2.0. They are made again here, so that labels are those of the data.
"""

from datetime import date, datetime
from typing import Any

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from output_checks.errors import UnreadableDataError
from output_checks.words import label_text

_EXACT = 2.0**53
"""Floats beyond it need not be the whole number that was meant."""


def from_pandas(source: Any) -> pl.LazyFrame:
    """With its index where that has a name.

    Categories in an order of their own stay in it; intervals and periods become texts. Datetimes
    that are all at midnight become dates, and floats with missing ones whose numbers are all whole
    become whole numbers; not those of pandas' own nullable kinds, which tell them apart.
    Raises UnreadableDataError where polars cannot take a column.
    """
    try:
        made = source.to_frame() if not hasattr(source, "columns") else source
        if None not in made.index.names and not set(made.index.names) & set(made.columns):
            made = made.reset_index()
        as_texts = {
            name: texts for name, one in made.items() if (texts := _in_texts(one)) is not None
        }
        as_times = {name: one.astype("datetime64[us]") for name, one in made.items() if _mixed(one)}
        changed = as_texts | as_times
        frame = pl.from_pandas(made.assign(**changed) if changed else made)
        ordered = {
            name: pl.col(name)
            .cast(pl.String)
            .cast(pl.Enum([str(one) for one in texts.cat.categories]))
            for name, texts in as_texts.items()
        }
        meant = [
            _as_meant(one)
            for one, dtype in zip(frame, made.dtypes, strict=True)
            if isinstance(dtype, np.dtype)
        ]
        return frame.with_columns(*meant).with_columns(**ordered).lazy()
    except (PolarsError, TypeError, ValueError, NotImplementedError) as error:
        raise UnreadableDataError(
            f"the pandas frame cannot be read: {str(error).splitlines()[0]}"
        ) from error


def _as_meant(column: pl.Series) -> pl.Series:
    """A column of days as dates, and one of whole numbers and missing ones as whole numbers."""
    if column.null_count() == len(column):
        return column
    if isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone is None:
        days = column.cast(pl.Date)
        return days if (days.cast(column.dtype) == column).all() else column
    if column.dtype.is_float() and column.null_count():
        is_whole = (column == column.floor()) & (column.abs() < _EXACT)
        return column.cast(pl.Int64) if is_whole.all() else column
    return column


def _mixed(column: Any) -> bool:
    """Whether days and times are in one column, of which polars would keep the days alone."""
    if column.dtype != object:
        return False
    known = column.dropna()
    if not len(known) or not isinstance(known.iloc[0], date):
        return False
    return {type(one) is date for one in known} == {True, False} and all(
        type(one) is date or isinstance(one, datetime) for one in known
    )


def _in_texts(column: Any) -> Any:
    """A pandas column as ordered categories that are texts, None where it need not be."""
    kind = type(getattr(column, "dtype", None)).__name__
    if kind in {"IntervalDtype", "PeriodDtype"}:
        column = column.astype("category").cat.as_ordered()
    elif kind != "CategoricalDtype":
        return None
    categories = column.cat.categories
    if type(categories).__name__ in {"IntervalIndex", "PeriodIndex"}:
        return column.cat.rename_categories([str(one) for one in categories])
    if not column.cat.ordered or (
        categories.is_monotonic_increasing and categories.dtype != object
    ):
        return None
    return column.cat.rename_categories([label_text(one) for one in categories])
