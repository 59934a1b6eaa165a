"""Medians and percentiles in several outputs that together are a list of people's values.

Within one output the rule `positions` finds that; here it is asked of all outputs of the same
people and values, as if they stood in one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np

from output_checks.grid import Grid
from output_checks.linked.amounts import Amount, amounts_of
from output_checks.linked.report import LinkedFinding
from output_checks.linked.views import Output
from output_checks.linked.wording import cell_text
from output_checks.policy import Policy
from output_checks.rules.cells import numbers, shown
from output_checks.rules.positions import are_close, people_between
from output_checks.statistics import Kind
from output_checks.words import Verdict

_MOST_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Place:
    """A position of one cell; having: people of the cell with a value."""

    output: Output
    grid: Grid
    cell: int
    having: float

    @property
    def share(self) -> float:
        return float(self.grid.facts.position or 0.0)


def close_positions(outputs: Sequence[Output], policy: Policy) -> Iterator[LinkedFinding]:
    """Find neighbouring positions of several outputs with too few people between them."""
    showing = [one for one in outputs if _inner(one)]
    if len(showing) < 2 or policy.positions is Verdict.PASS:
        return
    found: dict[tuple[str, str, str, str], list[tuple[_Place, _Place]]] = {}
    for places in _of_the_same(showing):
        for low, high in _neighbours(places):
            if are_close(people_between(low.share, high.share, low.having), policy):
                key = (low.output.name, high.output.name, low.grid.statistic, high.grid.statistic)
                found.setdefault(key, []).append((low, high))
    for pairs in found.values():
        yield _finding(pairs, policy)


def _inner(output: Output) -> list[Grid]:
    """Its medians and percentiles; noise hides what a position is of."""
    return [
        grid
        for grid in output.table.grids
        if grid.kind is Kind.POSITION
        and 0 < float(grid.facts.position or 0.0) < 1
        and grid.method != "noise"
    ]


def _of_the_same(outputs: Sequence[Output]) -> list[list[_Place]]:
    """Positions of the same people with values in the same order, each list by its share."""
    groups: dict[tuple[int, int, float], list[_Place]] = {}
    for amount in amounts_of(outputs):
        if amount.grid.kind is not Kind.POSITION:
            continue
        keys = [_fingerprint(amount, cell) for cell in range(amount.grid.size)]
        for grid in _inner(amount.output):
            having = numbers(grid, "units_with_value")
            for cell in np.flatnonzero(shown(grid) & (having > 0)).tolist():
                place = _Place(
                    output=amount.output, grid=grid, cell=cell, having=float(having[cell])
                )
                groups.setdefault((*keys[cell], place.having), []).append(place)
    return [sorted(some, key=lambda one: one.share) for some in groups.values()]


def _fingerprint(amount: Amount, cell: int) -> tuple[int, int]:
    """Hashes of a cell's people, and of the order that their values put them in."""
    first, last = amount.people.indptr[cell : cell + 2]
    who = amount.people.indices[first:last]
    values = np.zeros(len(who))
    first, last = amount.by.indptr[cell : cell + 2]
    values[np.searchsorted(who, amount.by.indices[first:last])] = amount.by.data[first:last]
    _, order = np.unique(values, return_inverse=True)
    return hash(who.tobytes()), hash(order.astype(np.int64).tobytes())


def _neighbours(places: Sequence[_Place]) -> Iterator[tuple[_Place, _Place]]:
    """Positions next to each other that no output shows alone and that are not all released."""
    each = [list(some) for _, some in groupby(places, key=lambda one: one.share)]
    for lower, higher in pairwise(each):
        names = [{one.output.name for one in some} for some in (lower, higher)]
        if not names[0] & names[1] and not all(one.output.released for one in (*lower, *higher)):
            yield lower[0], higher[0]


def _finding(pairs: Sequence[tuple[_Place, _Place]], policy: Policy) -> LinkedFinding:
    low, high = pairs[0]
    between = people_between(low.share, high.share, low.having)
    others = len(pairs) - 1
    more = f", and so in {others:,} more {'cell' if others == 1 else 'cells'}" if others else ""
    is_out = low.output.released or high.output.released
    return LinkedFinding(
        rule="differencing" if is_out else "linked_tables",
        severity=policy.positions,
        message=f"From the {low.grid.statistic} of "
        f"{cell_text(low.output.name, low.grid.place(low.cell))} to the {high.grid.statistic} of "
        f"{cell_text(high.output.name, high.grid.place(high.cell))} there are {between:,.1f} "
        f"people, who are the same in both{more}; the policy asks for at least "
        f"{policy.threshold}.",
        remedy="Release fewer percentiles of the same people, further apart; what is released "
        "cannot be changed.",
        cells=tuple(
            (one.output.name, one.grid.place(one.cell))
            for both in pairs[:_MOST_NAMED]
            for one in both
        ),
    )
