"""Identifiers made comparable: what is compared never depends on how a register writes."""

import polars as pl

from tre.safe_data.linking.certain import valid_nhs_number

IDENTIFIERS = ("first_name", "last_name", "date_of_birth", "postcode", "nhs_number", "sex")
"""Every identifier that the matcher understands."""


def comparable(file: pl.DataFrame, key: str, identifiers: tuple[str, ...]) -> pl.DataFrame:
    """The key as `record`, and the identifiers in plain small letters; sorted by record.

    A date of birth becomes birth_date (text, YYYYMMDD) and born_day (days since 1970); a postcode
    also its district; a sex its first letter. A name without letters, an empty postcode and an
    NHS number with a wrong check digit become null, which agrees with nothing.
    """
    made = [each for name in IDENTIFIERS if name in identifiers for each in _MADE[name]()]
    return file.select(pl.col(key).cast(pl.String).alias("record"), *made).sort("record")


def _letters(column: str) -> list[pl.Expr]:
    kept = pl.col(column).str.to_lowercase().str.replace_all(r"[^a-z]", "")
    return [pl.when(kept != "").then(kept).alias(column)]


def _dates() -> list[pl.Expr]:
    born = pl.col("date_of_birth")
    return [
        born.dt.strftime("%Y%m%d").alias("birth_date"),
        born.to_physical().cast(pl.Int32).alias("born_day"),
    ]


def _postcodes() -> list[pl.Expr]:
    """The last three characters are the inward code; what stands before is the district."""
    plain = pl.col("postcode").str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    whole = pl.when(plain.str.len_chars() >= 5).then(plain)
    return [whole.alias("postcode"), whole.str.head(-3).alias("district")]


def _sexes() -> list[pl.Expr]:
    initial = pl.col("sex").str.to_lowercase().str.head(1)
    return [pl.when(initial.is_in(["f", "m"])).then(initial).alias("sex")]


_MADE = {
    "first_name": lambda: _letters("first_name"),
    "last_name": lambda: _letters("last_name"),
    "date_of_birth": _dates,
    "postcode": _postcodes,
    "nhs_number": lambda: [valid_nhs_number(pl.col("nhs_number")).alias("nhs_number")],
    "sex": _sexes,
}
