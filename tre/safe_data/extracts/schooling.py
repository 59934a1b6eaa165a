"""Education records as a project's tables need them: one row a pupil, and the child tables."""

from pathlib import Path

import polars as pl

from tre.safe_data.extracts.years import EVERY_YEAR, Years, within
from tre.safe_data.files import read_table

ID = "education_id"
_PUPILS = (
    ID, "cris_pseudonym", "sex", "birth_year", "ethnic_group", "borough", "imd_decile",
)  # fmt: skip


def pupils(folder: Path, years: Years = EVERY_YEAR) -> pl.DataFrame:
    """One row a pupil: who it is, summed over these school years on record, and the results.

    Adds free_school_meals, sen_support (in any year), absence_percent (of all sessions, 2
    decimals; null where there was none), exclusions, ks2_score, ks4_attainment8 (null for none).
    """
    return (
        read_table(folder / "pupils.parquet", _PUPILS)
        .join(_sums(absence(folder, years)), on=ID, how="left")
        .join(_score(folder, "KS2", years).rename({"score": "ks2_score"}), on=ID, how="left")
        .join(_score(folder, "KS4", years).rename({"score": "ks4_attainment8"}), on=ID, how="left")
        .with_columns(
            pl.col("free_school_meals", "sen_support").fill_null(value=False),
            pl.col("exclusions").fill_null(0),
        )
        .sort(ID)
    )


def absence(folder: Path, years: Years = EVERY_YEAR) -> pl.DataFrame:
    """One row a pupil and school year of these years, under the DfE's research pseudonym."""
    columns = (
        ID, "school_year", "year_group", "sessions_possible", "sessions_missed",
        "sessions_unauthorised", "suspensions", "free_school_meals", "sen_provision",
    )  # fmt: skip
    return within(read_table(folder / "school_years.parquet", columns), "school_year", years)


def attainment(folder: Path, years: Years = EVERY_YEAR) -> pl.DataFrame:
    """One row a pupil and key stage that has a result in these school years."""
    columns = (ID, "key_stage", "school_year", "measure", "score")
    return within(read_table(folder / "results.parquet", columns), "school_year", years)


def absence_reasons(folder: Path, years: Years = EVERY_YEAR) -> pl.DataFrame:
    """One row a pupil, school year and reason for which half-days were missed."""
    columns = (ID, "school_year", "reason", "sessions")
    table = read_table(folder / "absence_reasons.parquet", columns, may_be_empty=True)
    return within(table, "school_year", years)


def exclusions(folder: Path, years: Years = EVERY_YEAR) -> pl.DataFrame:
    """One row a suspension or permanent exclusion in these school years."""
    columns = (ID, "school_year", "started", "category", "reason", "sessions")
    table = read_table(folder / "exclusions.parquet", columns, may_be_empty=True)
    return within(table, "school_year", years)


def _sums(years: pl.DataFrame) -> pl.DataFrame:
    missed, possible = pl.col("sessions_missed"), pl.col("sessions_possible")
    share = missed.cast(pl.Int64).sum() / possible.cast(pl.Int64).sum() * 100
    return years.group_by(ID).agg(
        pl.col("free_school_meals").any(),
        (pl.col("sen_provision") != "N").any().alias("sen_support"),
        pl.when(possible.sum() > 0).then(share.round(2)).alias("absence_percent"),
        pl.col("suspensions").cast(pl.Int64).sum().alias("exclusions"),
    )


def _score(folder: Path, key_stage: str, years: Years) -> pl.DataFrame:
    """The first result of this key stage, were there two."""
    results = attainment(folder, years).filter(pl.col("key_stage") == key_stage)
    return results.sort(ID, "school_year").unique(ID, keep="first").select(ID, "score")
