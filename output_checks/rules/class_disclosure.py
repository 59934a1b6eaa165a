"""A row or column that is (nearly) all in one category tells what each of its people is.

Source: SDC handbook, group disclosure; SRS guidance on class disclosure; Eurostat 90 %.
"""

from collections.abc import Iterator

import numpy as np

from output_checks.finding import Finding
from output_checks.grid import Dimension, Grid
from output_checks.policy import Policy
from output_checks.statistics import STATISTICS
from output_checks.words import Verdict, label_text, share_text


def class_disclosure(grid: Grid, policy: Policy) -> Iterator[Finding]:
    """Find the cells that hold (nearly) everybody along one dimension, margins included.

    100 % can be read off any statistic, since the other cells are empty; a lesser share only
    off counts. A category is not judged where it is the only one that can have people.
    """
    if grid.method == "noise":
        return
    for axis, dimension in enumerate(grid.dimensions):
        if len(dimension.labels) > 1:
            yield from _along(grid, policy, axis, dimension)


def _along(grid: Grid, policy: Policy, axis: int, dimension: Dimension) -> Iterator[Finding]:
    people, known = _as_read(grid)
    possible = ~grid.column("structural_zero")
    inner = _inner(people, axis, dimension)
    if grid.margins:
        totals = people.take(-1, axis=axis)
        readable = known.take(-1, axis=axis) | _inner(known, axis, dimension).all(axis=axis)
    else:
        totals = inner.sum(axis=axis)
        readable = known.all(axis=axis)
    choice = _inner(possible, axis, dimension).sum(axis=axis) > 1
    judged = np.expand_dims(readable & choice & (totals > 0), axis) & _inner(known, axis, dimension)
    shares = 100 * inner / np.maximum(np.expand_dims(totals, axis), 1)
    numbers = _inner(np.arange(grid.size).reshape(grid.shape), axis, dimension)
    for place in np.argwhere(judged & (shares >= _least(grid, policy))):
        share = float(shares[tuple(place)])
        cell = int(numbers[tuple(place)])
        yield _finding(grid, cell, share, dimension, policy)


def _inner(values: np.ndarray, axis: int, dimension: Dimension) -> np.ndarray:
    return values.take(np.arange(len(dimension.labels)), axis=axis)


def _as_read(grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Counts as a reader sees them (rounded where they are), and which are not withheld."""
    source = "value" if grid.method == "round" else grid.counts
    people = grid.frame[source].fill_null(0).to_numpy().reshape(grid.shape).astype(float)
    return people, ~grid.column("withheld")


def _least(grid: Grid, policy: Policy) -> float:
    lowest = min(policy.class_disclosure_review, policy.class_disclosure_fail)
    return lowest if STATISTICS[grid.statistic].shows_counts else max(100.0, lowest)


def _finding(grid: Grid, cell: int, share: float, dimension: Dimension, policy: Policy) -> Finding:
    place = grid.place(cell)
    fails = share >= policy.class_disclosure_fail and grid.method != "round"
    others = [name for name in place if name != dimension.name]
    where = ", ".join(f"{name} = {label_text(place[name])}" for name in others) or "the table"
    return Finding(
        rule="class_disclosure",
        severity=Verdict.FAIL if fails else Verdict.REVIEW,
        cells=(place,),
        message=(
            f"{'All' if share >= 100 else share_text(share)} of the people in {where} have "
            f"{dimension.name} = {label_text(place[dimension.name])}."
        ),
        remedy=f'Merge categories of "{dimension.name}", or withhold the cell.',
    )
