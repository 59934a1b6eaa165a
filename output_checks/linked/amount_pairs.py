"""Amounts of two outputs whose difference is that of few people: person by person.

Most pairs of cells are told apart by how many people add the same to both; only those that share
nearly all of them are looked at one by one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix

from output_checks.linked.amounts import Amount

MOST_ENTRIES = 40_000_000
"""What people add to cells, all amounts together, that is compared at most."""
ENOUGH = 10_000
"""People whose amounts tell large cells apart."""
_ODD = np.uint64(0x9E3779B97F4A7C15)
_SAME = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Apart:
    """Two shown cells of which few people add something else to the one than to the other.

    times: what the second is multiplied by. people: how many they are. left: what their amounts
    come to, person by person, as they differ.
    """

    one: Amount
    other: Amount
    cells: tuple[int, int]
    times: float
    people: int
    left: np.ndarray


def pairs_of(amounts: Sequence[Amount]) -> Iterator[tuple[Amount, Amount]]:
    """Amounts that have to be held against each other.

    Not two of one output, nor two that are out already, nor numbers of people: what these tell is
    looked at elsewhere. Beside numbers of people only what is derived, or a weight that is 1 for
    most, can be a number of people but for somebody; beside what a position is taken of, only
    another variable of which one is.
    """
    for one, other in combinations(amounts, 2):
        both = (one, other)
        is_old = one.output.released and other.output.released
        counts = sum(each.is_people for each in both)
        is_apart = counts == 1 and not any(each.is_derived or each.is_weights for each in both)
        if one.is_position or other.is_position:
            is_apart = not all(each.is_position for each in both) or one.variable == other.variable
        if not (one.output is other.output or is_old or counts == 2 or is_apart):
            yield one, other


def are_of_whole_people(one: Amount, other: Amount) -> bool:
    """Whether they can only differ by whole people: one variable, and one record for everybody."""
    return one.variable == other.variable and one.one_record_each and other.one_record_each


def apart(one: Amount, other: Amount, threshold: int) -> Iterator[Apart]:
    """Pairs of shown cells that fewer people than the threshold tell apart."""
    times = scale(one, other)
    if times == 0:
        return
    for first, second in dict.fromkeys(_candidates(one, other, times, threshold)):
        x, y = one.values(first), times * other.values(second)
        left = difference(x, y)
        who = np.flatnonzero(left)
        is_told = one.variable == other.variable and not (x[who] * y[who]).any()
        if 0 < len(who) < threshold and not is_told:
            yield Apart(
                one=one,
                other=other,
                cells=(first, second),
                times=times,
                people=len(who),
                left=left[who],
            )


def difference(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """What people add to one amount and not to another; 0 but for the last bits of a float is 0."""
    return np.where(np.abs(x - y) > _SAME * np.maximum(np.abs(x), np.abs(y)), x - y, 0.0)


def scale(one: Amount, other: Amount) -> float:
    """How much larger what a person adds to one is than to the other, for most of them."""
    x = np.asarray(one.by.max(axis=1).todense()).ravel()
    y = np.asarray(other.by.max(axis=1).todense()).ravel()
    both = np.flatnonzero((x != 0) & (y != 0))
    if not len(both):
        return 0.0
    ratios = x[both] / y[both]
    return 1.0 if np.isclose(ratios, 1.0, rtol=_SAME).mean() > 0.1 else _middle(ratios)


def _middle(ratios: np.ndarray) -> float:
    """The median as one of the ratios."""
    return float(np.sort(ratios)[len(ratios) // 2])


def _candidates(
    one: Amount, other: Amount, times: float, threshold: int
) -> Iterator[tuple[int, int]]:
    """Pairs of shown cells that may share all but few of their people's amounts.

    Large cells are held against each other by some of their people: fewer than the threshold are
    apart among these too.
    """
    each = max(one.by.shape[0] // ENOUGH, 1)
    large = 8 * threshold * each if each > 1 else 0
    sizes = [np.diff(one.by.indptr), np.diff(other.by.indptr)]
    for step, low, high in ((each, large, np.inf), (1, 0, large + threshold)):
        columns = [
            np.flatnonzero(amount.shown & (low <= size) & (size < high))
            for amount, size in zip((one, other), sizes, strict=True)
        ]
        parts = [
            csc_matrix(amount.by[::step] if step > 1 else amount.by)[:, some]
            for amount, some in zip((one, other), columns, strict=True)
        ]
        rows, others, equal = alike(parts[0], parts[1] * times)
        first, second = (np.diff(part.indptr) for part in parts)
        few = np.maximum(first[rows], second[others]) - equal < threshold
        for row, column in zip(rows[few], others[few], strict=True):
            yield int(columns[0][row]), int(columns[1][column])


def alike(one: csc_matrix, other: csc_matrix) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns with equal entries, and how many of their people have the same amount in both."""
    sizes = [np.diff(each.indptr) for each in (one, other)]
    _, codes = np.unique(np.concatenate([_keys(one), _keys(other)]), return_inverse=True)
    width = int(codes.max(initial=0)) + 1
    first, second = (
        csr_matrix(
            (np.ones(len(some)), (some, np.repeat(np.arange(len(size)), size))),
            shape=(width, len(size)),
        )
        for some, size in zip((codes[: one.nnz], codes[one.nnz :]), sizes, strict=True)
    )
    equal = (first.T @ second).tocoo()
    return equal.row, equal.col, equal.data


def _keys(amounts: csc_matrix) -> np.ndarray:
    """One number for who adds how much, to nine digits: a hash, since a hit is looked at."""
    values = amounts.data
    size = np.floor(np.log10(np.maximum(np.abs(values), 1e-300)))
    digits = np.round(values / 10.0 ** (size - 8)).astype(np.int64) * 1000 + size.astype(np.int64)
    digits[values == 0] = 0
    mixed = digits.astype(np.uint64) * _ODD
    return (mixed ^ (mixed >> np.uint64(29))) * _ODD + amounts.indices.astype(np.uint64)
