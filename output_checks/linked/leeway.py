"""How much rounding leaves open of a difference of sums: what the strongest reader can tell of it.

They know who is in which cell and whose amounts are the same multiple of each other in all outputs,
as definitions say; of the amounts they know what is published, to within half a base where it is
rounded. People who are alike in this are one unknown, their amounts together: a linear program.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix, diags_array, hstack

from output_checks.linked.amount_pairs import scale
from output_checks.linked.amounts import Amount
from output_checks.protect.solver import INFINITY, Model

MOST_ALIKE = 4_000
"""Sets of people who are alike, at most; of more nothing is worked out."""
MOST_ENTRIES = 4_000_000
_RELATED, _MOSTLY = 0.1, 0.5
_DIGITS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A cell of an amount, and how often it is taken; below 0 where it is subtracted."""

    amount: Amount
    cell: int
    times: float


@dataclass(frozen=True, kw_only=True, eq=False)
class _Reader:
    """Some amounts, with all that is known of their cells; by their columns one after the other."""

    amounts: tuple[Amount, ...]

    @cached_property
    def _alike(self) -> tuple[csr_matrix, np.ndarray] | None:
        """What a set of people adds to every column for one of its first; and its first, in all."""
        entries = csr_matrix(hstack([one.by for one in self.amounts]))
        if entries.nnz > MOST_ENTRIES:
            return None
        entries.sort_indices()
        entries = entries[np.flatnonzero(np.diff(entries.indptr))]
        first = entries.data[entries.indptr[:-1]]
        shares = csr_matrix(diags_array(1 / first) @ entries)
        # Rows are the same where two sums of them at random are.
        chance = np.random.default_rng(0).uniform(1.0, 2.0, (entries.shape[1], 2))
        keys = np.round(shares @ chance, _DIGITS)
        _, kept, which = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        if len(kept) > MOST_ALIKE:
            return None
        return csr_matrix(shares[kept]), np.bincount(which.ravel(), weights=first)

    @cached_property
    def _limits(self) -> tuple[np.ndarray, np.ndarray]:
        """From what to what every column is known."""
        ranges = [one.range() for one in self.amounts]
        return np.concatenate([low for low, _ in ranges]), np.concatenate([up for _, up in ranges])

    def span(self, combination: Sequence[Taken]) -> tuple[float, float] | None:
        """From what to what a combination of cells is; None where that is not worked out."""
        if self._alike is None:
            return None
        shares, truth = self._alike
        low, high = self._limits
        unit = max(float(np.abs(truth).max(initial=0.0)) / 1000, 1e-300)
        known = np.flatnonzero(np.isfinite(low) | np.isfinite(high))
        costs = self._wanted(combination) @ shares.T
        negative = any((one.by.data < 0).any() for one in self.amounts)
        least = np.full(len(truth), -INFINITY if negative else 0.0)
        if not len(known):
            return -np.inf, np.inf
        right = _for_the_solver(low[known] / unit), _for_the_solver(high[known] / unit)
        model = Model(
            csr_matrix(csc_matrix(shares)[:, known].T),
            right,
            (least, np.full(len(truth), INFINITY)),
            whole=False,
        )
        ends = []
        for sign in (1.0, -1.0):
            model.set_costs(sign * costs)
            found = model.minimise()
            if found.status not in {"optimal", "unbounded"}:
                return None
            ends.append(-np.inf if found.status == "unbounded" else found.value * unit)
        return ends[0], -ends[1]

    def _wanted(self, combination: Sequence[Taken]) -> np.ndarray:
        """How often every column is taken."""
        starts = np.cumsum([0, *(one.by.shape[1] for one in self.amounts)])
        wanted = np.zeros(starts[-1])
        for taken in combination:
            at = next(i for i, one in enumerate(self.amounts) if one is taken.amount)
            wanted[starts[at] + taken.cell] += taken.times
        return wanted


class Leeway:
    """What all outputs together leave open of differences of amounts, of which some are rounded."""

    def __init__(self, amounts: Sequence[Amount]) -> None:
        self._amounts = tuple(amounts)
        self._readers: dict[frozenset[int], _Reader] = {}
        self._multiples: dict[tuple[int, int], bool] = {}

    def span(self, combination: Sequence[Taken]) -> tuple[float, float] | None:
        """From what to what it is; None where nobody has worked that out, or rounding is no range.

        Amounts that are seen in positions and spreads, and shares of controlled counts, are known
        in other ways than to within a range.
        """
        if not any(one.amount.is_rounded for one in combination):
            return None
        related = [one for one in self._amounts if self._is_related(one, combination)]
        return self._told(related, combination)

    def with_weights(self, cell: Taken) -> tuple[float, float] | None:
        """From what to what a withheld weighted count is for who knows what everybody weighs.

        Beside the numbers of people that outputs show: of those who weigh alike these tell it. None
        where no output shows any, or nobody has worked it out.
        """
        counts = [
            one for one in self._amounts if one.is_people and one.base == 0 and one.shown.any()
        ]
        weighted = [one for one in self._amounts if one.variable == cell.amount.variable]
        return self._told([*weighted, *counts], [cell]) if counts else None

    def _told(
        self, related: Sequence[Amount], combination: Sequence[Taken]
    ) -> tuple[float, float] | None:
        if any(one.base is None for one in related):
            return None
        key = frozenset(map(id, related))
        reader = self._readers.setdefault(key, _Reader(amounts=tuple(related)))
        return reader.span(combination)

    def _is_related(self, one: Amount, combination: Sequence[Taken]) -> bool:
        """Whether it is of the combination, or the same multiple of it for many people."""
        return any(
            one is taken.amount
            or one.variable == taken.amount.variable
            or self._are_multiples(one, taken.amount)
            for taken in combination
        )

    def _are_multiples(self, one: Amount, other: Amount) -> bool:
        """The same, looked at once; of numbers of people if they are a multiple for most."""
        key = id(one), id(other)
        if key not in self._multiples:
            enough = _MOSTLY if one.is_people or other.is_people else _RELATED
            self._multiples[key] = _share_of_multiples(one, other) > enough
        return self._multiples[key]


def _share_of_multiples(one: Amount, other: Amount) -> float:
    times = scale(one, other)
    x, y = (np.asarray(abs(each.by).max(axis=1).todense()).ravel() for each in (one, other))
    both = np.flatnonzero((x != 0) & (y != 0))
    if times == 0 or not len(both):
        return 0.0
    return float(np.isclose(x[both], abs(times) * y[both], rtol=1e-9).mean())


def _for_the_solver(side: np.ndarray) -> np.ndarray:
    return np.clip(side, -INFINITY, INFINITY)
