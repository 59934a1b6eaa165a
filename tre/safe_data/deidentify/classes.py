"""Classes of people who look alike: how large they are, and how much they differ inside."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

LIMITS = (3, 5, 10)
"""Class sizes below which people are counted; 10 is what the simulator's policies ask for."""

_STARTS = (1, 2, 3, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """People in classes of fewer than `limit`; share of all people, 0 to 1."""

    limit: int
    people: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeBand:
    """Classes of least to most people (None: any number more), and the people in them."""

    least: int
    most: int | None
    classes: int
    people: int

    def name(self) -> str:
        """The sizes in words: '1', '3 to 4', '100 or more'."""
        if self.most is None:
            return f"{self.least} or more"
        return f"{self.least}" if self.least == self.most else f"{self.least} to {self.most}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diversity:
    """How well a class hides a sensitive variable, in the class that hides it worst.

    distinct: different values (distinct l). entropy: e to the entropy of the values (entropy l).
    told: people in classes with one value only: to know their class is to know it. share: of all.
    """

    variable: str
    distinct: int
    entropy: float
    told: int
    share: float


def class_sizes(frame: pl.DataFrame, quasi_identifiers: Sequence[str]) -> pl.Series:
    """The number of people in each class, in no order; null is a value like any other."""
    return frame.group_by(*quasi_identifiers).len("_people")["_people"]


def below(sizes: pl.Series) -> tuple[Below, ...]:
    """People in classes of fewer than 3, 5 and 10. Source: Sweeney (2002), k-anonymity."""
    everybody = int(sizes.sum())
    few = [(limit, int(sizes.filter(sizes < limit).sum())) for limit in LIMITS]
    return tuple(Below(limit=limit, people=n, share=n / everybody) for limit, n in few)


def size_bands(sizes: pl.Series) -> tuple[SizeBand, ...]:
    """Every band of sizes, also the empty ones, smallest first."""
    everybody = int(sizes.sum())
    ends: list[int | None] = [*(start - 1 for start in _STARTS[1:]), None]
    bands = []
    for least, most in zip(_STARTS, ends, strict=True):
        inside = sizes.filter(sizes.is_between(least, most or max(least, everybody)))
        band = SizeBand(least=least, most=most, classes=len(inside), people=int(inside.sum()))
        bands.append(band)
    return tuple(bands)


def diversity(frame: pl.DataFrame, quasi_identifiers: Sequence[str], variable: str) -> Diversity:
    """Distinct and entropy l-diversity of one variable; null counts as a value.

    Source: Machanavajjhala et al. (2007), l-diversity: privacy beyond k-anonymity.
    """
    share = pl.col("_n") / pl.col("_n").sum()
    each = (
        frame.group_by(*quasi_identifiers, variable)
        .len("_n")
        .group_by(*quasi_identifiers)
        .agg(
            _people=pl.col("_n").sum(),
            _distinct=pl.len(),
            _entropy=(-(share * share.log()).sum()).exp(),
        )
    )
    told = int(each.filter(pl.col("_distinct") == 1)["_people"].sum())
    worst = each.select(pl.col("_distinct", "_entropy").min()).row(0)
    return Diversity(
        variable=variable,
        distinct=worst[0],
        entropy=worst[1],
        told=told,
        share=told / len(frame),
    )
