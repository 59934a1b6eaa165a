"""Amounts of two outputs whose difference is that of enough people, but mostly of one or two.

Such a difference is judged as if it were shown: by dominance and by the p % rule. What safe cells
add up to is safe, so only pairs of cells of different outputs have to be looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_matrix

from output_checks.linked.amount_pairs import Apart, alike, difference, scale
from output_checks.linked.amounts import Amount
from output_checks.linked.relations import TooManyError
from output_checks.policy import Policy
from output_checks.rules.dominance import severity_of_contributors
from output_checks.words import Verdict, share_text

_ALIKE = 0.5
"""Which part of the smaller cell's people must have the same amounts in both, at least."""
_ENTRIES = 2_000_000
"""What people add to the cells of one amount; of more, only some people tell which are alike."""
MOST_LOOKED_AT = 200_000_000
"""What people add to pairs of cells that are looked at one by one, at most."""
_EXACTLY = 1 - 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dominated:
    """Two shown cells whose difference one or two people make.

    who: the one who makes most of it. said: how much, in words.
    """

    apart: Apart
    who: int
    severity: Verdict
    said: str


def dominated(one: Amount, other: Amount, policy: Policy) -> list[Dominated]:
    """Find pairs of shown cells whose difference is of enough people and fails by their amounts.

    A difference that a cell of either output shows itself is judged there. Of one person only the
    smallest difference is given, and larger ones that are worse.
    Raises TooManyError where there are too many pairs to look at.
    """
    times = scale(one, other)
    found = [] if times == 0 else list(_found(one, other, times, policy))
    found.sort(key=lambda each: each.apart.people)
    worst: dict[int, int] = {}
    kept = []
    for each in found:
        rank = list(Verdict).index(each.severity)
        if rank > worst.get(each.who, 0):
            worst[each.who] = rank
            kept.append(each)
    return kept


def _found(one: Amount, other: Amount, times: float, policy: Policy) -> Iterator[Dominated]:
    entries = 0
    for first, second in _candidates(one, other, times, policy):
        people, left = _left(one, other, (first, second), times)
        entries += len(left)
        if entries > MOST_LOOKED_AT:
            raise TooManyError
        people, left = people[left != 0], left[left != 0]
        if len(left) < max(policy.threshold, 1) or _is_shown(people, left, one, other):
            continue
        severity, said = judged(np.abs(left), policy)
        if severity is not Verdict.PASS:
            yield Dominated(
                apart=Apart(
                    one=one,
                    other=other,
                    cells=(first, second),
                    times=times,
                    people=len(left),
                    left=left,
                ),
                who=int(people[np.abs(left).argmax()]),
                severity=severity,
                said=said,
            )


def _left(
    one: Amount, other: Amount, cells: tuple[int, int], times: float
) -> tuple[np.ndarray, np.ndarray]:
    """The people of either cell, and what each adds to the one and not to the other."""
    columns = one.by[:, [cells[0]]], other.by[:, [cells[1]]]
    people = np.union1d(columns[0].indices, columns[1].indices)
    both = np.zeros((2, len(people)))
    for row, column in zip(both, columns, strict=True):
        row[np.searchsorted(people, column.indices)] = column.data
    return people, difference(both[0], times * both[1])


def _candidates(
    one: Amount, other: Amount, times: float, policy: Policy
) -> Iterator[tuple[int, int]]:
    """Pairs of shown cells with many equal amounts, and one that is large beside the difference."""
    step = -(-max(one.by.nnz, other.by.nnz) // _ENTRIES) or 1
    columns = [np.flatnonzero(each.shown) for each in (one, other)]
    parts = [
        csc_matrix(each.by[::step])[:, some]
        for each, some in zip((one, other), columns, strict=True)
    ]
    rows, others, equal = alike(parts[0], parts[1] * times)
    sizes = [np.diff(part.indptr) for part in parts]
    is_alike = equal >= _ALIKE * np.minimum(sizes[0][rows], sizes[1][others])
    first, second = columns[0][rows[is_alike]], columns[1][others[is_alike]]
    left = np.abs(one.totals[first] - times * other.totals[second])
    largest = np.maximum(one.largest[first], abs(times) * other.largest[second])
    may_be = largest >= _least_share(policy) * left * _EXACTLY
    for cells in zip(first[may_be], second[may_be], strict=True):
        yield int(cells[0]), int(cells[1])


def _least_share(policy: Policy) -> float:
    """What one of a total must make up at least for any of the rules to find it."""
    ones = policy.dominance_1_review, policy.dominance_1_fail
    twos = policy.dominance_2_review, policy.dominance_2_fail
    return min(min(ones) / 100, min(twos) / 200, 1 / (2 + policy.p_percent / 100))


def judged(contributions: np.ndarray, policy: Policy) -> tuple[Verdict, str]:
    """How bad a total of these absolute contributions is, and why."""
    second, first = np.sort(contributions)[-2:] if len(contributions) > 1 else (0.0, *contributions)
    total = contributions.sum()
    shares = [100 * first / total, 100 * (first + second) / total]
    found = [
        (
            severity_of_contributors(policy, count, share),
            f"{who} {share_text(share)} of it",
        )
        for count, who, share in zip((1, 2), ("one makes up", "two make up"), shares, strict=True)
    ]
    rest = max(total - first - second, 0.0)
    if rest < policy.p_percent / 100 * first * _EXACTLY:
        near = f"{100 * rest / first:.1f} %"
        said = f"the second largest can work out the largest to within {near}"
        found.append((Verdict.FAIL, said))
    return max(found, key=lambda one: list(Verdict).index(one[0]))


def _is_shown(people: np.ndarray, left: np.ndarray, one: Amount, other: Amount) -> bool:
    """Whether a cell of either output shows just these people, and what they add to it."""
    for amount in (one, other):
        sizes = np.diff(amount.by.indptr)
        for cell in np.flatnonzero(amount.shown & (sizes == len(people))):
            column = amount.by[:, [cell]]
            if np.array_equal(column.indices, people) and _are_alike(column.data, left):
                return True
    return False


def _are_alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether amounts are the same but for one factor, a sign among them."""
    return bool(np.allclose(one * other[0], other * one[0], rtol=1e-9, atol=0))
