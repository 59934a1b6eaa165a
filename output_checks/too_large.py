"""Whole numbers that an expression makes too large: refused before a table is made of them."""

from collections.abc import Collection

import polars as pl
from polars.exceptions import PolarsError

from output_checks.errors import DeclarationError, UnreadableDataError
from output_checks.expressions import computed
from output_checks.whole_numbers import Computed


def refuse_too_large(
    frame: pl.LazyFrame, *, where: str, derive: Collection[tuple[str, str]]
) -> None:
    """Look once at all rows for whole numbers beyond 64 bits, if an expression makes any.

    Every step of an expression is looked at in every row, in those too that a CASE or `where`
    leaves out. Expressions without arithmetic of whole numbers cost no look.
    Raises DeclarationError, and UnreadableDataError for data that cannot be read.
    """
    looks = []
    for name, text in (*derive, ("", where)):
        one = computed(text, frame.collect_schema()) if text else Computed(expression=pl.lit(1))
        if name:
            frame = frame.with_columns(one.expression.alias(name))
        if one.too_large:
            looks.append((text, pl.any_horizontal(one.too_large).any()))
    found = _carried_out(frame, [look for _, look in looks]) if looks else ()
    for (text, _), is_too_large in zip(looks, found, strict=True):
        if is_too_large:
            raise DeclarationError(
                f"{text!r} makes whole numbers beyond 9,223,372,036,854,775,807, which have no "
                "room; compute with decimals, as in CAST(cost AS DOUBLE) * cost"
            )


def _carried_out(frame: pl.LazyFrame, looks: list[pl.Expr]) -> tuple[bool, ...]:
    named = frame.select(look.alias(str(at)) for at, look in enumerate(looks))
    try:
        return named.collect(engine="streaming").row(0)
    except (PolarsError, OSError) as error:
        said = (str(error).splitlines() or ["unknown error"])[0]
        raise UnreadableDataError(
            f"the data cannot be read, or an expression does not fit: {said}"
        ) from error
