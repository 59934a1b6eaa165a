"""Differentially private statistics, by diffprivlib, within a budget that somebody else keeps.

What one person can change, as the noise is drawn for it (two tables that differ by one person):
counts by 1, sums by the greater of |lower| and |upper|, a mean's parts by 1 and by half of
upper - lower, a quantile's ranks by 1; times the number of cells that a person may be in.
Sources: Dwork & Roth (2014); Ghosh, Roughgarden & Sundararajan (2009) for counts; Smith (2011)
for quantiles; Mironov (2012) for why amounts are counted in whole steps.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log2
from typing import Any

import numpy as np
import polars as pl

from output_checks.errors import ProtectionError
from output_checks.given import shown
from output_checks.grid import Grid, Protection
from output_checks.protect.accounting import ask_budget as ask_budget  # noqa: PLC0414
from output_checks.protect.accounting import paying
from output_checks.protect.contributions import (
    PERSON,
    PLACE,
    added_up,
    covering,
    inner_shape,
    people,
)
from output_checks.protect.private_categories import PUBLIC
from output_checks.protect.quantile import noisy_quantile
from output_checks.protect.subject import Subject
from output_checks.statistics import Kind

_FINE, _COARSE = 30, 12
"""Amounts are added up in 2**-30 of their bound, and noise is drawn in 2**-12 of it."""
_GREATEST, _NEAREST = 1e100, 1e-100
"""What a bound is at most, and how far it is from the other at least."""
_LEAST_RATE = 1e-12
"""epsilon by what a person can change, at least: noise is then in whole numbers that add up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Query:
    """One statistic's share of what is asked.

    epsilon: for this statistic. most: in how many inner cells a person may be. bounds: of what a
    person contributes to a cell.
    """

    grid: Grid
    persons: pl.DataFrame
    epsilon: float
    most: int
    bounds: tuple[float, float]
    random_state: Any

    def noisy(self, exact: np.ndarray, epsilon: float, sensitivity: int) -> np.ndarray:
        """Whole numbers with geometric noise, each drawn by itself; structural zeros stay 0."""
        from diffprivlib.mechanisms import Geometric  # noqa: PLC0415 - slow to import

        if epsilon / sensitivity < _LEAST_RATE:
            raise ProtectionError(
                f"epsilon {self.epsilon:g} is too little for this table: nothing would be left of "
                "its values; give more, or let people be in fewer cells (cells_per_person)"
            )
        mechanism = Geometric(
            epsilon=epsilon, sensitivity=sensitivity, random_state=self.random_state
        )
        possible = ~inner_of(self.grid, "structural_zero")
        drawn = [
            mechanism.randomise(int(value)) if allowed else 0
            for value, allowed in zip(exact, possible, strict=True)
        ]
        return np.array(drawn, dtype=np.int64)


def add_noise(subject: Subject, options: Mapping[str, Any]) -> tuple[Grid, ...]:
    """Replace every value by one with noise, and enter the spend.

    options: `epsilon` for the whole table, shared evenly by its statistics; `accountant`, a
    PrivacyBudget or a diffprivlib BudgetAccountant; `categories`, {dimension: its labels} or
    "public", see `with_known_categories`; `bounds`, (lower, upper) between which each
    person's contribution to a cell is brought: their sum for a sum, the mean of their records
    for a mean or quantile; `cells_per_person`, for people in several cells: each is counted in
    that many of theirs, by chance (1 where it is not said and there is a `where`);
    `random_state`, a seed for tests and dummy data: it is recorded, and the table fails.
    Totals and groups are added up from the noisy cells, but quantiles have noise of their own;
    those of a cell are put in their order, which tells nothing more of anybody.
    Negative counts are shown as 0.
    Raises BudgetSpentError before anything is computed, ProtectionError where a person is in
    several cells without `cells_per_person`, and for statistics that have no mechanism here.
    """
    mechanisms = [_mechanism(grid) for grid in subject.grids]
    bounds = _bounds(subject, options["bounds"])
    most = options["cells_per_person"]
    if subject.grids[0].overlaps and most is None:
        # Whether those that `where` chooses are in several cells would tell of them.
        options = {**options, "cells_per_person": most_chosen(subject.declaration.where)}
        most = options["cells_per_person"]
    purpose = f"{', '.join(subject.declaration.statistics)} by "
    purpose += ", ".join(subject.declaration.dimensions)
    with paying(options["accountant"], options["epsilon"], purpose):
        persons = _persons(subject, most, options["random_state"])
        share = float(options["epsilon"]) / len(subject.grids)
        values = [
            mechanism(
                _Query(
                    grid=grid,
                    persons=persons,
                    epsilon=share,
                    most=most or 1,
                    bounds=bounds or (0.0, 1.0),
                    random_state=options["random_state"],
                )
            )
            for grid, mechanism in zip(subject.grids, mechanisms, strict=True)
        ]
    protection = _said(options, bounds, subject.grids[0])
    return tuple(
        grid.with_columns(protection, value=_column(value))
        for grid, value in zip(subject.grids, _in_order(subject.grids, values), strict=True)
    )


