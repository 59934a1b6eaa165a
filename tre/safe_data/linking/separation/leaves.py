"""What stands in a column, however it is wrapped: lists, structs, bytes and categories unpacked."""

from collections.abc import Iterator

import polars as pl
from polars.datatypes import DataTypeClass

_EMPTY = pl.Series([], dtype=pl.String)


def leaves(values: pl.Series) -> Iterator[pl.Series]:
    """The plain series of a column: each field of a struct, the items of lists, bytes as text."""
    kind = values.dtype
    if isinstance(kind, pl.Struct):
        for field in values.struct.fields:
            yield from leaves(values.struct.field(field))
    elif isinstance(kind, (pl.List, pl.Array)):
        yield from leaves(values.explode(empty_as_null=True))
    elif isinstance(kind, pl.Binary):
        yield values.cast(pl.String, strict=False)
    elif isinstance(kind, (pl.Categorical, pl.Enum)):
        yield values.cast(pl.String)
    else:
        yield values


def tells(kind: pl.DataType) -> bool:
    """Whether values of this type can say who somebody is, but for days."""
    if isinstance(kind, pl.Struct):
        return any(tells(_type(field.dtype)) for field in kind.fields)
    if isinstance(kind, (pl.List, pl.Array)):
        return tells(_type(kind.inner))
    texts = (pl.String, pl.Categorical, pl.Enum, pl.Binary)
    return isinstance(kind, texts) or (kind.is_numeric() and not _is_small(kind))


def _type(kind: pl.DataType | DataTypeClass) -> pl.DataType:
    return kind if isinstance(kind, pl.DataType) else kind()


def _is_small(kind: pl.DataType) -> bool:
    """Too small for a number of ten digits."""
    return isinstance(kind, (pl.Int8, pl.Int16, pl.Int32, pl.UInt8, pl.UInt16))


def may_be_days(kind: pl.DataType) -> bool:
    """Whether a column of this type may hold days: as dates, as text or as numbers."""
    small = isinstance(kind, (pl.Int8, pl.UInt8, pl.Int16, pl.UInt16))
    texts = isinstance(kind, (pl.String, pl.Categorical, pl.Enum, pl.Binary))
    return kind.is_temporal() or texts or (kind.is_numeric() and not small)


def as_days(values: pl.Series) -> pl.Series:
    """The days that these values are; null where they are none.

    Text and eight digits as year, month, day; day, month, year with a stroke; numbers else as
    days since 1970.
    """
    if isinstance(values.dtype, (pl.Date, pl.Datetime)):
        return values.cast(pl.Date)
    if values.dtype.is_numeric():
        whole = values.cast(pl.Int64, strict=False)
        written = _of_text(whole.cast(pl.String))
        counted = pl.when(whole.abs() < 60_000).then(whole).otherwise(None)
        since = pl.select(counted.cast(pl.Int32).cast(pl.Date)).to_series()
        return pl.select(pl.coalesce(written, since)).to_series()
    text = next(leaves(values), _EMPTY)
    return (
        _of_text(text)
        if text.dtype == pl.String
        else pl.Series([None] * len(values), dtype=pl.Date)
    )


def _of_text(text: pl.Series) -> pl.Series:
    found = text.str.extract(r"(\d{4}-?\d{2}-?\d{2})").str.replace_all("-", "")
    other = text.str.extract(r"(\d{2}[/.]\d{2}[/.]\d{4})").str.replace_all(r"\.", "/")
    return pl.select(
        pl.coalesce(
            found.str.to_date("%Y%m%d", strict=False), other.str.to_date("%d/%m/%Y", strict=False)
        )
    ).to_series()
