"""Repairs of a synthetic `linked` table: what must hold of every person, and a copula breaks."""

import numpy as np
import polars as pl

from tre.safe_data.catalogue_tables import CONTROL, DIAGNOSIS_GROUPS, NO_RECORD, PATIENT

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
_NO_KS2_BORN = 2009
"""Whoever was born in this year came to key stage 2 in 2020 or 2021, when it was not held."""
_KS2_FIRST_AGE, _KS4_FIRST_AGE, _LAST_SUMMER = 11, 16, 2025


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
    return _no_early_results(frame).select(drawn.columns)


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


def _no_early_results(frame: pl.DataFrame) -> pl.DataFrame:
    """No result for people too young to have sat the examination by the last summer on record."""
    if "birth_year" not in frame.columns:
        return frame
    age = _LAST_SUMMER - pl.col("birth_year")
    if "ks2_score" in frame.columns:
        tested = pl.col("birth_year") != _NO_KS2_BORN
        frame = frame.with_columns(pl.when(tested).then(pl.col("ks2_score")).alias("ks2_score"))
    return frame.with_columns(
        pl.when(age >= first).then(pl.col(name)).alias(name)
        for name, first in (("ks2_score", _KS2_FIRST_AGE), ("ks4_attainment8", _KS4_FIRST_AGE))
        if name in frame.columns
    )
