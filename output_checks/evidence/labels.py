"""The number of a label among those of its column, found by a hash without chance."""

from dataclasses import dataclass

import numpy as np
import polars as pl

_SEEDS = 40
_MOST_BITS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The number of each row's label: `count` labels are numbered from 0.

    label: the label of that number, another one than the row's where that is none of them.
    """

    number: pl.Expr
    label: pl.Expr
    count: int


def place_of(labels: pl.Series) -> Place | None:
    """Number all the labels of a column, null included, in their order.

    Takes a hash that tells all of them apart, and a table of where each leads. None where none is
    found, as with more than some two thousand labels.
    """
    bits = min(2 * len(labels).bit_length(), _MOST_BITS)
    for seed in range(_SEEDS):
        leads = labels.hash(seed).to_numpy() & np.uint64((1 << bits) - 1)
        if len(np.unique(leads)) == len(labels):
            numbers = np.zeros(1 << bits, dtype=np.uint32)
            numbers[leads.astype(np.int64)] = np.arange(len(labels))
            leading = labels.gather(numbers) if len(labels) else labels.clear(len(numbers))
            hashed = pl.col(labels.name).hash(seed) % (1 << bits)
            return Place(
                number=pl.lit(pl.Series(numbers)).gather(hashed),
                label=pl.lit(leading).gather(hashed),
                count=len(labels),
            )
    return None
