"""Which cells of a table add up to which: the relations that every reader knows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, eye_array, kron, vstack

from output_checks.grid import Dimension, Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """A table's sums, its cells in an order that does not depend on the type of their labels.

    relations: one row per sum, 1 for each child and -1 for its margin. order: the grid's cell at
    each position. margin: which positions are margins or groups. flat: whole-number bounds are
    those of the linear program (at most two dimensions, of which one may have groups).
    """

    relations: csr_matrix
    order: np.ndarray
    margin: np.ndarray
    flat: bool

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.order)

    @property
    def parts(self) -> tuple[np.ndarray, np.ndarray]:
        """Every total with each of its parts: (totals, parts), by their positions."""
        sums = self.relations.tocoo()
        is_total = sums.data < 0
        total = np.full(self.relations.shape[0], -1)
        total[sums.row[is_total]] = sums.col[is_total]
        above, parts = total[sums.row[~is_total]], sums.col[~is_total]
        return above[above >= 0], parts[above >= 0]

    def from_grid(self, column: np.ndarray) -> np.ndarray:
        """A grid's column in this order."""
        return column.reshape(-1)[self.order]

    def to_grid(self, values: np.ndarray) -> np.ndarray:
        """Values of this order in the grid's."""
        back = np.empty(self.size, dtype=values.dtype)
        back[self.order] = values
        return back


def structure_of(grid: Grid) -> Structure:
    """The sums of a grid: its totals where they are shown, and its groups."""
    numbers = np.arange(grid.size).reshape(grid.shape)
    lines = []
    for axis, one in enumerate(grid.dimensions):
        sequence = _in_text_order(one, margins=grid.margins)
        numbers = numbers.take(sequence, axis=axis)
        lines.append(_lines(one, sequence, margins=grid.margins))
    grouped = sum(bool(one.groups) for one in grid.dimensions)
    return Structure(
        relations=relations_of(lines),
        order=numbers.reshape(-1),
        margin=grid.frame["margin"].to_numpy()[numbers.reshape(-1)],
        flat=len(grid.shape) <= 2 and grouped <= 1,
    )


def tied_to(structure: Structure, cells: np.ndarray) -> np.ndarray:
    """Cells that are in a sum with any of these; all where none is named."""
    if not cells.any():
        return np.ones(len(cells), dtype=bool)
    sums = abs(structure.relations)
    return (sums.T @ (sums @ cells.astype(float))) > 0


def sums(shape: Sequence[int]) -> csr_matrix:
    """The relations of a table with margins at every level, cells in the order of its shape."""
    return relations_of([csr_matrix(np.append(np.ones(length - 1), -1.0)) for length in shape])


def relations_of(lines: Sequence[csr_matrix]) -> csr_matrix:
    """The relations of a table from those along each of its axes (rows are sums)."""
    lengths = [line.shape[1] for line in lines]
    blocks = []
    for axis, line in enumerate(lines):
        before = eye_array(int(np.prod(lengths[:axis])), format="csr")
        after = eye_array(int(np.prod(lengths[axis + 1 :])), format="csr")
        blocks.append(kron(kron(before, line, format="csr"), after, format="csr"))
    return csr_matrix(vstack(blocks, format="csr"))


def _in_text_order(one: Dimension, *, margins: bool) -> list[int]:
    """Positions of an axis by their texts: categories, then groups, then the total."""
    texts, count = one.texts, len(one.labels)
    leaves = sorted(range(count), key=texts.__getitem__)
    groups = sorted(range(count, len(texts)), key=texts.__getitem__)
    return [*leaves, *groups, *([len(texts)] * margins)]


def _lines(one: Dimension, sequence: Sequence[int], *, margins: bool) -> csr_matrix:
    """A row for every sum along an axis: each group's members, and what the total adds up."""
    place = {position: at for at, position in enumerate(sequence)}
    count, total = len(one.labels), len(one.texts)
    sums_along = {count + at: group.members for at, group in enumerate(one.groups)}
    if margins:
        sums_along[total] = one.tops
    matrix = np.zeros((len(sums_along), len(sequence)))
    for row, position in enumerate(sorted(sums_along, key=lambda one: place[one])):
        matrix[row, [place[member] for member in sums_along[position]]] = 1.0
        matrix[row, place[position]] = -1.0
    return csr_matrix(matrix)
