"""Sums as whole numbers, so that no result depends on the order of rows or of threads."""

from dataclasses import dataclass
from math import frexp

import polars as pl

_ROOM = 126
_SHORT_ROOM = 62
"""Bits of an absolute sum in 128 and 64 bits."""
_MOST_SCALE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """How the numbers of one column are summed: as whole numbers of steps of 1/scale.

    scale: a power of two, the finest with which no sum can overflow; 1 for whole numbers, whose
    sums are exact. Those of fractions are exact down to 2^-125 of rows times the greatest number.
    """

    scale: float
    has_fractions: bool
    dtype: pl.DataType

    @classmethod
    def of(cls, dtype: pl.DataType, greatest: float, rows: int) -> "Exact":
        """Choose for `rows` numbers whose absolute values are at most `greatest`."""
        bits = frexp(greatest)[1] + frexp(float(max(rows, 1)))[1]
        if dtype.is_float():
            finest = 2.0 ** min(_ROOM - bits, _MOST_SCALE)
            return cls(scale=finest, has_fractions=True, dtype=pl.Int128())
        dtype = pl.Int64() if bits < _SHORT_ROOM else pl.Int128()
        return cls(scale=1.0, has_fractions=False, dtype=dtype)

    def steps(self, number: pl.Expr) -> pl.Expr:
        """The number in steps, null where it is missing."""
        if self.has_fractions:
            return (number * self.scale).round().cast(self.dtype)
        return number.cast(self.dtype)

    def number(self, steps: pl.Expr) -> pl.Expr:
        """The number again, rounded once."""
        return steps.cast(pl.Float64) / self.scale
