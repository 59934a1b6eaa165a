"""Withhold small cells, and others so that nobody can work them out; with the proof."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from output_checks.declaration import Declaration
from output_checks.errors import ProtectionError
from output_checks.grid import Grid, Protection
from output_checks.policy import Policy
from output_checks.protect import figures
from output_checks.protect.attack import Attack
from output_checks.protect.in_several import PEOPLE_IN_SEVERAL, people_tell
from output_checks.protect.parts import Bases
from output_checks.protect.rounded import to_base
from output_checks.protect.structure import Structure, structure_of
from output_checks.protect.subject import Subject
from output_checks.protect.told_by_values import knowing_values, told_by_values
from output_checks.protect.withstanding import COARSEN, withstanding
from output_checks.rules import CELL_RULES, judge
from output_checks.rules.cells import divisors
from output_checks.rules.withheld_cells import RULE as WITHHELD_CELLS
from output_checks.statistics import Kind
from output_checks.words import Verdict

Spans = tuple[np.ndarray, np.ndarray]


def suppress(subject: Subject, options: Mapping[str, Any]) -> tuple[Grid, ...]:
    """Withhold every cell that fails, and the cheapest others that keep each of them unknown.

    A cell is withheld in all statistics of the table or in none.
    options: `reviews` - also withhold the cells that a person would have to look at; `base` -
    round the counts that are left; `amounts` and `digits` - round what is no count too, as
    `figures` says (amounts None: not); `also` - further cells to withhold, each as the JSON of its
    place, for what other tables show of them.
    Raises ProtectionError where next to nothing would be left, with what to do instead.
    """
    grids, policy = subject.grids, subject.policy
    structure = structure_of(grids[0])
    primary = structure.from_grid(
        np.any([failing(one, policy, reviews=options["reviews"]) for one in grids], axis=0)
    )
    wanted = primary | structure.from_grid(_named(grids[0], options["also"]))
    bases = _bases(subject, options)
    recorded = figures.without(options) if bases is None else figures.recorded(options, bases)
    recorded.pop("also")
    if options["also"]:
        recorded["also"] = list(options["also"])
    withheld, protection, attacks = withstanding(subject, structure, wanted, recorded)
    if withheld.all():
        raise ProtectionError(f"every cell of the table would have to be withheld. {COARSEN}")
    count = int(primary.sum())
    told = replace(protection, primary=count, complementary=int(withheld.sum()) - count)
    if bases is not None:
        first, *others = told.notes
        told = replace(told, notes=(first, *figures.said(grids, bases), *others))
    hidden = audited(grids, withheld, primary, attacks, told)
    _must_hold(hidden, policy)
    if bases is None:
        return hidden
    return tuple(_with_rounded_figures(one, bases, subject.declaration) for one in hidden)


def _must_hold(grids: tuple[Grid, ...], policy: Policy) -> None:
    """Give no table out that the rule on withheld cells would fail; raises ProtectionError."""
    for grid in grids:
        for finding in judge(grid, policy, {WITHHELD_CELLS.name: WITHHELD_CELLS}):
            if finding.severity is Verdict.FAIL:
                raise ProtectionError(f"{finding.message} {COARSEN}")


def _bases(subject: Subject, options: Mapping[str, Any]) -> Bases | None:
    """What figures are rounded to; None where they are not, or where there are none."""
    if options["amounts"] is None:
        return None
    bases = figures.bases_of(subject.grids, options, subject.policy.threshold)
    return None if all(one.is_whole for one in subject.grids) else bases


def _with_rounded_figures(grid: Grid, bases: Bases, declaration: Declaration) -> Grid:
    """A grid that is no count with its figures rounded."""
    if grid.is_whole:
        return grid
    shown = figures.rounded_figures(grid, bases, declaration)
    hidden = grid.frame["withheld"].to_numpy()
    return grid.with_columns(
        value=pl.Series(np.where(hidden, np.nan, shown), dtype=pl.Float64).fill_nan(None)
    )


def _named(grid: Grid, cells: Sequence[str]) -> np.ndarray:
    """Mark cells that are named by the JSON of their places; ProtectionError for unknown ones."""
    marked = np.zeros(grid.size, dtype=bool)
    for cell in cells:
        try:
            place = json.loads(cell)
            ordered = {one.name: place[one.name] for one in grid.dimensions}
            marked[grid.cell_at(ordered)] = True
        except (ValueError, KeyError, TypeError) as error:
            raise ProtectionError(f"suppress: the table has no cell {cell!r} (also)") from error
    return marked


def failing(grid: Grid, policy: Policy, *, reviews: bool) -> np.ndarray:
    """Mark the cells, in the grid's order, that fail a rule; with reviews also those to look at."""
    wanted = {Verdict.FAIL, Verdict.REVIEW} if reviews else {Verdict.FAIL}
    marked = np.zeros(grid.size, dtype=bool)
    for finding in judge(grid, policy, CELL_RULES):
        if finding.severity in wanted:
            marked[[grid.cell_at(cell) for cell in finding.cells]] = True
    return marked


