"""Protect several outputs together: what one withholds, no other gives away."""

import json
from collections.abc import Callable, Mapping, Sequence
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
from output_checks.linked.pattern import COARSEN, Costs, Pattern
from output_checks.linked.system import TooLargeError
from output_checks.linked.views import PEOPLE, Output, View
from output_checks.policy import Policy
from output_checks.protect import MOST
from output_checks.protect.attackers import attacks_on
from output_checks.protect.by_bounds import ByBounds
from output_checks.protect.in_several import further_cells
from output_checks.protect.optimal import cheapest_pattern
from output_checks.protect.pattern import Task
from output_checks.protect.structure import structure_of
from output_checks.protect.subject import Subject
from output_checks.protect.suppression import audited, failing
from output_checks.protect.together import DOMINATED_TOGETHER, Together
from output_checks.table import Table
from output_checks.words import Verdict

_STEPS_FOR_THE_BOUND = 5e6
_TOLERANCE = 1e-6
_JOINED = (
    "Some cells of different outputs have the same people, and a reader is withstood who knows "
    "which; against one who does not, a cheaper choice of cells may do."
)
Progress = Callable[[str], None]


def protect_together(
    tables: Tables,
    policy: Policy | str | None = None,
    *,
    released: Tables = (),
    reviews: bool = False,
    base: int | None = None,
    progress: Progress | None = None,
) -> tuple[Table, ...]:
    """Withhold cells of several outputs so that all of them together tell none of them.

    tables: not protected yet. released: outputs that are out already; what they show is known and
    cannot be withheld. policy: None takes the strictest of the tables' own. reviews: also
    withhold what a person would have to look at. base: round the counts that are left; None takes
    the policy's. progress: told in a sentence what is being done. Returns the tables in their
    order, each with its proof.
    The same people are withheld wherever they are shown. Outputs of counts are protected as one
    table, with the sums of all of them, so that their gap is to the cheapest safe pattern of all;
    other statistics say how far they may be above what each would have to withhold alone. Asked is
    for patterns that leave the same margins and withstand who knows which cells of different
    outputs have the same people; a note says where there are any. Then
    all that a reader of everything can write down is searched, and what that tells is withheld
    too; where that is too large a review says what was not searched. Where no pattern is found,
    each output is protected by itself, if all of them together hold then.
    Raises ProtectionError where that cannot be done.
    """
    refuse_other("reviews", reviews, bool, "true or false", ProtectionError)
    if base is not None and (type(base) is not int or not 1 <= base <= MOST):
        raise ProtectionError(
            f"base must be a whole number from 1 to {MOST:,}, or None, not {shown(base)}"
        )
    if progress is not None and not callable(progress):
        raise ProtectionError(
            f"progress must be a function that takes a sentence, or None, not {shown(progress)}"
        )
    outputs = outputs_of(tables, released)
    chosen = policy_for(outputs, policy)
    options = {"reviews": reviews, "base": chosen.rounding_base if base is None else base}
    say = progress or _to_nobody
    done: dict[str, Table] = {}
    for some in of_one_dataset(outputs):
        new = [one for one in some if not one.released]
        _refuse_protected(new)
        say(f"comparing {len(some)} outputs")
        comparison = Comparison(some)
        _refuse_strange(comparison)
        try:
            found = _together(comparison, new, chosen, options, say)
            say("checking all outputs together")
            done |= _checked(found, chosen, released)
        except ProtectionError as error:
            say("protecting each output by itself")
            done |= _one_by_one(new, chosen, options, released, error)
    result = {one.name: done[one.name] for one in outputs if not one.released}
    return tuple(result.values())


def _to_nobody(_: str) -> None:
    """Where nobody asked how far it is."""


def _refuse_strange(comparison: Comparison) -> None:
    if comparison.strange:
        names = ", ".join(f"“{name}”" for name in comparison.strange)
        raise ProtectionError(f"the data do not have the people that {names} shows")


