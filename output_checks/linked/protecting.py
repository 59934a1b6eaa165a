"""Protect several outputs together: what one withholds, no other gives away."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from output_checks.errors import ProtectionError
from output_checks.given import refuse_other, shown
from output_checks.grid import Grid, Protection
from output_checks.linked.check import (
    Tables,
    check_together,
    of_one_dataset,
    outputs_of,
    policy_for,
)
from output_checks.linked.comparison import Comparison
from output_checks.linked.pattern import COARSEN, Pattern
from output_checks.linked.system import TooLargeError
from output_checks.linked.views import PEOPLE, Output, View
from output_checks.policy import Policy
from output_checks.protect import MOST
from output_checks.protect.attackers import attacks_on
from output_checks.protect.in_several import further_cells
from output_checks.protect.optimal import cheapest_pattern
from output_checks.protect.pattern import Task
from output_checks.protect.structure import structure_of
from output_checks.protect.suppression import audited, failing
from output_checks.table import Table
from output_checks.words import Verdict

_STEPS_FOR_THE_BOUND = 5e6
_TOLERANCE = 1e-6


def protect_together(
    tables: Tables,
    policy: Policy | str | None = None,
    *,
    released: Tables = (),
    reviews: bool = False,
    base: int | None = None,
) -> tuple[Table, ...]:
    """Withhold cells of several outputs so that all of them together tell none of them.

    tables: not protected yet. released: outputs that are out already; what they show is known and
    cannot be withheld. policy: None takes the strictest of the tables' own. reviews: also
    withhold what a person would have to look at. base: round the counts that are left; None takes
    the policy's. Returns the tables in their order, each with its proof.
    The same people are withheld wherever they are shown. The pattern is safe; how far its cost may
    be above the least is the gap to what each output would have to withhold alone.
    Raises ProtectionError where that cannot be done, or where the set is too large.
    """
    refuse_other("reviews", reviews, bool, "true or false", ProtectionError)
    if base is not None and (type(base) is not int or not 1 <= base <= MOST):
        raise ProtectionError(
            f"base must be a whole number from 1 to {MOST:,}, or None, not {shown(base)}"
        )
    outputs = outputs_of(tables, released)
    chosen = policy_for(outputs, policy)
    options = {"reviews": reviews, "base": chosen.rounding_base if base is None else base}
    done: dict[str, Table] = {}
    for some in of_one_dataset(outputs):
        new = [one for one in some if not one.released]
        _refuse_protected(new)
        comparison = Comparison(some)
        if comparison.strange:
            names = ", ".join(f"“{name}”" for name in comparison.strange)
            raise ProtectionError(f"the data do not have the people that {names} shows")
        try:
            done |= _protected(comparison, new, chosen, options)
        except TooLargeError as error:
            raise ProtectionError(f"too large to protect together: {error}. {COARSEN}") from error
    result = [done[one.name] for one in outputs if not one.released]
    _refuse_unsafe(
        {one.name: done[one.name] for one in outputs if not one.released}, chosen, released
    )
    return tuple(result)


def _refuse_protected(new: Sequence[Output]) -> None:
    for one in new:
        if one.table.grid.protection is not None:
            raise ProtectionError(
                f"“{one.name}” is protected already; start from the table as it was before that"
            )


def _refuse_unsafe(done: Mapping[str, Table], policy: Policy, released: Tables) -> None:
    report = check_together(done, policy, released=released)
    left = [one for one in report.findings if one.severity is Verdict.FAIL]
    if left:
        raise ProtectionError(
            f"what is withheld can still be worked out: {left[0].message} {COARSEN}"
        )


def _protected(
    comparison: Comparison, new: Sequence[Output], policy: Policy, options: Mapping[str, object]
) -> dict[str, Table]:
    pattern = Pattern(comparison, policy.threshold)
    primary = {one.name: _failing(one, policy, reviews=bool(options["reviews"])) for one in new}
    for one in new:
        pattern.hide(one.name, primary[one.name])
    while pattern.grow() or any(_own(one, pattern, policy) for one in new):
        pass
    return {
        one.name: _table(one, comparison, pattern, primary[one.name], policy, options)
        for one in new
    }


def _failing(output: Output, policy: Policy, *, reviews: bool) -> np.ndarray:
    return np.any([failing(one, policy, reviews=reviews) for one in output.table.plains], axis=0)


def _own(output: Output, pattern: Pattern, policy: Policy) -> bool:
    """Withhold what an output needs by itself; whether that was anything."""
    hidden = pattern.hidden[output.name]
    structure = structure_of(output.table.plains[0])
    task = _task(output, pattern, policy, hidden)
    if task.is_safe(task.primary):
        more = further_cells(output.table.plains[0], hidden, task.attacks[0].small)
        more &= pattern.allowed[output.name]
        pattern.hide(output.name, more)
        return bool(more.any())
    found = cheapest_pattern(task)
    if found is None:
        raise ProtectionError(f"no choice of withheld cells makes “{output.name}” safe. {COARSEN}")
    more = structure.to_grid(found.withheld) & ~hidden
    pattern.hide(output.name, more)
    return bool(more.any())


def _task(output: Output, pattern: Pattern, policy: Policy, primary: np.ndarray) -> Task:
    """What an output asks for by itself, when these of its cells must be withheld."""
    grids = output.table.plains
    structure = structure_of(grids[0])
    must = structure.from_grid(primary)
    people = grids[0].frame["units"].to_numpy() + 1.0
    return Task(
        attacks=attacks_on(grids, structure, policy.threshold, must),
        primary=must,
        allowed=structure.from_grid(pattern.allowed[output.name]),
        cost=structure.from_grid(people) * np.where(structure.margin, 10.0, 1.0),
    )


def _compared(protection: Protection, task: Task, hidden: np.ndarray) -> Protection:
    """Note what the withheld cells cost, and what no pattern costs less than.

    Whatever is safe together is safe by itself: what an output must withhold at least when it is
    alone it must withhold beside the others too.
    """
    alone = cheapest_pattern(task, _STEPS_FOR_THE_BOUND)
    bound = 0.0 if alone is None else alone.bound
    cost = task.cost_of(hidden)
    is_best = cost <= bound + _TOLERANCE
    return replace(protection, cost=cost, bound=min(bound, cost), optimal=is_best)


def _table(
    output: Output,
    comparison: Comparison,
    pattern: Pattern,
    primary: np.ndarray,
    policy: Policy,
    options: Mapping[str, object],
) -> Table:
    """The output with its pattern, its proof against all outputs, and how to make it again."""
    table, hidden = output.table, pattern.hidden[output.name]
    if hidden.all():
        raise ProtectionError(f"every cell of “{output.name}” would have to be withheld. {COARSEN}")
    structure = structure_of(table.plains[0])
    also = [json.dumps(table.grid.place(int(cell))) for cell in np.flatnonzero(hidden & ~primary)]
    others = [one.name for one in pattern.outputs if one.name != output.name]
    task = _task(output, pattern, policy, primary)
    protection = Protection(
        method="suppress",
        options={**options, "also": also},
        primary=int(primary.sum()),
        complementary=len(also),
        notes=(
            f"{hidden.sum()} of {table.grid.size} cells are withheld.",
            f"Protected together with {', '.join(f'“{name}”' for name in others) or 'no other'}; "
            "the gap is to what it would have to withhold alone.",
        ),
    )
    protection = _compared(protection, task, structure.from_grid(hidden))
    withheld, first = structure.from_grid(hidden), structure.from_grid(primary)
    attacks = attacks_on(table.plains, structure, policy.threshold, first)
    grids = audited(table.plains, withheld, first, attacks, protection)
    views = [one for one in comparison.views if one.output is output]
    return replace(
        table,
        policy=policy,
        grids=tuple(_narrowed(grid, views, pattern) for grid in grids),
        declaration=replace(
            table.declaration,
            policy=policy.name,
            protection={"method": "suppress", **options, "also": also},
        ),
    )


def _narrowed(grid: Grid, views: Sequence[View], pattern: Pattern) -> Grid:
    """The intervals of a reader of all outputs, where they are narrower than those of one."""
    truth = grid.frame[grid.counts].fill_null(0).to_numpy()
    view = next(
        one
        for one in views
        if (one.quantity == PEOPLE) == (grid.counts == "units") and np.array_equal(one.truth, truth)
    )
    low, high = pattern.spans(view)
    names = ["people_lower", "people_upper"]
    if grid.is_whole:
        names += ["lower", "upper"]
    narrowed: dict[str, Any] = {}
    for name in names:
        side = low if name.endswith("lower") else high
        joint = pl.Series(np.where(np.isfinite(side), side, np.nan), dtype=pl.Float64)
        own = grid.frame[name]
        picked = pl.max_horizontal if name.endswith("lower") else pl.min_horizontal
        narrowed[name] = pl.select(picked(own, joint.fill_nan(None))).to_series()
    return grid.with_columns(None, **narrowed)