def audited(
    grids: tuple[Grid, ...],
    withheld: np.ndarray,
    primary: np.ndarray,
    attacks: tuple[Attack, ...],
    protection: Protection,
) -> tuple[Grid, ...]:
    """Work out what a reader can, from the published cells alone, and put it beside the cells."""
    cells = np.flatnonzero(withheld)
    known = [_told(attack, withheld) for attack in knowing_values(attacks, grids, withheld)]
    for one in known:
        attack, lower, upper = one.attack, *one.spans
        is_safe = all(attack.is_safe(cell, lower[cell], upper[cell]) for cell in cells)
        if not is_safe:
            raise ProtectionError(
                told_by_values(attack, attacks, grids)
                or f"the audit could not show that every withheld cell stays unknown. {COARSEN}"
            )
    structure, grid = attacks[0].structure, grids[0]
    if grid.overlaps:
        told, settled = people_tell(grid, structure.to_grid(withheld), attacks[0].small)
        if told:
            raise ProtectionError(
                "people are in several cells of several dimensions, and who can be in what of them "
                f"tells a withheld cell, whatever else is withheld. {COARSEN}"
            )
        protection = replace(protection, unsettled="" if settled else PEOPLE_IN_SEVERAL)
    is_open = ~np.all([one.exact for one in known if one.attack.insider is None], axis=0)
    if is_open.any():
        protection = replace(protection, notes=(*protection.notes, _given_up(int(is_open.sum()))))
    return tuple(_shown(one, withheld, primary, known, protection) for one in grids)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What one reader can work out of every cell: from where to where it is.

    exact: of which cells the search for that came to its end, as far as that was asked.
    """

    attack: Attack
    spans: tuple[np.ndarray, np.ndarray]
    exact: np.ndarray


def _told(attack: Attack, withheld: np.ndarray) -> _Told:
    """All that a reader of the table can; of an only contributor just that it is too little."""
    if attack.insider is not None:
        spans = attack.spans(withheld, quick=True)
        return _Told(attack=attack, spans=spans, exact=~withheld)
    found = attack.worked_out(withheld)
    return _Told(attack=attack, spans=(found.lower, found.upper), exact=found.are_exact())


def _given_up(count: int) -> str:
    """What a report says of intervals whose search did not come to its end."""
    which = "interval of 1 cell" if count == 1 else f"intervals of {count} cells"
    return (
        f"The {which} could not be shown to be as wide as can be: the search in whole numbers was "
        "given up. A reader can exclude neither end, and may know less than the interval says."
    )


def _shown(
    grid: Grid,
    withheld: np.ndarray,
    primary: np.ndarray,
    known: Sequence[_Told],
    protection: Protection,
) -> Grid:
    structure = known[0].attack.structure
    own_people = _about(known, grid, grid.counts).spans
    people = [_to_column(structure, withheld, side) for side in own_people]
    spans, exact = _value_spans(grid, known)
    value = [_to_column(structure, withheld, side) for side in spans]
    hidden = structure.to_grid(withheld)
    first = structure.to_grid(primary)
    shown = grid.frame["exact"]
    if grid.is_whole:
        shown = to_base(shown, int(protection.options["base"]))
    return grid.with_columns(
        protection,
        withheld=hidden,
        withheld_as=np.where(hidden, np.where(first, "primary", "complementary"), ""),
        value=pl.select(pl.when(~pl.Series(hidden)).then(shown)).to_series(),
        lower=value[0],
        upper=value[1],
        people_lower=people[0],
        people_upper=people[1],
        interval_exact=pl.Series(structure.to_grid(exact)).set(~pl.Series(hidden), None),
    )


def _about(known: Sequence[_Told], grid: Grid, column: str) -> _Told:
    """What is told of this column's people."""
    counts = grid.frame[column].fill_null(0).to_numpy().astype(float)
    return next(
        one
        for one in known
        if one.attack.small > 0
        and np.array_equal(one.attack.values, one.attack.structure.from_grid(counts))
    )


def _value_spans(grid: Grid, known: Sequence[_Told]) -> tuple[Spans, np.ndarray]:
    """What a reader can tell of the shown statistic, and where that was searched to its end.

    Nothing of those that add up to nothing, which takes no search.
    """
    structure = known[0].attack.structure
    if grid.is_whole:
        told = _about(known, grid, "units")
        return told.spans, told.exact
    if grid.kind not in {Kind.COUNT, Kind.SUM, Kind.MEAN}:
        nothing = np.full(structure.size, -np.inf), np.full(structure.size, np.inf)
        return nothing, np.ones(structure.size, dtype=bool)
    amounts = grid.frame["weight" if grid.kind is Kind.COUNT else "sum"].fill_null(0.0).to_numpy()
    amounts = structure.from_grid(amounts)
    told = next(
        one
        for one in known
        if one.attack.small == 0 and np.array_equal(one.attack.values, amounts / one.attack.unit)
    )
    lower, upper = (side * told.attack.unit for side in told.spans)
    if grid.kind is Kind.MEAN:
        return _as_means(grid, (lower, upper), told.exact, known)
    return (lower, upper), told.exact


def _as_means(
    grid: Grid, sums: Spans, exact: np.ndarray, known: Sequence[_Told]
) -> tuple[Spans, np.ndarray]:
    """What spans of sums say of means: of a withheld cell a reader divides by what it can have.

    Records that are no people, and weights, are not worked out; they are taken for known.
    """
    structure = known[0].attack.structure
    records = structure.from_grid(grid.frame["records_with_value"].fill_null(0).to_numpy())
    having = structure.from_grid(grid.frame["units_with_value"].fill_null(0).to_numpy())
    if grid.weight is None and np.array_equal(records, having):
        people = _about(known, grid, grid.counts)
        least, most = (np.maximum(side, 1.0) for side in people.spans)
        exact = exact & people.exact
    else:
        least = most = structure.from_grid(divisors(grid))
    lower = sums[0] / np.where(sums[0] < 0, least, most)
    upper = sums[1] / np.where(sums[1] < 0, most, least)
    return (lower, upper), exact


def _to_column(structure: Structure, withheld: np.ndarray, side: np.ndarray) -> pl.Series:
    in_grid = structure.to_grid(np.where(withheld & np.isfinite(side), side, np.nan))
    return pl.Series(in_grid, dtype=pl.Float64).fill_nan(None)