def _together(
    comparison: Comparison,
    new: Sequence[Output],
    policy: Policy,
    options: Mapping[str, object],
    say: Progress,
) -> dict[str, Table]:
    try:
        return _protected(comparison, new, policy, options, say)
    except TooLargeError as error:
        raise ProtectionError(f"too large to protect together: {error}. {COARSEN}") from error


def _one_by_one(
    new: Sequence[Output],
    policy: Policy,
    options: Mapping[str, object],
    released: Tables,
    error: ProtectionError,
) -> dict[str, Table]:
    """Each output protected by itself; raises the error again where these do not hold together."""
    try:
        done = {
            one.name: replace(one.table, policy=policy).protect("suppress", **options)
            for one in new
        }
        return _checked(done, policy, released)
    except ProtectionError:
        raise error from None


def _refuse_protected(new: Sequence[Output]) -> None:
    for one in new:
        if one.table.grid.protection is not None:
            raise ProtectionError(
                f"“{one.name}” is protected already; start from the table as it was before that"
            )


def _checked(done: Mapping[str, Table], policy: Policy, released: Tables) -> dict[str, Table]:
    """The outputs, with a word for a person where they could not be checked to the end.

    Raises ProtectionError where they are not safe together.
    """
    report = check_together(done, policy, released=released)
    left = [one for one in report.findings if one.severity is Verdict.FAIL]
    if left:
        raise ProtectionError(
            f"what is withheld can still be worked out: {left[0].message} {COARSEN}"
        )
    large = [one.message for one in report.findings if one.rule == "too_large"]
    if not large:
        return dict(done)
    return {name: _for_a_person(table, large[0]) for name, table in done.items()}


def _for_a_person(table: Table, why: str) -> Table:
    """The table with a word on what was not settled, where it has none."""
    grids = []
    for grid in table.grids:
        protection = grid.protection
        if protection is not None and not protection.unsettled:
            protection = replace(protection, unsettled=why)
        grids.append(grid.with_columns(protection))
    return replace(table, grids=tuple(grids))


