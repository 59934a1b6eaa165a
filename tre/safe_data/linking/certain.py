"""The first pass: pairs that share a valid NHS number, and something else beside it."""

import polars as pl

_PLACES = 9
AGREEING = ("birth_date", "last_name", "first_name")


def valid_nhs_number(number: pl.Expr) -> pl.Expr:
    """The ten digits where the check digit is right, and otherwise null: spaces do not matter.

    Source: NHS Data Dictionary, NHS NUMBER: modulus 11 with weights 10 to 2.
    """
    digits = number.cast(pl.String).str.replace_all(r"[\s-]", "")
    total = pl.sum_horizontal(
        digits.str.slice(place, 1).cast(pl.Int64, strict=False) * (10 - place)
        for place in range(_PLACES)
    )
    check = (11 - total % 11) % 11
    given = digits.str.slice(_PLACES, 1).cast(pl.Int64, strict=False)
    return pl.when(digits.str.contains(r"^\d{10}$") & (check == given)).then(digits)


def certain_links(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Pairs whose NHS number and at least one of date of birth, last name, first name agree.

    left, right: made comparable. Returns record_l, record_r. A number that two records of one
    file claim is ambiguous and names nobody; a null agrees with nothing.
    """
    if "nhs_number" not in left.columns:
        return pl.DataFrame(schema={"record_l": pl.String, "record_r": pl.String})
    also = [column for column in AGREEING if column in left.columns]
    agrees = pl.any_horizontal(
        pl.lit(value=False), *((pl.col(f"{name}_l") == pl.col(f"{name}_r")) for name in also)
    )
    return (
        _numbered(left, also, "l")
        .join(_numbered(right, also, "r"), on="nhs_number")
        .filter(agrees)
        .select("record_l", "record_r")
        .sort("record_l")
    )


def _numbered(side: pl.DataFrame, also: list[str], suffix: str) -> pl.DataFrame:
    """The records of which the number is theirs alone, with what else must agree."""
    return (
        side.filter(pl.col("nhs_number").is_not_null() & ~pl.col("nhs_number").is_duplicated())
        .select("nhs_number", "record", *also)
        .rename({name: f"{name}_{suffix}" for name in ("record", *also)})
    )
