"""A pattern that withstands all readers, those too of whom the search for it cannot be told."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from output_checks.errors import ProtectionError
from output_checks.grid import Grid, Protection
from output_checks.protect.attack import Attack
from output_checks.protect.attackers import attacks_on
from output_checks.protect.by_bounds import ByBounds
from output_checks.protect.in_several import further_cells
from output_checks.protect.optimal import Pattern, blocked_cells, cheapest_pattern
from output_checks.protect.pattern import Task
from output_checks.protect.structure import Structure, tied_to
from output_checks.protect.subject import Subject
from output_checks.protect.together import DOMINATED_TOGETHER, Together
from output_checks.statistics import Kind

COARSEN = (
    "Make the table coarser instead: merge categories (derive with CASE … WHEN), use fewer "
    "dimensions, or leave rare groups out with where."
)
_TOLERANCE = 1e-6
_STEPS_AGAIN = 10e6
"""What a search may take that begins again, with more that must be withheld."""
_SEARCHES = 5
"""So many begin again; from then on what is withheld stays so, and only what it takes besides is
looked for: dozens of whole searches would take many minutes."""


def withstanding(
    subject: Subject, structure: Structure, wanted: np.ndarray, options: Mapping[str, Any]
) -> tuple[np.ndarray, Protection, tuple[Attack, ...]]:
    """The cells to withhold so that no reader works any out, the record of it, and the readers.

    wanted: cells, in the structure's order, that must be withheld. Beside the readers that the
    search knows, the pattern withstands those who ask who can be in what of several dimensions,
    those who know that totals bound their parts, and those who take what the withheld sums of a
    line are together. Of what tells them too much the cheapest cell is withheld too, and the search
    goes on with these; each time there are more of them, so that it ends.
    Raises ProtectionError where there is no such pattern.
    """
    grids, first, forced = subject.grids, wanted, wanted
    together = Together(subject, reviews=bool(options["reviews"]))
    open_to_it = ~grids[0].frame["structural_zero"].to_numpy()
    by_bounds = ByBounds(
        grids=grids,
        structure=structure,
        policy=subject.policy,
        allowed=structure.from_grid(open_to_it),
        cost=_cost(grids, structure),
    )
    best: Protection | None = None
    searches, kept = 0, np.zeros(structure.size, dtype=bool)
    while True:
        attacks = attacks_on(grids, structure, subject.policy, forced)
        steps = (_STEPS_AGAIN,) if searches else ()
        primary = forced | kept
        withheld, protection = _pattern(grids, structure, primary, attacks, options, *steps)
        best = best or protection
        hidden = structure.to_grid(withheld)
        more = further_cells(grids[0], hidden, attacks[0].small)
        more |= together.further_cells(hidden, open_to_it)
        more |= structure.to_grid(by_bounds.further_cells(attacks, forced, withheld))
        if not more.any():
            break
        forced = forced | structure.from_grid(more)
        searches += 1
        if searches > _SEARCHES:
            kept |= withheld
    if together.failing(hidden):
        raise ProtectionError(f"{DOMINATED_TOGETHER} {COARSEN}")
    return withheld, _with_forced(protection, best, primary & ~first, structure, grids), attacks


def _with_forced(
    found: Protection,
    first: Protection,
    forced: np.ndarray,
    structure: Structure,
    grids: tuple[Grid, ...],
) -> Protection:
    """The record of a pattern some of whose cells were withheld for readers beyond the search.

    They cost as others do. No safe pattern costs less than the first that was looked for: what
    came later withstands more. forced: these cells.
    """
    if not forced.any():
        return found
    cost = float(found.cost or 0.0) + float(_cost(grids, structure)[forced].sum())
    bound = min(float(first.bound or 0.0), cost)
    return replace(found, cost=cost, bound=bound, optimal=cost <= bound + _TOLERANCE)


def _cost(grids: tuple[Grid, ...], structure: Structure) -> np.ndarray:
    people = structure.from_grid(grids[0].frame["units"].to_numpy()).astype(float)
    return np.where(structure.margin, 10.0, 1.0) * (people + 1.0)


def _pattern(
    grids: tuple[Grid, ...],
    structure: Structure,
    primary: np.ndarray,
    attacks: tuple[Attack, ...],
    options: Mapping[str, Any],
    *most_steps: float,
) -> tuple[np.ndarray, Protection]:
    """Look for a pattern that leaves all safe margins; where there is none, let those nearby go."""
    fixed = structure.from_grid(grids[0].frame["structural_zero"].to_numpy())
    cost = _cost(grids, structure)
    allowed = ~fixed & ~structure.margin
    while True:
        task = Task(attacks=attacks, primary=primary, allowed=allowed, cost=cost)
        found = cheapest_pattern(task, *most_steps)
        if found is not None:
            return found.withheld, _recorded(task, found, options, grids)
        more = tied_to(structure, blocked_cells(task)) & ~fixed & ~allowed
        if not more.any():
            raise ProtectionError(f"no choice of withheld cells makes this table safe. {COARSEN}")
        allowed |= more


def _recorded(
    task: Task, found: Pattern, options: Mapping[str, Any], grids: tuple[Grid, ...]
) -> Protection:
    primary = int(task.primary.sum())
    return Protection(
        method="suppress",
        options=dict(options),
        optimal=found.proven,
        cost=task.cost_of(found.withheld),
        bound=found.bound,
        primary=primary,
        complementary=int(found.withheld.sum()) - primary,
        notes=_notes(task, grids, found.withheld),
    )


def _notes(task: Task, grids: tuple[Grid, ...], withheld: np.ndarray) -> tuple[str, ...]:
    notes = [f"{withheld.sum()} of {grids[0].size} cells are withheld."]
    if any(one.kind is not Kind.COUNT for one in grids):
        notes.append(
            "The intervals hold against a reader who also knows how many people are behind "
            "every cell that is shown, although the table does not say it."
        )
    insiders = sum(one.insider is not None for one in task.attacks)
    if insiders:
        notes.append(
            f"In {insiders} sums one person is alone; the cells that fail stay unknown to them too."
        )
    if grids[0].overlaps:
        notes.append(
            "People are in several cells; the intervals hold against a reader who knows by how "
            "much cells add up to more than their margin, and that none is more than its margin; "
            "and against one who knows of margins only that they are no less than their largest "
            "part and no more than all of them."
        )
    if (withheld & task.attacks[0].structure.margin).any():
        notes.append("Some margins had to be withheld too; a coarser table would keep them.")
    return tuple(notes)
