"""Variables that are others in another unit, or are made of two others: found in the data.

What cost in pounds tells, cost in thousands tells too, whatever it is called; and cost plus days
beside days tells cost. Texts are not compared: the numbers of all rows are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from output_checks.linked.conditions import Rows
from output_checks.linked.descriptions import is_impossible
from output_checks.linked.views import View

_SAME = 1e-9
_MATTERS = 1e-6
_SAMPLE = 2_000
MOST_VARIABLES = 12
"""Variables that are held against two others each, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A variable as `times` another and `plus` the same for everybody."""

    of: str
    times: float = 1.0
    plus: float = 0.0


def copies(numbers: Mapping[str, np.ndarray]) -> dict[str, Copy]:
    """For every variable the first that it is a copy of in another unit; itself where none is.

    The other way round: that first one is `times` the variable and `plus`.
    """
    found: dict[str, Copy] = {}
    for key, column in numbers.items():
        for first in dict.fromkeys(one.of for one in found.values()):
            fit = _fit(numbers[first], [column])
            if fit is not None:
                found[key] = Copy(of=first, times=fit[0], plus=fit[1])
                break
        else:
            found[key] = Copy(of=key)
    return found


def with_copies(rows: Rows) -> Rows:
    """The rows, of which tables that ask for copies of one variable are said to ask for the same.

    A sum or mean of each tells those of the others; people with a value are the same people.
    """
    found = copies(rows.numbers)
    first: dict[str, str] = {}
    asked = []
    for one in rows.asked:
        key, per, _ = one.numbers
        if not key or per or len(one.values) != 1:
            asked.append(one)
            continue
        copy = found[key]
        quantity = first.setdefault(copy.of, one.values[0])
        asked.append(replace(one, quantity=quantity, scale=(copy.times, copy.plus)))
    return replace(rows, asked=tuple(asked))


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """Three quantities of which any two tell the third."""

    quantities: tuple[str, str, str]


def circuits(rows: Rows) -> list[Circuit]:
    """Quantities that are sums of multiples of two others, such as cost plus days; and ratios.

    A ratio and its denominator tell the numerator. More variables than can be held against each
    other are not.
    """
    keys: dict[str, str] = {}
    quantities = {one.numbers[0]: one.quantity for one in rows.asked if one.quantity}
    for number, quantity in quantities.items():
        keys.setdefault(quantity, number)
    found = []
    for one in rows.asked:
        if len(one.values) == 2:
            above, below = (quantities.get(number, "") for number in one.numbers[:2])
            three = (" and ".join(one.values), above, below)
            if all(three) and len(set(three)) == len(three):
                found.append(Circuit(quantities=three))
    if len(keys) > MOST_VARIABLES:
        return found
    return found + [
        Circuit(quantities=three)
        for three in combinations(keys, 3)
        if _fit(rows.numbers[keys[three[0]]], [rows.numbers[keys[one]] for one in three[1:]])
    ]


def combined(found: Sequence[Circuit], views: Sequence[View]) -> Iterator[View]:
    """What two shown quantities of the same people tell of a third, as if it were shown."""
    for circuit in found:
        for wanted in circuit.quantities:
            one, other = (each for each in circuit.quantities if each != wanted)
            firsts = [view for view in views if view.quantity == one]
            seconds = [view for view in views if view.quantity == other]
            for first in firsts:
                for second in seconds:
                    if first.output is not second.output:
                        yield from _both(first, second, wanted)


def _both(first: View, second: View, wanted: str) -> Iterator[View]:
    """Cells that both show, of the output that is not out yet where one is not."""
    if first.output.released:
        first, second = second, first
    shown = {second.cells[cell] for cell in np.flatnonzero(second.published)}
    told = np.array([one in shown and not is_impossible(one) for one in first.cells], dtype=bool)
    told &= first.published
    if told.any():
        yield replace(
            first,
            quantity=wanted,
            least=np.where(told, first.truth, 0.0),
            most=np.where(told, first.truth, np.inf),
            hidden=np.zeros(len(told), dtype=bool),
            whole=None,
            beside=second.output.name,
        )


def _fit(one: np.ndarray, others: Sequence[np.ndarray]) -> tuple[float, ...] | None:
    """How often each of the others is taken and what is added; None where that gives not the one.

    Each must have a value where the others have, and matter for the result.
    """
    is_there = np.isfinite(one)
    rows = np.flatnonzero(is_there)
    some = rows[:: max(len(rows) // _SAMPLE, 1)]
    columns, target = _columns(others, some), one[some]
    if len(some) <= 2 * columns.shape[1] or not target.std():
        return None
    if any((np.isfinite(each) != is_there).any() for each in others):
        return None
    spread = columns[:, :-1].std(axis=0)
    scale = np.maximum(np.abs(columns).max(axis=0), 1e-300)
    times, _, rank, _ = np.linalg.lstsq(columns / scale, target, rcond=None)
    times = times / scale
    matters = np.abs(times[:-1]) * spread >= _MATTERS * target.std()
    if rank < columns.shape[1] or not matters.all():
        return None
    if _is_off(target, columns, times) or _is_off(one[rows], _columns(others, rows), times):
        return None
    return tuple(float(each) for each in times)


def _columns(others: Sequence[np.ndarray], rows: np.ndarray) -> np.ndarray:
    return np.stack([*(each[rows] for each in others), np.ones(len(rows))], axis=1)


def _is_off(target: np.ndarray, columns: np.ndarray, times: np.ndarray) -> bool:
    return bool(np.abs(columns @ times - target).max() > _SAME * np.abs(target).max())
