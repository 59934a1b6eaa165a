"""Sums that no order of rows can change: numbers cut into whole numbers that add up exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import frexp
from typing import Self

import numpy as np
import polars as pl

_WHOLE = 53
_FRACTION_BITS = 92
_MOST_EXPONENT = 1000
_NUMBER_BITS = 62
"""Of a limb's sum: with its sign it stays within 64 bits."""
_EXACT = 1 << _WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """How the numbers of one column are cut: into steps of 1/scale, and these into limbs.

    scale: a power of two. Sums are exact where all numbers have their last bits within 92 of the
    first of the greatest; beyond that they are rounded once. bits: of a limb, so few that no sum
    over all rows can overflow, and that a double holds it. Limbs stand with the highest first.
    """

    scale: float
    bits: int
    limbs: int

    @classmethod
    def of(cls, least: float, greatest: float, *, are_whole: bool, rows: int) -> Self:
        """Choose for so many numbers whose absolute values are 0 or within these."""
        above = frexp(greatest)[1]
        below = 0
        if not are_whole or above > _WHOLE:
            below = min(_WHOLE - frexp(least)[1], _FRACTION_BITS - above, _MOST_EXPONENT)
        return cls.steps_of(above + below, scale=2.0**below, rows=rows)

    @classmethod
    def steps_of(cls, size: int, *, scale: float, rows: int) -> Self:
        """Choose for so many numbers of less than 2^size steps."""
        bits = min(_NUMBER_BITS - rows.bit_length(), _WHOLE - 1)
        return cls(scale=scale, bits=bits, limbs=max(1, -(-size // bits)))

    def cut(self, numbers: np.ndarray) -> list[np.ndarray]:
        """The limbs of numbers, none of them missing."""
        left = numbers * self.scale
        found = []
        for place in range(self.limbs - 1, 0, -1):
            high = np.trunc(left * 2.0 ** (-self.bits * place))
            left -= high * 2.0 ** (self.bits * place)
            found.append(high.astype(np.int64))
        return [*found, np.rint(left, out=left).astype(np.int64)]

    def steps(self, limbs: Sequence[np.ndarray]) -> np.ndarray:
        """Sums of limbs as numbers of steps, for comparing: the same for the same sum."""
        if self.limbs > 2 or (self.limbs > 1 and any(map(_is_long, limbs))):
            limbs = self._carried(limbs)
        total = limbs[0].astype(np.float64)
        for limb in limbs[1:]:
            total *= 2.0**self.bits
            total += limb
        return total

    def _carried(self, limbs: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The same sums with all limbs but the highest from 0 and within their bits."""
        found = list(limbs)
        for place in range(len(found) - 1, 0, -1):
            carried = found[place] >> self.bits
            found[place] = found[place] - (carried << self.bits)
            found[place - 1] = found[place - 1] + carried
        return found

    def numbers(self, limbs: Sequence[np.ndarray]) -> pl.Series:
        """Sums of limbs as numbers again: rounded once."""
        names = [f"limb {place}" for place in range(self.limbs)]
        held = pl.DataFrame(dict(zip(names, limbs, strict=True)))
        total = pl.lit(0, dtype=pl.Int128)
        for name in names:
            total = total * pl.lit(2**self.bits, dtype=pl.Int128) + pl.col(name).cast(pl.Int128)
        return held.select(total.cast(pl.Float64) / self.scale).to_series()


def _is_long(limb: np.ndarray) -> bool:
    """Whether some are no longer exact as a double."""
    return bool(len(limb)) and bool(limb.max() > _EXACT or limb.min() < -_EXACT)
