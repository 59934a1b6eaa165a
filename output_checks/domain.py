"""Categories that are known without the data: for tables in which even their absence would tell."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from output_checks.axes import Axis
from output_checks.errors import DeclarationError
from output_checks.given import shown
from output_checks.words import MISSING, label_text

Domain = Mapping[str, Sequence[Any]]
"""The labels of every dimension, in the order in which they are shown; None is Missing."""

_TRUTHS = {"true": True, "false": False}


def within(
    frame: pl.LazyFrame, axes: Sequence[Axis], domain: Domain
) -> tuple[pl.LazyFrame, list[Axis]]:
    """The rows of the known categories, and axes that have all of those and no other.

    Raises DeclarationError for a category that no value of its column can be.
    """
    schema = frame.collect_schema()
    known = {one.name: _typed(one.name, domain[one.name], schema[one.name]) for one in axes}
    inside = [
        pl.col(name).is_in(labels.implode(), nulls_equal=True) for name, labels in known.items()
    ]
    axes = [replace(one, known=tuple(known[one.name].to_list())) for one in axes]
    return frame.filter(*inside), axes


def _typed(name: str, labels: Sequence[Any], dtype: pl.DataType) -> pl.Series:
    """Labels as the column has them. Raises DeclarationError."""
    bare = [None if one == MISSING else one for one in labels]
    if isinstance(dtype, pl.Boolean):
        bare = [_TRUTHS.get(label_text(one)) if one is not None else None for one in bare]
    elif isinstance(dtype, pl.String):
        bare = [None if one is None else label_text(one) for one in bare]
    try:
        given = pl.Series(name, bare, strict=True)
        is_read = given.dtype == pl.String and isinstance(dtype, pl.Date)
        typed = given.str.to_date() if is_read else given.cast(dtype)
    except (PolarsError, TypeError, OverflowError) as error:
        raise DeclarationError(_no_category(name, labels, dtype)) from error
    is_rounded = given.dtype.is_numeric() and not typed.cast(given.dtype).equals(given)
    if is_rounded or typed.null_count() > sum(one in {None, MISSING} for one in labels):
        raise DeclarationError(_no_category(name, labels, dtype))
    if typed.n_unique() < len(typed):
        raise DeclarationError(f'a category of "{name}" is named twice: {shown(list(labels))}')
    return typed


def _no_category(name: str, labels: Sequence[Any], dtype: pl.DataType) -> str:
    named = shown(list(labels))
    return f'the categories {named} cannot be those of "{name}", whose values are {dtype}'
