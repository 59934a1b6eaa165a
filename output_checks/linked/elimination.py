"""Gaussian elimination in exact fractions: which combinations of sums come to nothing at all."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from output_checks.linked.system import TooLargeError

MOST_STEPS = 2_000_000
"""Numbers that are taken from others, at most."""

Row = dict[int, Fraction]


def cancelling(rows: Sequence[Mapping[int, int]]) -> Iterator[Row]:
    """A basis of the combinations {row: how often} in which every column cancels out.

    Short rows come first, so that a total is taken apart into its parts. Raises TooLargeError.
    """
    steps = 0
    pivots: dict[int, tuple[Row, Row]] = {}
    for number in sorted(range(len(rows)), key=lambda one: len(rows[one])):
        left = {column: Fraction(value) for column, value in rows[number].items()}
        taken: Row = {number: Fraction(1)}
        while (column := next((one for one in left if one in pivots), None)) is not None:
            other, combination = pivots[column]
            times = -left[column] / other[column]
            _add(left, other, times)
            _add(taken, combination, times)
            steps += len(other) + len(combination)
            if steps > MOST_STEPS:
                raise TooLargeError(f"{len(rows):,} means and sums, which take too many steps")
        if left:
            pivots[next(iter(left))] = left, taken
        else:
            yield taken


def _add(row: Row, other: Row, times: Fraction) -> None:
    for column, value in other.items():
        total = row.get(column, Fraction(0)) + times * value
        if total:
            row[column] = total
        else:
            row.pop(column, None)
