"""Population uniques: how many of the people unique in an extract are so among everybody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl

from tre.safe_data.deidentify.special_uniques import coded

MOST_CELLS = 500_000
_ROUNDS, _CLOSE = 40, 0.001
_SOURCE = "Skinner and Shlomo (2008), JASA 103, 989-1001"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Sample uniques that are expected to be unique in the population too."""

    method: str
    source: str
    uniques: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationUniques:
    """people: in the population. fraction: of them in the extract, 0 to 1.

    true: sample uniques that nobody else in the population looks like; None where the population
    is not given. absent: sample uniques whom nobody in the population looks like at all, because
    a register has a value of theirs wrong.
    """

    people: int
    fraction: float
    estimates: tuple[Estimate, ...]
    true: int | None
    absent: int | None


def population_uniques(
    frame: pl.DataFrame, variables: Sequence[str], population: pl.DataFrame | int
) -> PopulationUniques:
    """Estimates from the extract alone and the size of the population, and the truth beside them.

    population: everybody, with the same variables, treated alike; or how many they are.
    """
    everybody = population if isinstance(population, int) else len(population)
    fraction = min(1.0, len(frame) / everybody)
    true, absent = (
        (None, None) if isinstance(population, int) else _true(frame, variables, population)
    )
    return PopulationUniques(
        people=everybody,
        fraction=fraction,
        estimates=_estimates(frame, variables, fraction),
        true=true,
        absent=absent,
    )


def _true(
    frame: pl.DataFrame, variables: Sequence[str], population: pl.DataFrame
) -> tuple[int, int]:
    alone = frame.select(variables).filter(pl.struct(variables).is_unique())
    counted = population.group_by(variables).len("_people")
    there = alone.join(counted, on=list(variables), how="left", nulls_equal=True)["_people"]
    return int((there == 1).sum()), there.null_count()


def _estimates(
    frame: pl.DataFrame, variables: Sequence[str], fraction: float
) -> tuple[Estimate, ...]:
    """From a log-linear model of the classes: the main effects, and all pairs where that is small.

    In a class of which mu people are expected in the extract, mu (1 - f) / f more are expected
    outside of it (f is the fraction), and nobody is there with probability exp of minus that.
    Source: Skinner and Shlomo (2008). They find that main effects alone give too many, and a model
    with too many terms too few.
    """
    codes = [coded(frame[name]) for name in variables]
    unique = frame.select(pl.struct(variables).is_unique()).to_series().to_numpy()
    fits = {"log-linear, main effects": _main_effects}
    cells = float(np.prod([float(code.max()) + 1 for code in codes]))
    if len(variables) > 2 and cells <= MOST_CELLS:
        fits["log-linear, all pairs of variables"] = _all_pairs
    return tuple(
        Estimate(method=method, source=_SOURCE, uniques=_expected(fit, codes, unique, fraction))
        for method, fit in fits.items()
    )


def _expected(
    fit: Callable[[list[np.ndarray]], np.ndarray],
    codes: list[np.ndarray],
    unique: np.ndarray,
    fraction: float,
) -> float:
    outside = fit(codes)[unique] * (1 - fraction) / fraction
    return float(np.exp(-outside).sum())


def _main_effects(codes: list[np.ndarray]) -> np.ndarray:
    """Expected people in each person's class if all variables were independent."""
    people = len(codes[0])
    expected = np.full(people, float(people))
    for code in codes:
        expected *= np.bincount(code)[code] / people
    return expected


def _all_pairs(codes: list[np.ndarray]) -> np.ndarray:
    """The same if only pairs of variables depend on each other, by iterative fitting."""
    shape = tuple(int(code.max()) + 1 for code in codes)
    cells = np.ravel_multi_index(codes, shape)
    seen = np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape).astype(float)
    axes = set(range(len(shape)))
    others = [tuple(axes - set(pair)) for pair in combinations(range(len(shape)), 2)]
    wanted = [seen.sum(axis=away, keepdims=True) for away in others]
    fitted = np.full(shape, seen.sum() / seen.size)
    for _ in range(_ROUNDS):
        if _fit_once(fitted, others, wanted) < _CLOSE:
            break
    return fitted.reshape(-1)[cells]


def _fit_once(fitted: np.ndarray, others: list[tuple[int, ...]], wanted: list[np.ndarray]) -> float:
    """Scale to every pair's counts in turn; the largest change of a factor from 1."""
    worst = 0.0
    for away, target in zip(others, wanted, strict=True):
        have = fitted.sum(axis=away, keepdims=True)
        factor = np.divide(target, have, out=np.zeros_like(target), where=have > 0)
        worst = max(worst, float(np.abs(factor[target > 0] - 1).max(initial=0)))
        fitted *= factor
    return worst
