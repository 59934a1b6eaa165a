"""One record for one person: which of the scored pairs are links."""

import polars as pl

THRESHOLD = 0.8
"""A pair less probable than this, its rivals considered, is no link however large the linkage."""
FALSE_SHARE = 0.002
"""The least probable links are given up until this share of all is expected to be wrong: what a
precision of 0.998 allows."""


def one_to_one(pairs: pl.DataFrame) -> pl.DataFrame:
    """Keep the pairs in which each is clearly the other's only match, by the model alone.

    pairs: record_l, record_r, match_weight, twin_weight (bits), every pair that may be a rival of
    another. Returns them with match_probability: that this is the match and not one of the rivals
    of either side, nobody, or a twin's. Two records that fit as well share the probability, so
    that neither is guessed at: twins of whom the first name is missing.
    """
    likely = (
        pairs.sort("record_l", "record_r")
        .with_columns(_share("record_l"), _share("record_r"))
        .with_columns(match_probability=pl.min_horizontal("of_record_l", "of_record_r").round(6))
        .filter(pl.col("match_probability") >= THRESHOLD)
        .sort("match_probability", "record_l", descending=[True, False])
    )
    wrong = (1 - pl.col("match_probability")).cum_sum() / pl.int_range(1, pl.len() + 1)
    kept = likely.filter(wrong <= FALSE_SHARE)
    return kept.select("record_l", "record_r", "match_weight", "match_probability")


def _share(side: str) -> pl.Expr:
    """One of the rivals is the match, or nobody is: their probabilities add up to 1."""
    odds, of_twin = 2.0 ** pl.col("match_weight"), 2.0 ** pl.col("twin_weight")
    return (odds / (1 + odds.sum().over(side) + of_twin)).alias(f"of_{side}")
