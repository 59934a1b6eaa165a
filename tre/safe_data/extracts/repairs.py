"""Repairs of a synthetic `linked` table: what must hold of every person, and a copula breaks."""

import numpy as np
import polars as pl

from tre.safe_data.catalogue_tables import CONTROL, DIAGNOSIS_GROUPS, NO_RECORD, PATIENT

SMALLEST = 10
"""The SRS threshold, people: nothing is learnt from a group of fewer on its own."""
_PSYCHOSIS = DIAGNOSIS_GROUPS[0]
_LIMITS = {
    "imd_decile": (1, 10),
    "ks2_score": (80.0, 120.0),
    "ks4_attainment8": (0.0, 90.0),
    "absence_percent": (0.0, 100.0),
    "first_referral_age": (0, 17),
    "exclusions": (0, None),
}
_DECIMALS = {"absence_percent": 2, "ks2_score": 0}
_STEPS_A_POINT = {"ks4_attainment8": 2}
_RESULTS = {"ks2_score": (1997, 2014), "ks4_attainment8": (1992, 2009)}
"""Years of birth of the pupils who came to the end of a key stage in a school year on record."""
_NO_KS2_BORN = 2009
"""Whoever was born in this year came to key stage 2 in 2020 or 2021, when it was not held."""


def with_gaps_filled(real: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Each gap filled with the value of a random person who has one; all-empty columns with 0."""
    filled = []
    for column in real.iter_columns():
        known = column.drop_nulls()
        if known.is_empty():
            filled.append(column.fill_null(strategy="zero"))
            continue
        given = known.gather(rng.integers(0, len(known), len(column)))
        filled.append(column.zip_with(column.is_not_null(), given))
    return pl.DataFrame(filled)


def repaired(drawn: pl.DataFrame, real: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """The drawn people as the catalogue says people are.

    Controls have no diagnosis, no referral and no psychosis; patients have a diagnosis and an age
    at referral, redrawn from those of the real patients where the copula gave none; the psychosis
    flag agrees with the group; numbers are in their ranges and steps; nobody has a result before
    the age at which it is given. Columns that were not granted are left out of it.
    """
    frame = _agreeing(drawn, real, rng) if "group" in drawn.columns else drawn
    frame = frame.with_columns(
        pl.col(name).clip(*limits) for name, limits in _LIMITS.items() if name in frame.columns
    )
    frame = frame.with_columns(
        pl.col(name).round(places) for name, places in _DECIMALS.items() if name in frame.columns
    )
    frame = frame.with_columns(
        (pl.col(name) * steps).round(0) / steps
        for name, steps in _STEPS_A_POINT.items()
        if name in frame.columns
    )
    return _at_their_time(_counts(frame, real), real, rng).select(drawn.columns)


def _agreeing(drawn: pl.DataFrame, real: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    is_control = pl.col("group") == CONTROL
    frame = drawn
    patients = real.filter(pl.col("group") == PATIENT)
    if "diagnosis_group" in frame.columns:
        given = pl.Series(_redrawn(patients["diagnosis_group"], rng, len(frame)))
        missing = pl.col("diagnosis_group").is_null() | (pl.col("diagnosis_group") == NO_RECORD)
        frame = frame.with_columns(
            pl.when(is_control)
            .then(pl.lit(NO_RECORD))
            .when(missing)
            .then(given)
            .otherwise(pl.col("diagnosis_group"))
            .alias("diagnosis_group")
        )
        if "early_onset_psychosis" in frame.columns:
            agrees = pl.col("diagnosis_group") == _PSYCHOSIS
            frame = frame.with_columns(agrees.alias("early_onset_psychosis"))
    elif "early_onset_psychosis" in frame.columns:
        frame = frame.with_columns(pl.col("early_onset_psychosis") & ~is_control)
    if "first_referral_age" in frame.columns:
        ages = pl.Series(_redrawn(patients["first_referral_age"], rng, len(frame)))
        age = pl.col("first_referral_age").fill_null(ages)
        frame = frame.with_columns(
            pl.when(is_control).then(None).otherwise(age).alias("first_referral_age")
        )
    return frame


def _redrawn(values: pl.Series, rng: np.random.Generator, people: int) -> pl.Series:
    """One of the real values for each person; all null where there are none."""
    known = values.drop_nulls().sort()
    if known.is_empty():
        return pl.Series(values.name, [None] * people, dtype=values.dtype)
    return known.gather(rng.integers(0, len(known), people))


def _at_their_time(
    frame: pl.DataFrame, real: pl.DataFrame, rng: np.random.Generator
) -> pl.DataFrame:
    """Results only for people of the years of birth that can have one, and not for all of them."""
    if "birth_year" not in frame.columns:
        return frame
    for name, (first, last) in _RESULTS.items():
        if name not in frame.columns:
            continue
        could = pl.col("birth_year").is_between(first, last)
        if name == "ks2_score":
            could &= pl.col("birth_year") != _NO_KS2_BORN
        able = real.filter(could)
        absent = able[name].null_count() / len(able) if len(able) else 0.0
        sat = could & (pl.Series(rng.random(len(frame))) >= absent)
        frame = frame.with_columns(pl.when(sat).then(pl.col(name)).alias(name))
    return frame


def _counts(frame: pl.DataFrame, real: pl.DataFrame) -> pl.DataFrame:
    """Exclusions in the order of the copula's, with the shape of the real ones in each group.

    A copula makes many small numbers of what are mostly zeros. The largest hundredth is cut off:
    the most excluded child of a group must not be recognised in the twin.
    """
    if "exclusions" not in frame.columns:
        return frame
    by = next((name for name in ("diagnosis_group", "group") if name in frame.columns), None)
    parts = frame.partition_by(by, maintain_order=True) if by else [frame]
    return pl.concat([_like(part, _same(real, part, by)) for part in parts])


def _same(real: pl.DataFrame, part: pl.DataFrame, by: str | None) -> pl.DataFrame:
    """The real people of a part's group; everybody where too few are in it to say a shape."""
    alike = real.filter(pl.col(by) == part[by][0]) if by else real
    return alike if len(alike) >= SMALLEST else real


def _like(part: pl.DataFrame, real: pl.DataFrame) -> pl.DataFrame:
    known = real["exclusions"].drop_nulls().sort()
    if known.is_empty():
        return part
    rank = (part["exclusions"].rank("ordinal") - 1).to_numpy() / len(part)
    at = np.minimum(rank, 0.99) * len(known)
    return part.with_columns(known.gather(at.astype(np.int64)).alias("exclusions"))
