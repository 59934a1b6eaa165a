"""Which cells of a table add up to which: the relations that every reader knows."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from output_checks.grid import Grid
from output_checks.words import label_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """A table's sums, its cells in an order that does not depend on the type of their labels.

    relations: one row per sum, 1 for each child and -1 for its margin. order: the grid's cell at
    each position. margin: which positions are margins. flat: at most two dimensions, in which
    whole-number bounds are those of the linear program.
    """

    relations: csr_matrix
    order: np.ndarray
    margin: np.ndarray
    flat: bool

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.order)

    def from_grid(self, column: np.ndarray) -> np.ndarray:
        """A grid's column in this order."""
        return column.reshape(-1)[self.order]

    def to_grid(self, values: np.ndarray) -> np.ndarray:
        """Values of this order in the grid's."""
        back = np.empty(self.size, dtype=values.dtype)
        back[self.order] = values
        return back


def structure_of(grid: Grid) -> Structure:
    """The sums of a grid; none where its margins are not shown."""
    numbers = np.arange(grid.size).reshape(grid.shape)
    for axis, one in enumerate(grid.dimensions):
        texts = [label_text(label) for label in one.labels]
        sequence = sorted(range(len(texts)), key=texts.__getitem__)
        sequence += [len(texts)] * grid.margins
        numbers = numbers.take(sequence, axis=axis)
    return Structure(
        relations=sums(grid.shape) if grid.margins else csr_matrix((0, grid.size)),
        order=numbers.reshape(-1),
        margin=grid.frame["margin"].to_numpy()[numbers.reshape(-1)],
        flat=len(grid.shape) <= 2,
    )


def sums(shape: tuple[int, ...]) -> csr_matrix:
    """The relations of a table with margins at every level, cells in the order of its shape."""
    numbers = np.arange(np.prod(shape)).reshape(shape)
    columns = []
    values = []
    lengths = []
    for axis, length in enumerate(shape):
        lines = np.moveaxis(numbers, axis, -1).reshape(-1, length)
        signs = np.ones(lines.shape)
        signs[:, -1] = -1
        columns.append(lines.reshape(-1))
        values.append(signs.reshape(-1))
        lengths.append(np.full(len(lines), length))
    starts = np.concatenate(([0], np.cumsum(np.concatenate(lengths))))
    return csr_matrix(
        (np.concatenate(values), np.concatenate(columns), starts),
        shape=(len(starts) - 1, numbers.size),
    )
