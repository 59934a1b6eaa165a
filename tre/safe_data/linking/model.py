"""The linkage model: how two records are compared, and which pairs are compared at all.

Names, date of birth and postcode only: the DfE route has no NHS number and no sex.
"""

from typing import Any

import polars as pl
from splink import SettingsCreator, block_on
from splink import comparison_level_library as level
from splink import comparison_library as comparison
from splink.blocking_rule_library import CustomRule

_SWAPPED_NAMES = "first_name_l = last_name_r and last_name_l = first_name_r"
_SWAPPED_DATE = (
    "year(born_l) = year(born_r) and month(born_l) = day(born_r) and day(born_l) = month(born_r)"
)
_CLOSE, _ALIKE = 0.92, 0.82
"""Jaro-Winkler similarities of names, 0 to 1: a slip, and another spelling of the name."""


def standardised(identifiers: pl.DataFrame, key: str) -> pl.DataFrame:
    """The identifiers made comparable: plain small letters, dates also as text, district.

    key becomes `record`; a name without letters becomes null. Sorted by record.
    """

    def letters(column: str) -> pl.Expr:
        kept = pl.col(column).str.to_lowercase().str.replace_all(r"[^a-z]", "")
        return pl.when(kept != "").then(kept).alias(column)

    return identifiers.select(
        pl.col(key).alias("record"),
        letters("first_name"),
        letters("last_name"),
        pl.col("date_of_birth").alias("born"),
        pl.col("date_of_birth").dt.strftime("%Y%m%d").alias("birth_date"),
        pl.col("postcode").str.replace_all(" ", "").alias("postcode"),
        pl.col("postcode").str.split(" ").list.first().alias("district"),
    ).sort("record")


def settings() -> Any:
    """What splink is told: comparisons with their levels, and the blocking rules."""
    pairs = [
        block_on("birth_date"),
        block_on("first_name", "last_name"),
        CustomRule("l.first_name = r.last_name and l.last_name = r.first_name"),
        block_on("postcode", "first_name"),
        block_on("postcode", "last_name", "substr(birth_date, 1, 4)"),
        block_on("last_name", "substr(first_name, 1, 1)", "substr(birth_date, 1, 6)"),
        block_on("last_name", "substr(first_name, 1, 1)", "district"),
        block_on("first_name", "district", "substr(birth_date, 1, 4)"),
    ]
    return SettingsCreator(
        link_type="link_only",
        unique_id_column_name="record",
        comparisons=[_name("first_name"), _name("last_name"), _date_of_birth(), _postcode()],
        blocking_rules_to_generate_predictions=pairs,
        retain_matching_columns=False,
        max_iterations=30,
        linker_uid="tre",
    )


def certain_pairs() -> list[Any]:
    """Rules that hardly ever meet two different people; they give the model its starting point."""

    return [
        block_on("first_name", "last_name", "birth_date"),
        block_on("birth_date", "postcode", "last_name"),
    ]


def training_blocks() -> list[Any]:
    """Two blocks, so that each comparison is free to be learnt in one of them."""

    return [block_on("birth_date"), block_on("first_name", "last_name")]


def _name(column: str) -> Any:
    part = f"contains({column}_l, {column}_r) or contains({column}_r, {column}_l)"
    alike = (
        f"jaro_winkler_similarity({column}_l, {column}_r) >= {_ALIKE} or "
        f"(least(length({column}_l), length({column}_r)) >= 3 and ({part}))"
    )
    return comparison.CustomComparison(
        output_column_name=column,
        comparison_levels=[
            level.NullLevel(column),
            level.ExactMatchLevel(column, term_frequency_adjustments=True),
            level.CustomLevel(_SWAPPED_NAMES, "first and last name swapped"),
            level.JaroWinklerLevel(column, _CLOSE),
            level.CustomLevel(alike, "alike, or one a part of the other"),
            level.ElseLevel(),
        ],
    )


def _date_of_birth() -> Any:
    one_slip = "damerau_levenshtein(birth_date_l, birth_date_r) <= 1"
    near = "abs(date_diff('day', born_l, born_r)) <= 31"
    return comparison.CustomComparison(
        output_column_name="birth_date",
        comparison_levels=[
            level.NullLevel("birth_date"),
            level.ExactMatchLevel("birth_date"),
            level.CustomLevel(_SWAPPED_DATE, "day and month swapped"),
            level.CustomLevel(one_slip, "one digit"),
            level.CustomLevel(near, "within 31 days"),
            level.ElseLevel(),
        ],
    )


def _postcode() -> Any:
    one_slip = "damerau_levenshtein(postcode_l, postcode_r) <= 1"
    return comparison.CustomComparison(
        output_column_name="postcode",
        comparison_levels=[
            level.NullLevel("postcode"),
            level.ExactMatchLevel("postcode"),
            level.CustomLevel(one_slip, "one character"),
            level.CustomLevel("district_l = district_r", "same district"),
            level.ElseLevel(),
        ],
    )
