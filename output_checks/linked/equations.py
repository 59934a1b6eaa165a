"""What means, shares and sums say of numbers of people: linear equations with real coefficients.

For cells that a total is the sum of, people times mean add up: n1·m1 + n2·m2 = N·M, and since
N = n1 + n2 it is n1·(m1 - M) + n2·(m2 - M) = 0. In general the sums of a variable are unknowns
beside the numbers of people; whatever combination of shown cells makes all of these cancel out
(`elimination`) leaves an equation on people alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from scipy.sparse import csr_matrix, eye_array, hstack, vstack

from output_checks.linked.averages import Averages
from output_checks.linked.descriptions import is_impossible
from output_checks.linked.elimination import cancelling
from output_checks.linked.system import System, matrix_of

_NOISE, _WEAK = 1e-14, 1e-10
"""Differences of means, as a share of them, that are as good as none, and such of few digits."""
_SHARP = 1e3
"""How large rows are, so that the solver's tolerance is a thousandth of what it is elsewhere."""
_SLACK = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Equations:
    """rows: coefficients of a system's unknowns, of which the largest of each row is 1.

    is_weak: of some of them only the last digits of the means tell anything. multiples: groups of
    people, one row each, whose number is a multiple of a whole number; times: that number.
    """

    rows: csr_matrix
    is_weak: bool
    multiples: csr_matrix
    times: np.ndarray

    def says_nothing_of(self, unknowns: np.ndarray) -> bool:
        """Whether no equation and no multiple is about any of these unknowns."""
        return not (self.rows[:, unknowns].nnz or self.multiples[:, unknowns].nnz)

    @property
    def size(self) -> int:
        """How many rows they are in a system: the equations first, then the multiples."""
        return self.rows.shape[0] + len(self.times)

    def added_to(self, system: System, unknowns: np.ndarray, cap: int) -> System:
        """The system of a reader who knows these equations too.

        unknowns: those that are open. They are kept below four times what they are, or `cap`: a
        reader is taken to know no less, and the search in whole numbers has an end. How often a
        multiple is taken is one more unknown each.
        """
        single = csr_matrix(eye_array(len(system.truth), format="csr")[unknowns])
        right = _SHARP * (self.rows @ system.truth)
        most = np.maximum(4 * system.truth[unknowns], cap)
        nothing = np.zeros(len(self.times))
        sums = vstack([system.sums, _SHARP * self.rows, self.multiples, single])
        first, count = len(system.named) + self.rows.shape[0], len(self.times)
        numbers = np.arange(count)
        often = csr_matrix((-self.times, (first + numbers, numbers)), shape=(sums.shape[0], count))
        more = self.size + len(unknowns)
        return replace(
            system,
            sums=csr_matrix(hstack([sums, often])),
            least=np.concatenate([system.least, right - _SLACK, nothing, np.zeros(len(unknowns))]),
            most=np.concatenate([system.most, right + _SLACK, nothing, most]),
            named=(*system.named, *[()] * more),
            twice=np.append(system.twice, np.zeros(more)),
            truth=np.append(system.truth, np.round(self.multiples @ system.truth / self.times)),
        )


def equations_of(system: System, averages: Sequence[Averages]) -> Equations:
    """Everything that shown means, shares and sums say of the unknowns of a system.

    Raises TooLargeError.
    """
    counted, width = _counted(system), len(system.truth)
    rows, weak = [csr_matrix((0, width))], False
    for variable in dict.fromkeys(each.variable for each in averages):
        some = [each for each in averages if each.variable == variable]
        for row, is_weak in _of_variable(system, some, counted):
            rows.append(row)
            weak |= is_weak
    multiples = list(dict.fromkeys(_multiples(system, averages, counted)))
    return Equations(
        rows=csr_matrix(vstack(rows)),
        is_weak=weak,
        multiples=matrix_of(
            [(np.frombuffer(key, np.int64), np.ones(len(key) // 8)) for key, _ in multiples], width
        ),
        times=np.array([times for _, times in multiples], dtype=float),
    )


def _multiples(
    system: System, averages: Sequence[Averages], counted: set[bytes]
) -> Iterator[tuple[bytes, int]]:
    for one in averages:
        for cell in np.flatnonzero(one.multiple > 1):
            key = _key(system.members(one.view.cells[cell]))
            if key not in counted:
                yield key, int(one.multiple[cell])


def _of_variable(
    system: System, averages: Sequence[Averages], counted: set[bytes]
) -> Iterator[tuple[csr_matrix, bool]]:
    cells = [
        (system.members(one.view.cells[cell]), one.each[cell], one.fixed[cell])
        for one in averages
        for cell in np.flatnonzero(one.shown)
        if not is_impossible(one.view.cells[cell])
    ]
    shown = matrix_of([(row, np.ones(len(row))) for row, *_ in cells], len(system.truth))
    each = np.array([mean for _, mean, _ in cells])
    fixed = np.array([total for *_, total in cells])
    is_open = np.array([_key(row) not in counted for row, *_ in cells])
    agreeing = np.array([not named for named in system.named], dtype=bool)
    sums = csr_matrix(vstack([shown, system.sums[np.flatnonzero(agreeing)]]))
    for combination in cancelling(_distinct(sums)):
        row = _equation(shown, (each, fixed), is_open, combination)
        if row is not None:
            yield row


def _counted(system: System) -> set[bytes]:
    """The groups whose number of people is known, each as its unknowns."""
    starts = system.sums.indptr
    return {
        _key(system.sums.indices[starts[row] : starts[row + 1]])
        for row in np.flatnonzero(system.least == system.most)
        if system.named[row]
    }


def _key(members: np.ndarray) -> bytes:
    return np.sort(members).astype(np.int64).tobytes()


def _distinct(sums: csr_matrix) -> list[dict[int, int]]:
    """The rows, with columns that are the same everywhere as one."""
    columns = sums.tocsc()
    columns.sort_indices()
    numbers: dict[tuple[bytes, bytes], int] = {}
    rows: list[dict[int, int]] = [{} for _ in range(sums.shape[0])]
    for start, end in zip(columns.indptr[:-1], columns.indptr[1:], strict=True):
        inside, values = columns.indices[start:end], columns.data[start:end]
        key = inside.tobytes(), values.tobytes()
        if len(inside) and key not in numbers:
            numbers[key] = len(numbers)
            for row, value in zip(inside, values, strict=True):
                rows[row][numbers[key]] = int(value)
    return rows


def _equation(
    shown: csr_matrix,
    values: tuple[np.ndarray, np.ndarray],
    is_open: np.ndarray,
    combination: Mapping[int, Fraction],
) -> tuple[csr_matrix, bool] | None:
    """The coefficients of an equation, and whether they are weak; None where it says nothing.

    Means are taken from the mean of the largest group, as sums of differences are more exact than
    differences of sums. Groups whose number is known are no part of it. is_open: the others.
    """
    each, fixed = values
    inside = sorted(one for one in combination if one < len(each))
    if not inside or not (each[inside].any() or fixed[inside].any()):
        return None
    times = np.array([float(combination[one]) for one in inside])
    part = csr_matrix(shown[inside])
    largest = each[inside][np.argmax(np.diff(part.indptr) * (each[inside] != 0))]
    row = (times * (each[inside] - largest) * is_open[inside]) @ part
    size = np.abs(times).max() * np.abs(each[inside]).max()
    row[np.abs(row) <= _NOISE * size] = 0.0
    if not row.any():
        return None
    return csr_matrix(row / np.abs(row).max()), bool(np.abs(row).max() <= _WEAK * size)
