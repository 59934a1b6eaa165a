"""A released table as CSV."""

import polars as pl


def csv_text(released: pl.DataFrame) -> str:
    """Dimensions and `value`, quoted where needed; an empty value is withheld (or nobody's)."""
    return released.write_csv(float_precision=None)