def _protected(
    comparison: Comparison,
    new: Sequence[Output],
    policy: Policy,
    options: Mapping[str, object],
    say: Progress,
) -> dict[str, Table]:
    pattern = Pattern(comparison, policy.threshold)
    primary = {one.name: _failing(one, policy, reviews=bool(options["reviews"])) for one in new}
    for one in new:
        pattern.hide(one.name, primary[one.name])
    say("searching for the cheapest pattern of all outputs of counts")
    found = pattern.as_one_table(primary)
    say("searching what a reader of all outputs can work out")
    while pattern.grow() or any(_own(one, pattern, policy) for one in new):
        pass
    costs = pattern.costs(found, primary)
    say("working out what is left open")
    return {
        one.name: _table(one, comparison, pattern, (primary[one.name], costs), policy, options)
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
        more |= _together_too_much(output, pattern, policy)
        more |= _told_by_bounds(output, pattern, policy, task)
        pattern.hide(output.name, more)
        return bool(more.any())
    found = cheapest_pattern(task)
    if found is None:
        raise ProtectionError(f"no choice of withheld cells makes “{output.name}” safe. {COARSEN}")
    more = structure.to_grid(found.withheld) & ~hidden
    pattern.hide(output.name, more)
    return bool(more.any())


def _told_by_bounds(output: Output, pattern: Pattern, policy: Policy, task: Task) -> np.ndarray:
    """The cells to withhold against who knows that totals bound their parts."""
    grids, hidden = output.table.plains, pattern.hidden[output.name]
    structure = structure_of(grids[0])
    by_bounds = ByBounds(
        grids=grids, structure=structure, policy=policy, allowed=task.allowed, cost=task.cost
    )
    must = structure.from_grid(hidden)
    return structure.to_grid(by_bounds.further_cells(task.attacks, must, must))


def _together_too_much(output: Output, pattern: Pattern, policy: Policy) -> np.ndarray:
    """The cells to withhold so that the withheld sums of no line are dominated together.

    Raises ProtectionError where none can be withheld and one is.
    """
    table, hidden = output.table, pattern.hidden[output.name]
    subject = Subject(
        grids=table.plains, policy=policy, declaration=table.declaration, source=table.source
    )
    together = Together(subject)
    more = together.further_cells(hidden, pattern.allowed[output.name])
    if not more.any() and together.failing(hidden):
        raise ProtectionError(f"“{output.name}”: {DOMINATED_TOGETHER} {COARSEN}")
    return more


def _task(output: Output, pattern: Pattern, policy: Policy, primary: np.ndarray) -> Task:
    """What an output asks for by itself, when these of its cells must be withheld."""
    grids = output.table.plains
    structure = structure_of(grids[0])
    must = structure.from_grid(primary)
    people = grids[0].frame["units"].to_numpy() + 1.0
    return Task(
        attacks=attacks_on(grids, structure, policy, must),
        primary=must,
        allowed=structure.from_grid(pattern.allowed[output.name]),
        cost=structure.from_grid(people) * np.where(structure.margin, 10.0, 1.0),
    )


def _compared(
    protection: Protection, task: Task, hidden: np.ndarray, costs: Costs | None
) -> Protection:
    """Note what the withheld cells cost, and what no pattern costs less than.

    costs: of all outputs as one table, where the output is one of them. Otherwise: whatever is
    safe together is safe by itself: what an output must withhold at least when it is alone it
    must withhold beside the others too.
    """
    if costs is None:
        alone = cheapest_pattern(task, _STEPS_FOR_THE_BOUND)
        costs = Costs(cost=task.cost_of(hidden), bound=0.0 if alone is None else alone.bound)
    cost = float(costs.cost)  # numpy's own make comparisons that JSON does not know
    bound = float(min(costs.bound, cost))
    return replace(protection, cost=cost, bound=bound, optimal=cost <= bound + _TOLERANCE)


def _table(
    output: Output,
    comparison: Comparison,
    pattern: Pattern,
    known: tuple[np.ndarray, Costs | None],
    policy: Policy,
    options: Mapping[str, object],
) -> Table:
    """The output with its pattern, its proof against all outputs, and how to make it again.

    known: its primary cells, and what all outputs cost as one table.
    """
    table, hidden = output.table, pattern.hidden[output.name]
    primary, costs = known
    costs = costs if pattern.is_in_union(output.name) else None
    if hidden.all():
        raise ProtectionError(f"every cell of “{output.name}” would have to be withheld. {COARSEN}")
    structure = structure_of(table.plains[0])
    places = table.grid.places(np.flatnonzero(hidden & ~primary))
    also = [json.dumps(place) for place in places]
    task = _task(output, pattern, policy, primary)
    protection = Protection(
        method="suppress",
        options={**options, "also": also},
        primary=int(primary.sum()),
        complementary=len(also),
        unsettled=_unsettled(pattern.unchecked),
        notes=_notes(output, pattern, is_one_table=costs is not None),
    )
    protection = _compared(protection, task, structure.from_grid(hidden), costs)
    withheld, first = structure.from_grid(hidden), structure.from_grid(primary)
    attacks = attacks_on(table.plains, structure, policy, first)
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


def _unsettled(unchecked: str) -> str:
    if not unchecked:
        return ""
    return (
        f"Protected together with others, but {unchecked}: a person must judge whether that tells "
        "a withheld cell."
    )


def _notes(output: Output, pattern: Pattern, *, is_one_table: bool) -> tuple[str, ...]:
    hidden = pattern.hidden[output.name]
    others = [one.name for one in pattern.outputs if one.name != output.name]
    names = ", ".join(f"“{name}”" for name in others) or "no other"
    gap = "the gap is to what it would have to withhold alone."
    if is_one_table:
        gap = "cost and gap are of all outputs of counts as one table."
    notes = [
        f"{hidden.sum()} of {len(hidden)} cells are withheld.",
        f"Protected together with {names}; {gap}",
    ]
    if is_one_table and pattern.union is not None and pattern.union.joins_cells:
        notes.append(_JOINED)
    return tuple(notes)


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
