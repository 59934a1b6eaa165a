"""A reader who tries every table of whole numbers that fits what is published. For tiny tables."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

Cell = tuple[str, ...]
MOST_STEPS = 60_000
"""Give up a table that takes more trying than this."""


class TooManyError(Exception):
    """There are too many tables to try them all."""


def leaves_of(
    axes: Sequence[Sequence[str]], groups: Mapping[str, Sequence[str]]
) -> dict[Cell, frozenset[Cell]]:
    """The finest cells that each cell adds up.

    axes: labels of each dimension, without groups and total. groups: labels of the first
    dimension that are in each group.
    """
    inner = list(product(*axes))
    places = [[*labels, "Total"] for labels in axes]
    places[0] = [*axes[0], *groups, "Total"]

    def is_part(leaf: Cell, cell: Cell) -> bool:
        return all(
            at in (own, "Total") or own in groups.get(at, ())
            for own, at in zip(leaf, cell, strict=True)
        )

    return {
        cell: frozenset(leaf for leaf in inner if is_part(leaf, cell)) for cell in product(*places)
    }


def attainable(
    shown: Mapping[Cell, int], parts: Mapping[Cell, frozenset[Cell]], most: int
) -> dict[Cell, tuple[int, int]]:
    """The least and the most that every cell that is not shown can be.

    shown: published counts. parts: see `leaves_of`. most: as far as a cell is tried that no
    published sum limits.
    """
    sums = [(set(parts[cell]), value) for cell, value in shown.items()]
    hidden = [cell for cell in parts if cell not in shown]
    found: dict[Cell, tuple[int, int]] = {}
    unknown = sorted({leaf for cell in parts for leaf in parts[cell]})
    for table in _tables(unknown, sums, most):
        for cell in hidden:
            value = sum(table[leaf] for leaf in parts[cell])
            least, highest = found.get(cell, (value, value))
            found[cell] = (min(least, value), max(highest, value))
    return found


def _tables(
    leaves: list[Cell], sums: list[tuple[set[Cell], int]], most: int
) -> Iterator[dict[Cell, int]]:
    """Every way of filling the finest cells, one after the other, that breaks no sum."""
    steps = 0
    order = sorted(
        leaves, key=lambda leaf: min((len(one) for one, _ in sums if leaf in one), default=99)
    )
    of_leaf = {leaf: [at for at, (one, _) in enumerate(sums) if leaf in one] for leaf in order}
    left = [value for _, value in sums]
    open_leaves = [len(one) for one, _ in sums]
    table: dict[Cell, int] = {}

    def fill(depth: int) -> Iterator[dict[Cell, int]]:
        nonlocal steps
        steps += 1
        if steps > MOST_STEPS:
            raise TooManyError
        if depth == len(order):
            yield table
            return
        leaf = order[depth]
        inside = of_leaf[leaf]
        highest = min((left[at] for at in inside), default=most)
        forced = [left[at] for at in inside if open_leaves[at] == 1]
        values = range(highest + 1) if not forced else [forced[0]] if forced[0] <= highest else []
        for value in values:
            table[leaf] = value
            for at in inside:
                left[at] -= value
                open_leaves[at] -= 1
            if all(left[at] == 0 for at in inside if open_leaves[at] == 0):
                yield from fill(depth + 1)
            for at in inside:
                left[at] += value
                open_leaves[at] += 1

    yield from fill(0)
