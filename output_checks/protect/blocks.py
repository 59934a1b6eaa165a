"""Parts of a table that do not bear on each other, each of which is protected by itself."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from output_checks.protect.attack import Attack
from output_checks.protect.network import is_network
from output_checks.protect.pattern import Task
from output_checks.protect.structure import Structure


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Cells (positions in the whole table) that are tied by sums, and their task."""

    cells: np.ndarray
    task: Task


def blocks_of(task: Task) -> Iterator[Block]:
    """The parts in which something must be withheld, largest last.

    Cells that will be shown in any case tie nothing: what adds up through them alone is known.
    """
    may = np.flatnonzero(task.allowed | task.primary)
    part = csr_matrix(task.attacks[0].structure.relations[:, may])
    part = part[np.flatnonzero(np.diff(part.indptr))]
    count, labels = tied(part)
    members = [may[labels == number] for number in range(count)]
    found = [cells for cells in members if task.primary[cells].any()]
    for cells in sorted(found, key=lambda cells: (len(cells), cells[0])):
        yield Block(cells=cells, task=restricted(task, cells))


def tied(relations: csr_matrix) -> tuple[int, np.ndarray]:
    """How many groups of cells are tied by sums, and each cell's group."""
    rows, columns = relations.shape
    entries = relations.tocoo()
    both = csr_matrix(
        (np.ones(len(entries.row)), (entries.row, rows + entries.col)),
        shape=(rows + columns,) * 2,
    )
    _, labels = connected_components(both, directed=False)
    groups, numbered = np.unique(labels[rows:], return_inverse=True)
    return len(groups), numbered


def restricted(task: Task, cells: np.ndarray) -> Task:
    """The same task for some of the cells, all others being shown."""
    whole = task.attacks[0].structure
    part = csr_matrix(whole.relations[:, cells])
    rows = np.flatnonzero(np.diff(part.indptr))
    part = csr_matrix(part[rows])
    structure = Structure(
        relations=part,
        order=np.arange(len(cells)),
        margin=whole.margin[cells],
        flat=whole.flat or is_network(part),
    )
    return Task(
        attacks=tuple(
            _restricted(one, structure, (cells, rows))
            for one in task.attacks
            if one.insider is None or one.insider in cells
        ),
        primary=task.primary[cells],
        allowed=task.allowed[cells],
        cost=task.cost[cells],
    )


def _restricted(
    attack: Attack, structure: Structure, kept: tuple[np.ndarray, np.ndarray]
) -> Attack:
    """kept: cells and sums."""
    cells, rows = kept
    return replace(
        attack,
        structure=structure,
        values=attack.values[cells],
        lower=attack.lower[cells],
        upper=attack.upper[cells],
        width=attack.width[cells],
        up=attack.up[cells],
        down=attack.down[cells],
        apart=None if attack.apart is None else attack.apart[rows],
    )
