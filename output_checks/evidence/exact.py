"""Sums that no order of rows can change: numbers cut into whole numbers that add up exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import frexp

import numpy as np
import polars as pl

BITS = 35
"""Of one limb: as many as can be added up `AT_ONCE` times in a double, without rounding."""
AT_ONCE = 1 << 18
_LIMB = float(1 << BITS)
_WHOLE = 53
_FRACTION_BITS = 92
"""Of three limbs; so few that more than 10^10 such numbers add up to a whole number of 128 bits."""
_MOST_EXPONENT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """How the numbers of one column are cut: into steps of 1/scale, and these into limbs.

    scale: a power of two. Whole numbers are exact; of fractions everything down to 2^-92 of the
    greatest number, beyond which they are rounded once. Limbs stand with the highest first.
    """

    scale: float
    limbs: int

    @classmethod
    def of(cls, greatest: float, *, are_whole: bool) -> "Exact":
        """Choose for numbers whose absolute values are at most `greatest`."""
        bits = frexp(greatest)[1]
        if are_whole and bits <= _WHOLE:
            return cls(scale=1.0, limbs=1 if bits <= BITS else 2)
        return cls(scale=2.0 ** min(_FRACTION_BITS - bits, _MOST_EXPONENT), limbs=3)

    def cut(self, numbers: np.ndarray) -> list[np.ndarray]:
        """The limbs of numbers, none of them missing; more than AT_ONCE as whole numbers."""
        left = numbers * self.scale
        found = []
        for place in range(self.limbs - 1, 0, -1):
            size = _LIMB**place
            high = np.trunc(left / size)
            left = left - high * size
            found.append(high)
        found.append(np.rint(left))
        return found if len(numbers) <= AT_ONCE else [limb.astype(np.int64) for limb in found]

    def steps(self, limbs: Sequence[np.ndarray]) -> np.ndarray:
        """Sums of limbs as numbers of steps, for comparing; exact up to 2^53 of them."""
        total = limbs[0]
        for limb in limbs[1:]:
            total = total * _LIMB + limb
        return total

    def numbers(self, limbs: Sequence[np.ndarray]) -> pl.Series:
        """Sums of limbs, held as whole numbers, as numbers again: rounded once."""
        names = [f"limb {place}" for place in range(self.limbs)]
        held = pl.DataFrame(dict(zip(names, limbs, strict=True)))
        total = pl.lit(0, dtype=pl.Int128)
        for name in names:
            total = total * pl.lit(2**BITS, dtype=pl.Int128) + pl.col(name).cast(pl.Int128)
        return held.select(total.cast(pl.Float64) / self.scale).to_series()
