"""The cheapest safe pattern of a table, or a cheap one with a bound, block by block."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from output_checks.protect.blocks import Block, blocks_of
from output_checks.protect.branching import branch_and_cut
from output_checks.protect.effort import Effort, Part
from output_checks.protect.improve import improve
from output_checks.protect.pattern import Growth, Task
from output_checks.protect.regrow import regrow
from output_checks.protect.search import Search

MOST_STEPS = 40e6
"""What one table may take, less than a minute of one core; of larger ones as below."""
_LARGE, _STEPS_A_CELL = 2_000, 6_000
"""From so many cells on that may be withheld, each lets the search take so many steps more."""
_SMALL = 250
"""So few cells that a cheaper pattern may withhold are searched at once."""
_FAR = 0.05
"""With a larger gap the proof of a large table is far."""
_REGROWN, _CHEAPER, _CHEAPER_FIRST, _PROOF = 0.2, 0.1, 0.6, 0.8
"""Shares of the effort: for growing parts anew; of what is left then for cheaper patterns before
the proof, more where that is still far and the table large; of what is left then for the proof."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A safe pattern. bound: no safe pattern costs less; proven: this one costs just that."""

    withheld: np.ndarray
    bound: float
    proven: bool


def cheapest_pattern(task: Task, most_steps: float | None = None) -> Pattern | None:
    """Search for the safe pattern of least cost; None where the allowed cells do not suffice.

    most_steps: None takes MOST_STEPS, and more for large tables. The search ends after a number of
    steps and not after a time, so that it ends the same everywhere; a safe pattern is found in
    any case.
    """
    effort = Effort(_steps_of(task) if most_steps is None else most_steps)
    searches: list[tuple[Block, Search]] = []
    for block in blocks_of(task):
        search = Search(block.task, effort)
        search.relax(effort.part(0.25))
        if not search.start():
            return None
        searches.append((block, search))
    _prove([search for _, search in searches], effort)
    return _together(task, searches)


def _steps_of(task: Task) -> float:
    more = int((task.allowed | task.primary).sum()) - _LARGE
    return MOST_STEPS + _STEPS_A_CELL * max(more, 0)


def blocked_cells(task: Task) -> np.ndarray:
    """Mark the cells of all blocks whose primary cells no allowed pattern makes safe."""
    found = np.zeros(len(task.primary), dtype=bool)
    for block in blocks_of(task):
        if Search(block.task, Effort(np.inf)).largest_safe() is None:
            found[block.cells] = True
    return found


def _prove(searches: Sequence[Search], effort: Effort) -> None:
    """Search on where the gap is, the small blocks first: what they leave is for the others."""
    waiting = [one for one in searches if not one.is_proven]
    for number, search in enumerate(waiting):
        part = effort.part(1 / (len(waiting) - number))
        if search.promising().sum() > _SMALL:
            _make_cheaper(search, part)
        if not search.is_proven:
            branch_and_cut(search, part.part(_PROOF))
        if not search.is_proven:
            improve(search, part)


def _make_cheaper(search: Search, part: Part) -> None:
    """Before the proof, which has the less to try."""
    regrow(search, part.part(_REGROWN))
    is_far = search.bound < (1 - _FAR) * search.cost
    is_large = (search.task.allowed | search.task.primary).sum() > _LARGE
    improve(search, part.part(_CHEAPER_FIRST if is_far and is_large else _CHEAPER))


def _together(task: Task, searches: Sequence[tuple[Block, Search]]) -> Pattern | None:
    """Put the blocks together, and look at them with the eyes of one who counts whole people."""
    withheld = task.primary.copy()
    for block, search in searches:
        withheld[block.cells[search.best]] = True
    bound = sum(search.bound for _, search in searches)
    cost = task.cost_of(withheld)
    may = task.allowed | task.primary
    growth = Growth(task, may, task.cost, Effort(np.inf), whole=True)
    if task.unsafe(withheld) and not growth.until_safe_in_whole_numbers(withheld):
        return None
    proven = all(search.is_proven for _, search in searches) and task.cost_of(withheld) <= cost
    return Pattern(withheld=withheld, bound=min(bound, task.cost_of(withheld)), proven=proven)