def _in_order(grids: Sequence[Grid], values: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Quantiles of a cell that crossed by their noise, the lower one first again."""
    ordered = list(values)
    at = [place for place, grid in enumerate(grids) if grid.kind is Kind.POSITION]
    at.sort(key=lambda place: grids[place].facts.position or 0)
    if at:
        rising = np.sort([values[place] for place in at], axis=0)
        for place, one in zip(at, rising, strict=True):
            ordered[place] = one
    return ordered


def most_chosen(where: str | None) -> int:
    """In how many of their cells people are counted who are in several, where it is not said.

    Raises ProtectionError where nobody was chosen, so that it must be said.
    """
    if where:
        return 1
    raise ProtectionError(
        "people are in several cells, so that one person changes several of them; make a "
        "table with one cell per person (derive), or say in how many of theirs each "
        "is to be counted: cells_per_person=…"
    )


def _column(values: np.ndarray) -> pl.Series:
    """Values as a column; what nobody can have is no number and becomes null."""
    column = pl.Series(values.reshape(-1))
    return column.fill_nan(None) if column.dtype.is_float() else column


def _bounds(subject: Subject, bounds: Any) -> tuple[float, float] | None:
    if all(grid.kind is Kind.COUNT for grid in subject.grids):
        if bounds is not None:
            raise ProtectionError("counts need no bounds: everybody counts as one")
        return None
    if (
        not isinstance(bounds, tuple | list)
        or len(bounds) != 2
        or not all(
            isinstance(one, int | float)
            and not isinstance(one, bool)
            and -_GREATEST <= one <= _GREATEST
            for one in bounds
        )
        or not bounds[1] - bounds[0] >= _NEAREST
    ):
        raise ProtectionError(
            "noise on amounts needs what one person can contribute at least and at most, known "
            "without looking at the data: bounds=(lower, upper), rising, from "
            f"-{_GREATEST:g} to {_GREATEST:g}, not {shown(bounds)}"
        )
    return float(bounds[0]), float(bounds[1])


def _mechanism(grid: Grid) -> Callable[[_Query], np.ndarray]:
    if grid.weight is not None:
        raise ProtectionError("noise is for people who all count alike: make the table unweighted")
    if grid.kind is Kind.POSITION and not 0 < (grid.facts.position or 0) < 1:
        raise ProtectionError(
            f"a {grid.statistic} is one person's value; ask for a quantile such as p95 instead"
        )
    if grid.kind not in _MECHANISMS:
        raise ProtectionError(
            f"noise is for counts, sums, means and quantiles, not for a {grid.statistic}"
        )
    return _MECHANISMS[grid.kind]


def _persons(subject: Subject, most: int | None, random_state: Any) -> pl.DataFrame:
    """Each person's records in each cell taken together; in `most` cells, drawn by chance."""
    of = subject.declaration.of
    asked = []
    if of is not None:
        number = pl.col(of).cast(pl.Float64).fill_nan(None)
        asked = [number.sum().alias("sum"), number.mean().alias("mean")]
    found = people(subject, asked)
    if of is None:
        found = found.with_columns(sum=pl.lit(1.0), mean=pl.lit(1.0))
    if most is None:
        return found
    drawn = np.random.default_rng(random_state).permutation(found.height)
    return found[drawn].group_by(PERSON, maintain_order=True).head(most)


def _counts(query: _Query) -> np.ndarray:
    counted = _people_in(query, query.persons)
    noisy = query.noisy(counted, query.epsilon, query.most)
    return np.maximum(added_up(noisy, query.grid), 0)


def _sums(query: _Query) -> np.ndarray:
    noisy, step = _amounts(query, "sum", query.bounds, query.epsilon)
    return added_up(noisy, query.grid) * step


def _means(query: _Query) -> np.ndarray:
    """A noisy sum around the middle of the bounds, by a noisy number of people with a value."""
    lower, upper = query.bounds
    half = (upper - lower) / 2
    around = query.persons.with_columns(mean=pl.col("mean") - (lower + half))
    shifted = _with(query, around)
    noisy, step = _amounts(shifted, "mean", (-half, half), query.epsilon / 2)
    counted = _people_in(query, query.persons.filter(pl.col("mean").is_not_null()))
    counts = added_up(query.noisy(counted, query.epsilon / 2, query.most), query.grid)
    mean = added_up(noisy, query.grid) * step / np.maximum(counts, 1) + (lower + half)
    impossible = query.grid.column("structural_zero")
    return np.where(impossible, np.nan, np.clip(mean, lower, upper))


def _quantiles(query: _Query) -> np.ndarray:
    """Every cell, totals and groups too, has its part of epsilon: a person is in all of them."""
    grid = query.grid
    values = query.persons.filter(pl.col("mean").is_not_null())
    places = np.unravel_index(values[PLACE].to_numpy(), inner_shape(grid))
    axes = [covering(one, margins=grid.margins).toarray() for one in grid.dimensions]
    depth = int(np.prod([one.sum(axis=0).max() for one in axes]))
    epsilon = query.epsilon / (depth * query.most)
    amounts = values["mean"].to_numpy()
    impossible = grid.frame["structural_zero"].to_numpy()
    shown = np.full(grid.size, np.nan)
    for cell in np.flatnonzero(~impossible):
        where = np.unravel_index(cell, grid.shape)
        inside = np.ones(len(amounts), dtype=bool)
        for axis, at, place in zip(axes, where, places, strict=True):
            inside &= axis[at][place] > 0
        shown[cell] = noisy_quantile(
            amounts[inside],
            float(grid.facts.position or 0),
            query.bounds,
            epsilon,
            query.random_state,
        )
    return shown


_MECHANISMS: Mapping[Kind, Callable[[_Query], np.ndarray]] = {
    Kind.COUNT: _counts,
    Kind.SUM: _sums,
    Kind.MEAN: _means,
    Kind.POSITION: _quantiles,
}


def _amounts(
    query: _Query, column: str, bounds: tuple[float, float], epsilon: float
) -> tuple[np.ndarray, float]:
    """Noisy sums of clipped contributions in the inner cells, in whole steps, and the step.

    Added up exactly, so that no rounding of a computer's numbers gives anything away.
    """
    reach = max(abs(bounds[0]), abs(bounds[1]))
    step = 2.0 ** (ceil(log2(reach)) - _COARSE)
    fine = step / 2 ** (_FINE - _COARSE)
    given = query.persons.filter(pl.col(column).is_not_null())
    clipped = np.clip(given[column].to_numpy(), *bounds)
    sums = np.zeros(int(np.prod(inner_shape(query.grid))), dtype=np.int64)
    np.add.at(sums, given[PLACE].to_numpy(), np.rint(clipped / fine).astype(np.int64))
    half = 2 ** (_FINE - _COARSE - 1)
    in_steps = (sums + half) // (2 * half)
    return query.noisy(in_steps, epsilon, query.most * ceil(reach / step)), step


def _people_in(query: _Query, persons: pl.DataFrame) -> np.ndarray:
    size = int(np.prod(inner_shape(query.grid)))
    return np.bincount(persons[PLACE].to_numpy(), minlength=size)


def _with(query: _Query, persons: pl.DataFrame) -> _Query:
    return _Query(
        grid=query.grid,
        persons=persons,
        epsilon=query.epsilon,
        most=query.most,
        bounds=query.bounds,
        random_state=query.random_state,
    )


def inner_of(grid: Grid, column: str) -> np.ndarray:
    """A column of the inner cells, without groups and totals."""
    return grid.column(column)[tuple(slice(one) for one in inner_shape(grid))].reshape(-1)


def _said(options: Mapping[str, Any], bounds: tuple[float, float] | None, grid: Grid) -> Protection:
    epsilon = float(options["epsilon"])
    recorded: dict[str, Any] = {"epsilon": epsilon}
    notes = [f"All values have noise with epsilon {epsilon:g}."]
    if bounds is None:
        notes = [f"Counts have geometric noise with epsilon {epsilon:g}; 0 may stand for less."]
    else:
        recorded["bounds"] = list(bounds)
        notes.append(
            f"What a person contributes is brought between {bounds[0]:g} and {bounds[1]:g}; in "
            "means and quantiles everybody counts once, by the mean of their records."
        )
    if options["categories"] == PUBLIC:
        recorded["categories"] = PUBLIC
        notes.append("Which categories the data have was declared to be public: it has no noise.")
    else:
        recorded["categories"] = {
            one.name: list(one.texts[: len(one.labels)]) for one in grid.dimensions
        }
        notes.append("The categories were named without the data; people of others are left out.")
    if options["cells_per_person"] is not None:
        recorded["cells_per_person"] = options["cells_per_person"]
        notes.append(f"Nobody is counted in more than {options['cells_per_person']} cells.")
    if options["random_state"] is not None:
        recorded["random_state"] = options["random_state"]
        notes.append("The noise was drawn with a chosen seed: it can be drawn again and taken off.")
    return Protection(method="noise", options=recorded, notes=tuple(notes))
