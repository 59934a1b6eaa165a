"""Special uniques: people whom a few of their values suffice to tell from all others."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialUniques:
    """Minimal sample uniques: sets of values that one person has, no smaller part of which does.

    largest: how many variables such a set was looked for with. people: who have a set of fewer
    variables than all of them. sets: how many there are, by number of variables, 1 first.
    by_variable: sets that the variable is part of, as a share of all sets: what to coarsen first.
    """

    largest: int
    people: int
    sets: tuple[int, ...]
    by_variable: dict[str, float]


def special_uniques(frame: pl.DataFrame, variables: Sequence[str], largest: int) -> SpecialUniques:
    """Search all sets of up to `largest` variables; null is a value.

    A set that one person has alone is minimal where none of its parts with one variable less is
    unique: what is unique stays unique with more variables, so smaller parts need no look.
    Source: Elliot, Manning and Ford (2002), A computational algorithm for handling the special
    uniques problem (SUDA); no score is made of it.
    """
    codes = [coded(frame[name]) for name in variables]
    sets, by_variable = [0] * largest, dict.fromkeys(variables, 0)
    special = np.zeros(len(frame), dtype=bool)
    smaller: dict[tuple[int, ...], np.ndarray] = {}
    for size in range(1, largest + 1):
        here: dict[tuple[int, ...], np.ndarray] = {}
        for chosen in combinations(range(len(variables)), size):
            here[chosen] = _alone([codes[position] for position in chosen])
            minimal = here[chosen] & ~_covered(chosen, smaller, len(frame))
            if size < len(variables):
                special |= minimal
            sets[size - 1] += (found := int(minimal.sum()))
            for position in chosen:
                by_variable[variables[position]] += found
        smaller = here
    total = sum(sets)
    return SpecialUniques(
        largest=largest,
        people=int(special.sum()),
        sets=tuple(sets),
        by_variable={name: n / total if total else 0.0 for name, n in by_variable.items()},
    )


def _covered(
    chosen: tuple[int, ...], smaller: dict[tuple[int, ...], np.ndarray], people: int
) -> np.ndarray:
    covered = np.zeros(people, dtype=bool)
    for left_out in range(len(chosen)):
        part = chosen[:left_out] + chosen[left_out + 1 :]
        if part:
            covered |= smaller[part]
    return covered


def _alone(codes: list[np.ndarray]) -> np.ndarray:
    return pl.Series(crossed(codes)).is_unique().to_numpy()


def coded(values: pl.Series) -> np.ndarray:
    """Each value as a number from 0, of any type; null is a value."""
    together = values.to_frame().select(pl.struct(pl.all()).rank("dense")).to_series()
    return together.to_numpy().astype(np.int64) - 1


def crossed(codes: list[np.ndarray]) -> np.ndarray:
    """A number for each combination of codes that occurs; the same number, the same combination."""
    together = codes[0]
    for each in codes[1:]:
        together = together * (int(each.max(initial=0)) + 1) + each
        if together.max(initial=0) > 2**31:  # so that the next step stays within 63 bits
            together = np.unique(together, return_inverse=True)[1]
    return together
