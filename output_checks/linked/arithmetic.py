"""The subtraction that gives a group away, as a reader would write it down.

A group that follows from sums is a combination of them: looked for with few terms, then checked
in exact fractions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.sparse import csr_matrix, hstack, vstack

from output_checks.linked.reader import NOT_SETTLED, NOTHING, settled
from output_checks.linked.system import System
from output_checks.protect.solver import INFINITY, Model

_AGREEMENT = 0.001
"""What a term costs that only says that two clusters agree: nobody has to write it down."""
_FINEST = 60
_MOST_TIMES = 20.0
_NEARLY_SHORTEST, _NODES = 0.5, 50
"""How far a combination in whole numbers may be from the shortest, and how long it is searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """terms: how often each sum is taken. group: the unknowns it comes to, and how often each.

    total: how many people it comes to.
    """

    terms: Mapping[int, Fraction]
    group: Mapping[int, Fraction]
    total: int

    @property
    def is_group(self) -> bool:
        """Whether it counts each person once or not at all."""
        return set(self.group.values()) <= {Fraction(1)}


class Arithmetic:
    """Looks for combinations of the sums of one system.

    usable: sums that may be used.
    """

    def __init__(self, system: System, usable: np.ndarray) -> None:
        self._system = system
        self._usable = usable & (system.least == system.most)
        self._by = settled(system, self._usable)
        self._by_unknown = system.sums.tocsc()

    def smallest_group(self, unknown: int, below: int) -> Combination | None:
        """A short combination of fewer than `below` people, those of one unknown among them.

        One that counts each person once is preferred; None where there is none at all.
        """
        rows, columns = self._around([unknown])
        low = np.where(columns == unknown, 1.0, 0.0)
        problem = _Problem(self._system, rows, columns, (low, np.ones(len(columns))))
        found = problem.solve(1, below - 1, whole=False)
        if found is not None and not found.is_group:
            return problem.solve(1, below - 1, whole=True) or found
        return found

    def exactly(self, unknowns: np.ndarray) -> Combination | None:
        """A combination that comes to just these unknowns; None where there is none."""
        rows, columns = self._around(unknowns)
        wanted = np.isin(columns, unknowns).astype(float)
        problem = _Problem(self._system, rows, columns, (wanted, wanted))
        return problem.solve(-INFINITY, INFINITY, whole=False)

    def _around(self, unknowns: Iterable[int]) -> tuple[np.ndarray, np.ndarray]:
        """Sums and unknowns that hang together with these; what is nobody is left out."""
        sums = self._system.sums
        rows: set[int] = set()
        todo = {int(one) for one in unknowns if self._by[one] != NOTHING}
        columns: set[int] = set()
        while todo:
            one = todo.pop()
            columns.add(one)
            by = self._by[one]
            start, end = self._by_unknown.indptr[one : one + 2]
            around = self._by_unknown.indices[start:end]
            near = around[self._usable[around]] if by == NOT_SETTLED else [by]
            for row in set(map(int, near)) - rows:
                rows.add(row)
                inside = sums.indices[sums.indptr[row] : sums.indptr[row + 1]]
                todo |= {int(i) for i in inside if self._by[i] != NOTHING} - columns
        inside = np.array(sorted(columns), dtype=int)
        return np.flatnonzero(self._usable & self._is_within(inside)), inside

    def _is_within(self, columns: np.ndarray) -> np.ndarray:
        """Which sums are of these unknowns alone, and of nobody else."""
        somebody = np.flatnonzero(self._by != NOTHING)
        sums = abs(self._system.sums)
        count = np.diff(csr_matrix(sums[:, somebody]).indptr)
        return (np.diff(csr_matrix(sums[:, columns]).indptr) == count) & (count > 0)


class _Problem:
    """Multiples of some sums, of the least cost, that come to a group between bounds."""

    def __init__(
        self,
        system: System,
        rows: np.ndarray,
        columns: np.ndarray,
        bounds: tuple[np.ndarray, np.ndarray],
    ) -> None:
        self._rows = rows
        self._columns = columns
        self._low, self._high = bounds
        self._part = csr_matrix(system.sums[rows][:, columns])
        self._values = self._part @ system.truth[columns]
        self._costs = np.array([1.0 if system.named[row] else _AGREEMENT for row in rows])

    def solve(self, least: float, most: float, *, whole: bool) -> Combination | None:
        """The combination with the fewest terms whose total is in between."""
        size = len(self._rows)
        if not size:
            return None
        matrix = vstack([self._part.T, csr_matrix(self._values)], format="csr")
        both = csr_matrix(hstack([matrix, -matrix]))
        right = np.append(self._low, least), np.append(self._high, most)
        times = np.full(2 * size, _MOST_TIMES)
        model = Model(both, right, (np.zeros(2 * size), times), whole=whole)
        if whole:
            model.accept(gap=_NEARLY_SHORTEST, near=0.0, nodes=_NODES)
        model.set_costs(np.concatenate([self._costs, self._costs]))
        found = model.minimise()
        if found.status != "optimal":
            return None
        return self._checked(found.columns[:size] - found.columns[size:])

    def _checked(self, times: np.ndarray) -> Combination | None:
        """The same in exact fractions; None where they do not come to what was asked for."""
        exact = [Fraction(float(one)).limit_denominator(_FINEST) for one in times]
        group: dict[int, Fraction] = {}
        total = Fraction(0)
        for number, one in enumerate(exact):
            if one:
                row = self._part[[number]]
                total += one * round(self._values[number])
                for column, sign in zip(row.indices, row.data, strict=True):
                    group[int(column)] = group.get(int(column), Fraction(0)) + one * int(sign)
        for column in range(len(self._columns)):
            if not self._low[column] <= group.get(column, 0) <= self._high[column]:
                return None
        return Combination(
            terms={int(self._rows[i]): one for i, one in enumerate(exact) if one},
            group={int(self._columns[i]): one for i, one in group.items() if one},
            total=int(total) if total.denominator == 1 else round(float(total)),
        )
