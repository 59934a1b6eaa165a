"""Ages: in bands, and the oldest together."""

import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.deidentify.column import Column


def age_bands(column: Column) -> pl.Series:
    """'0 to 4', '5 to 9' and so on in text, and '90 and over'; the last band may be narrower."""
    oldest, years = column.treatment.oldest, column.treatment.years
    ages = _checked(column)
    names = [
        f"{start} to {min(start + years, oldest) - 1}" if years > 1 else f"{start}"
        for start in range(0, oldest, years)
    ]
    names.append(f"{oldest} and over")
    band = pl.when(ages >= oldest).then(len(names) - 1).otherwise(ages // years)
    positions = pl.select(pl.when(ages.is_not_null()).then(band)).to_series()
    return pl.Series(column.values.name, names)[positions.cast(pl.UInt32)]


def top_coded(column: Column) -> pl.Series:
    """The age as it is, and 90 for everybody who is that old or older."""
    return _checked(column).clip(upper_bound=column.treatment.oldest)


def _checked(column: Column) -> pl.Series:
    """Whole years, 0 or more."""
    if not column.values.dtype.is_integer():
        message = f"{column.values.name}: an age is in whole years, not {column.values.dtype}"
        raise UnusableRequestError(message)
    ages = column.values.cast(pl.Int64)
    if (ages < 0).any():
        message = f"{column.values.name}: {int((ages < 0).sum())} ages are below 0"
        raise UnusableRequestError(message)
    return ages
