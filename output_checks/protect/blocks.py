"""Parts of a table that do not bear on each other, each of which is protected by itself."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from output_checks.protect.attack import Attack
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
    part = csr_matrix(part[np.flatnonzero(np.diff(part.indptr))])
    structure = Structure(
        relations=part,
        order=np.arange(len(cells)),
        margin=whole.margin[cells],
        flat=whole.flat or is_network(part),
    )
    return Task(
        attacks=tuple(_restricted(one, structure, cells) for one in task.attacks),
        primary=task.primary[cells],
        allowed=task.allowed[cells],
        cost=task.cost[cells],
    )


def _restricted(attack: Attack, structure: Structure, cells: np.ndarray) -> Attack:
    return replace(
        attack,
        structure=structure,
        values=attack.values[cells],
        lower=attack.lower[cells],
        upper=attack.upper[cells],
        width=attack.width[cells],
    )


def is_network(relations: csr_matrix) -> bool:
    """Whether fractions cannot be extreme: every cell in at most two sums, as in a two-way table.

    Source: Heller & Tompkins (1956): a matrix of 0, 1 and -1 with at most two entries a column
    is totally unimodular where its rows can be put into two groups such that entries of the same
    sign are in different groups and entries of different signs in the same.
    """
    columns = relations.tocsc()
    counts = np.diff(columns.indptr)
    if counts.max(initial=0) > 2 or not np.isin(columns.data, (-1.0, 1.0)).all():
        return False
    starts = columns.indptr[:-1][counts == 2]
    one, other = columns.indices[starts], columns.indices[starts + 1]
    same = columns.data[starts] == columns.data[starts + 1]
    rows = relations.shape[0]
    # Each row stands twice, once for each group; a row tied to its own twin fits in none.
    ties = [
        (one, np.where(same, other + rows, other)),
        (one + rows, np.where(same, other, other + rows)),
    ]
    edges = [np.concatenate(ends) for ends in zip(*ties, strict=True)]
    graph = csr_matrix((np.ones(len(edges[0])), tuple(edges)), shape=(2 * rows, 2 * rows))
    _, labels = connected_components(graph, directed=False)
    return bool((labels[:rows] != labels[rows:]).all())
