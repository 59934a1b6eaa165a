"""The tables that are protected, from 600 to 10,000 cells, margins and groups included."""

from collections.abc import Mapping
from dataclasses import dataclass

Levels = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A generated table of counts.

    levels: for each dimension how many categories there are, finest first, 1 for the total.
    share: of the inner cells, about how many are small.
    """

    levels: Levels
    share: float
    seed: int = 2026


def _flat(*lengths: int) -> Levels:
    return tuple((length, 1) for length in lengths)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """Several two-way tables of the same people, with groups on their first dimension.

    pairs: the dimensions of each table. lengths: categories of each dimension. groups: of the
    categories of `a`. per_cell: people for each cell of `a` by `b`.
    """

    pairs: tuple[tuple[str, str], ...]
    lengths: Mapping[str, int]
    groups: int
    per_cell: int
    seed: int = 2026


_LENGTHS = {"a": 66, "b": 48, "c": 48, "e": 30}


def _linked(*pairs: str) -> Linked:
    each = tuple((one[0], one[1]) for one in pairs)
    return Linked(pairs=each, lengths=_LENGTHS, groups=11, per_cell=20)


CASES: Mapping[str, Case | Linked] = {
    "two-way, 651 cells": Case(levels=_flat(20, 30), share=0.05),
    "two-way, 5,151 cells": Case(levels=_flat(50, 100), share=0.05),
    "two-way, 10,011 cells": Case(levels=_flat(70, 140), share=0.05),
    "three-way, 1,331 cells": Case(levels=_flat(10, 10, 10), share=0.05),
    "three-way, 1,331 cells, more small": Case(levels=_flat(10, 10, 10), share=0.15),
    "three-way, 5,508 cells": Case(levels=_flat(16, 17, 17), share=0.05),
    "three-way, 10,164 cells": Case(levels=_flat(20, 21, 21), share=0.05),
    "hierarchical, 1,225 cells": Case(levels=((40, 8, 1), (20, 4, 1)), share=0.05),
    "hierarchical, 5,719 cells": Case(levels=((120, 12, 1), (36, 6, 1)), share=0.05),
    "hierarchical, 10,089 cells": Case(levels=((160, 16, 1), (48, 8, 1)), share=0.05),
    "linked star, 10,062 cells": _linked("ab", "ac", "ae"),
    "linked triangle, 10,045 cells": _linked("ab", "ac", "bc"),
}
