"""What a mean, a share or a ratio is worked out of: a numerator and a denominator, and their bases.

Weighted figures have weighted parts: the weights of those who are counted, and of all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from output_checks.declaration import Declaration
from output_checks.errors import ProtectionError
from output_checks.grid import Grid
from output_checks.statistics import SCALED, Kind

_STEPS = (1.0, 2.0, 5.0, 10.0)
_SAME = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Bases:
    """What the parts of a table's figures are rounded to.

    counts: for counts of people and records. amounts: for sums of the variable. weights: for
    weighted counts, shown or divided by. digits: significant figures. A ratio's denominator has
    a base that goes with its size (`per_base`).
    """

    counts: int
    amounts: float
    weights: float
    digits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A numerator or denominator of every cell. is_count: of people or records, as counts are."""

    exact: np.ndarray
    base: float
    is_count: bool = False

    def shown(self, rounding: Callable[[np.ndarray], np.ndarray] | None = None) -> np.ndarray:
        """Rounded, by `rounding` where it is a count; to the nearest multiple otherwise."""
        if self.is_count and rounding is not None:
            return rounding(self.exact)
        return to_nearest(self.exact, self.base)


def to_nearest(amounts: np.ndarray, base: float) -> np.ndarray:
    """Amounts rounded to the nearest multiple of a base, halves up."""
    # Half a multiple of a base such as 0.1 is not quite one in binary.
    steps = np.floor(amounts / base + 0.5 + _SAME)
    return np.asarray(steps * base + 0.0)


def has_parts(grid: Grid) -> bool:
    """Whether a figure is one part over another."""
    return grid.kind in SCALED | {Kind.MEAN}


def parts_of(grid: Grid, bases: Bases, declaration: Declaration) -> tuple[Part, Part] | None:
    """The numerator and denominator of each cell; None of what has none, such as a median.

    Raises ProtectionError for a ratio whose denominator has amounts of both signs.
    """
    if not has_parts(grid):
        return None
    if grid.kind is Kind.PROPORTION:
        return _of_share(grid, bases, declaration)
    sums = Part(exact=_floats(grid, "sum"), base=bases.amounts)
    if grid.kind is Kind.RATIO:
        per = _denominators(grid, declaration.times)
        return sums, Part(exact=per, base=per_base(grid, bases))
    records = _floats(grid, "records_with_value")
    if grid.weight is None:
        return sums, Part(exact=records, base=bases.counts, is_count=True)
    return sums, Part(exact=_weights_of_records(grid, records), base=bases.weights)


def _of_share(grid: Grid, bases: Bases, declaration: Declaration) -> tuple[Part, Part]:
    if grid.weight is None:
        above, below = (_floats(grid, f"{one}_units") for one in ("numerator", "denominator"))
        return (
            Part(exact=above, base=bases.counts, is_count=True),
            Part(exact=below, base=bases.counts, is_count=True),
        )
    weights = _floats(grid, "weight")
    if grid.of is None:
        above, below = weights, weights[wholes_of(grid, declaration)]
    else:
        shares = grid.frame["exact"].cast(float).fill_null(0.0).to_numpy() / declaration.times
        above, below = shares * weights, weights
    return Part(exact=above, base=bases.weights), Part(exact=below, base=bases.weights)


def wholes_of(grid: Grid, declaration: Declaration) -> np.ndarray:
    """For each cell the one whose people a share of people (`within`) is divided by."""
    numbers = np.arange(prod(grid.shape)).reshape(grid.shape)
    for axis, one in enumerate(grid.dimensions):
        if one.name not in (declaration.within or ()):
            last = numbers.take([-1], axis=axis)
            numbers = np.repeat(last, grid.shape[axis], axis=axis)
    return numbers.reshape(-1)


def _denominators(grid: Grid, times: float) -> np.ndarray:
    below, sums = _floats(grid, "per_total_absolute"), _floats(grid, "sum")
    exact = grid.frame["exact"].cast(float).fill_null(0.0).to_numpy()
    if not np.allclose(exact * below, times * sums, rtol=1e-6, atol=1e-9):
        raise ProtectionError(
            "a ratio is rounded by its numerator and denominator, and the denominator has amounts "
            "of both signs: use protect('suppress') without amounts"
        )
    return below


def _weights_of_records(grid: Grid, records: np.ndarray) -> np.ndarray:
    """What a weighted mean divides by, where its sum says so; its records otherwise."""
    sums = _floats(grid, "sum")
    means = grid.frame["exact"].cast(float).fill_null(0.0).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(means != 0, sums / means, records)


def per_base(grid: Grid, bases: Bases) -> float:
    """What a ratio's denominators are rounded to: as much as so many people usually have."""
    below = _floats(grid, "per_total_absolute")
    usual_per = _usual_of(below.max(initial=0.0), _floats(grid, "denominator_units").max())
    return bases.counts * nice(usual_per)


def usual(grid: Grid, least: int) -> float:
    """What somebody contributes who contributes anything, in the table's largest cell.

    least: of a weighted sum of codes for yes and no, which is a weighted count, see `usual_weight`.
    """
    if grid.is_whole:
        return 1.0
    having = _floats(grid, "negative") + _floats(grid, "positive")
    total = _floats(grid, "total_absolute")
    if is_weighted_code(grid):
        return _most_usual(total, having, least)
    at = int(np.argmax(having))
    return nice(_usual_of(total[at], having[at]))


def is_weighted_code(grid: Grid) -> bool:
    """Whether it is a weighted sum or mean of a variable with just two values."""
    is_known = grid.frame["numerator_units"].null_count() < grid.size
    return grid.weight is not None and grid.kind in {Kind.SUM, Kind.MEAN} and is_known


def usual_weight(weighted: Sequence[Grid], least: int) -> float:
    """The most that people weigh on average in any cell of at least so many of them.

    Where people of one group weigh more than others, a base for the usual weight of all would
    leave their number open by fewer than so many. least: smaller cells are found for their few
    people, and do not count here.
    """
    return max(
        (
            _most_usual(_floats(one, "weight"), _floats(one, "weighing_units"), least)
            for one in weighted
        ),
        default=1.0,
    )


def _most_usual(totals: np.ndarray, people: np.ndarray, least: int) -> float:
    some = people >= max(min(least, people.max(initial=0.0)), 1.0)
    if not some.any():
        return 1.0
    return nice(float((totals[some] / people[some]).max()) or 1.0)


def _usual_of(total: float, contributors: float) -> float:
    return float(total / contributors) if contributors > 0 and total > 0 else 1.0


def nice(amount: float) -> float:
    """The next of 1, 2 and 5 times a power of ten that is no less."""
    power = 10.0 ** np.floor(np.log10(amount))
    step = next(one for one in _STEPS if amount <= one * power * (1 + _SAME))
    return float(f"{step * power:.1g}")


def _floats(grid: Grid, column: str) -> np.ndarray:
    return grid.frame[column].fill_null(0).to_numpy().astype(float)
