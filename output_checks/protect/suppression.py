"""Withhold small cells, and others so that nobody can work them out; with the proof."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from output_checks.errors import ProtectionError
from output_checks.grid import Grid, Protection
from output_checks.policy import Policy
from output_checks.protect.attack import Attack, attacks_on
from output_checks.protect.optimal import cheapest_pattern
from output_checks.protect.pattern import Task, safe_pattern
from output_checks.protect.rounded import to_base
from output_checks.protect.structure import Structure, structure_of
from output_checks.rules import CELL_RULES, judge
from output_checks.statistics import STATISTICS
from output_checks.words import Verdict

_COARSEN = (
    "Make the table coarser instead: merge categories (derive with CASE … WHEN), use fewer "
    "dimensions, or leave rare groups out with where."
)


def suppress(grid: Grid, policy: Policy, options: Mapping[str, Any]) -> Grid:
    """Withhold every cell that fails, and the cheapest others that keep each of them unknown.

    options: `reviews` - also withhold the cells that a person would have to look at; `base` -
    round the counts that are left.
    Raises ProtectionError where next to nothing would be left, with what to do instead.
    """
    structure = structure_of(grid)
    primary = structure.from_grid(_primary(grid, policy, reviews=options["reviews"]))
    attacks = attacks_on(grid, structure, policy.threshold)
    withheld, protection = _pattern(grid, structure, primary, attacks, options)
    if withheld.all():
        raise ProtectionError(f"every cell of the table would have to be withheld. {_COARSEN}")
    return _audited(grid, structure, withheld, primary, attacks, protection)


def _primary(grid: Grid, policy: Policy, *, reviews: bool) -> np.ndarray:
    wanted = {Verdict.FAIL, Verdict.REVIEW} if reviews else {Verdict.FAIL}
    marked = np.zeros(grid.size, dtype=bool)
    for finding in judge(grid, policy, CELL_RULES):
        if finding.severity in wanted:
            marked[[grid.cell_at(cell) for cell in finding.cells]] = True
    return marked


def _pattern(
    grid: Grid,
    structure: Structure,
    primary: np.ndarray,
    attacks: tuple[Attack, ...],
    options: Mapping[str, Any],
) -> tuple[np.ndarray, Protection]:
    """Look for a pattern that leaves all safe margins; where there is none, let them go too."""
    fixed = attacks[0].lower == attacks[0].upper
    people = attacks[0].values
    for margins_too in (False, True):
        cost = np.where(structure.margin, 10.0, 1.0) * (people + 1.0)
        allowed = ~fixed & (~structure.margin | margins_too)
        task = Task(attacks=attacks, primary=primary, allowed=allowed, cost=cost)
        found = safe_pattern(task)
        if found is not None:
            return _improved(task, found, options, grid)
    raise ProtectionError(f"no choice of withheld cells makes this table safe. {_COARSEN}")


def _improved(
    task: Task, found: np.ndarray, options: Mapping[str, Any], grid: Grid
) -> tuple[np.ndarray, Protection]:
    best = cheapest_pattern(task, task.cost_of(found))
    withheld = found if best.withheld is None else best.withheld
    primary = int(task.primary.sum())
    return withheld, Protection(
        method="suppress",
        options=dict(options),
        optimal=best.proven,
        cost=task.cost_of(withheld),
        bound=best.bound,
        primary=primary,
        complementary=int(withheld.sum()) - primary,
        notes=_notes(task, grid, withheld),
    )


def _notes(task: Task, grid: Grid, withheld: np.ndarray) -> tuple[str, ...]:
    notes = [f"{withheld.sum()} of {grid.size} cells are withheld."]
    if grid.statistic != "count":
        notes.append(
            "The intervals hold against a reader who also knows how many people are behind "
            "every cell that is shown, although the table does not say it."
        )
    if grid.overlaps:
        notes.append(
            "People are in several cells; the intervals hold against a reader who knows by how "
            "much cells add up to more than their margin."
        )
    if (withheld & task.attacks[0].structure.margin).any():
        notes.append("Some margins had to be withheld too; a coarser table would keep them.")
    return tuple(notes)


def _audited(
    grid: Grid,
    structure: Structure,
    withheld: np.ndarray,
    primary: np.ndarray,
    attacks: tuple[Attack, ...],
    protection: Protection,
) -> Grid:
    """Work out what a reader can, from the published cells alone, and put it beside the cells."""
    spans = [one.spans(withheld, quick=False) for one in attacks]
    for attack, (lower, upper) in zip(attacks, spans, strict=True):
        for cell in np.flatnonzero(withheld):
            if not attack.is_safe(cell, lower[cell], upper[cell]):
                raise ProtectionError(
                    f"the audit could not show that every withheld cell stays unknown. {_COARSEN}"
                )
    people = tuple(_to_column(structure, withheld, side) for side in spans[0])
    value = tuple(
        _to_column(structure, withheld, _as_value(grid, structure, attacks[-1], side))
        for side in spans[-1]
    )
    hidden = structure.to_grid(withheld)
    first = structure.to_grid(primary)
    shown = to_base(grid.frame["exact"], int(protection.options["base"]), grid.statistic)
    return grid.with_columns(
        protection,
        withheld=hidden,
        withheld_as=np.where(hidden, np.where(first, "primary", "complementary"), ""),
        value=pl.select(pl.when(~pl.Series(hidden)).then(shown)).to_series(),
        lower=value[0],
        upper=value[1],
        people_lower=people[0],
        people_upper=people[1],
    )


def _as_value(grid: Grid, structure: Structure, attack: Attack, side: np.ndarray) -> np.ndarray:
    if STATISTICS[grid.statistic].is_whole:
        return side
    scaled = side * attack.unit
    if grid.statistic == "mean":
        records = structure.from_grid(grid.frame["records_with_value"].to_numpy())
        scaled = scaled / np.maximum(records, 1)
    return scaled


def _to_column(structure: Structure, withheld: np.ndarray, side: np.ndarray) -> pl.Series:
    in_grid = structure.to_grid(np.where(withheld & np.isfinite(side), side, np.nan))
    return pl.Series(in_grid, dtype=pl.Float64).fill_nan(None)
