"""Places: a postcode becomes its area, or the deprivation of its neighbourhood."""

import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.deidentify.column import Column

_OUTWARD = r"[A-Z]{1,2}\d[A-Z\d]?"
_FULL = rf"^({_OUTWARD})(\d[A-Z]{{2}})$"
_AREA = rf"^(?:{_OUTWARD})$"


def to_area(column: Column) -> pl.Series:
    """'SE5 9NR' becomes 'SE5'; what is no postcode becomes null, not something else that tells.

    Source: Royal Mail, Programmers' guide to the Postcode Address File: the outward code is all
    but the last three characters.
    """
    column.must_be("text", pl.String)
    name = column.values.name
    tight = pl.col(name).str.to_uppercase().str.replace_all(r"[\s.]+", "")
    area = pl.when(tight.str.contains(_AREA)).then(tight)
    return column.values.to_frame().select(
        pl.coalesce(tight.str.extract(_FULL, 1), area).alias(name)
    )[name]


def to_deprivation(column: Column) -> pl.Series:
    """The decile of the postcode, 1 most deprived to 10 least; null where it is not known.

    Raises UnusableRequestError where no directory of postcodes was given.
    """
    column.must_be("text", pl.String)
    directory = column.given.postcodes
    if directory is None:
        message = f"{column.values.name}: deprivation needs a directory of postcodes"
        raise UnusableRequestError(message)
    name = column.values.name
    deciles = directory.select(_tight("postcode"), decile=pl.col("imd_decile").cast(pl.Int64))
    found = column.values.to_frame().select(_tight(name).alias("postcode"))
    joined = found.join(
        deciles.unique("postcode", keep="first", maintain_order=True),
        on="postcode",
        how="left",
        maintain_order="left",
    )
    return joined["decile"].alias(name)


def _tight(name: str) -> pl.Expr:
    return pl.col(name).str.to_uppercase().str.replace_all(r"[\s.]+", "")
