"""Twins: the strangers who agree on everything but what is their own.

A model that knows one person and strangers alone takes a record of the same last name, date of
birth and postcode for the person's own, whatever the first name: most links that are wrong name
the twin of somebody who has no record. So being a twin's is a third explanation of every pair. How
many people have a twin on record, the register itself shows.
"""

import polars as pl

from tre.safe_data.linking.experience import OF_RECORDS
from tre.safe_data.linking.model import own_weights

SHARED = ("last_name", "birth_date", "postcode")
"""What people born together have in common."""
_USUAL = 0.02
"""Twins on record for one record, as far as experience goes: near what the registers of this
simulator hold (1.9 in a hundred); in England 1.5 % of maternities are multiple (ONS, Birth
characteristics 2021), which makes 3 % of children, of whom some live apart or are called
differently."""


def twin_weights(pairs: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """The pairs with `twin_weight`: how likely the record is that of a twin (bits).

    pairs: as scored, with splink's weight columns. register: made comparable. Twins share what
    `SHARED` lists with the same errors as one person's two records; first name, sex and NHS number
    compare as those of strangers do. Somebody's twin is as seldom in a register as somebody, so
    that a twin's record is as much rarer than the person's own as twins are rarer than people.
    """
    own = pl.sum_horizontal(pl.lit(0.0), *(pl.col(name) for name in own_weights(pairs.columns)))
    rarer = pl.lit(twins_of_a_record(register)).log(2)
    return pairs.with_columns(twin_weight=(pl.col("match_weight") - own + rarer).round(6))


def twins_of_a_record(register: pl.DataFrame) -> float:
    """How many other records were born into the same family on the same day, for one record."""
    if not set(SHARED) <= set(register.columns):
        return _USUAL
    together = register.select(SHARED).drop_nulls().group_by(SHARED).agg(n=pl.len())
    pairs = together.select((pl.col("n") * (pl.col("n") - 1)).sum()).item() or 0
    return (pairs + _USUAL * OF_RECORDS) / (len(register) + OF_RECORDS)
