"""Rows as arrays, and rows of one unit and one cell made one where they stand together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from output_checks.evidence.columns import CELL, LABEL, NUMBER, WEIGHT
from output_checks.evidence.rows import Part
from output_checks.evidence.sizes import Sizes
from output_checks.evidence.units import Array

_KEY_BITS = 64
_SHORT_KEY_BITS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A variable of some people.

    has: who has a value, None for all. weighs: who also has a weight, where there are any. counts:
    in which of them it is not zero, or is the higher of its two values; None for all who have one.
    lower: in which of them it is the lower of its two values; None where it has not just two.
    own, given: limbs of its sum, and of its sum times the weight. divisor: limbs of what it adds to
    how many records a statistic is of, or to their weights; none where that is not asked.
    """

    has: Array | None
    counts: Array | None
    lower: Array | None
    weighs: Array | None
    own: list[Array]
    given: list[Array]
    divisor: list[Array]

    def at(self, places: Array) -> "Amount":
        """That of some of them, in another order."""
        return self._each(lambda limb: limb[places], lambda flags: flags[places])

    def added(self, ends: Array) -> "Amount":
        """That of runs of rows, by the places of their last rows."""
        return self._each(lambda limb: _sums(limb, ends), lambda flags: _sums(flags, ends) > 0)

    def _each(
        self, of_limb: Callable[[Array], Array], of_flags: Callable[[Array], Array]
    ) -> "Amount":
        has, counts, lower, weighs = (
            None if flags is None else of_flags(flags)
            for flags in (self.has, self.counts, self.lower, self.weighs)
        )
        own = list(map(of_limb, self.own))
        given = own if self.given is self.own else list(map(of_limb, self.given))
        divisor = list(map(of_limb, self.divisor))
        return Amount(
            has=has,
            counts=counts,
            lower=lower,
            weighs=weighs,
            own=own,
            given=given,
            divisor=divisor,
        )

    def is_bare(self) -> bool:
        """Whether there is nothing to add up."""
        return self.has is None and self.counts is None and not self.own


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Units, one row for each and each of its cells; units ascend, None if each row is one."""

    units: Array | None
    cells: Array
    weights: Array | None
    amounts: Mapping[str, Amount]

    def at(self, places: Array) -> "People":
        """Some of the rows, in another order."""
        return self._each(lambda array: array[places], lambda amount: amount.at(places))

    def added(self, ends: Array) -> "People":
        """Runs of rows made one, by the places of their last rows."""
        return self._each(lambda array: array[ends], lambda amount: amount.added(ends))

    def in_cells(self, cells: Array, *, in_order: bool, is_last: bool = False) -> "People":
        """The same people by other cells.

        in_order: the cells of each unit ascend already. is_last: the units need not be told apart
        any more.
        """
        rows = replace(self, cells=cells)
        if not in_order:
            rows = _sorted(rows)
        units = rows.units
        if units is None:
            raise TypeError("rows that are a unit each are in one cell each")
        ends = np.ones(len(cells), dtype=bool)
        np.not_equal(units[1:], units[:-1], out=ends[:-1])
        ends[:-1] |= rows.cells[1:] != rows.cells[:-1]
        if is_last:
            rows = replace(rows, units=None)
        return rows if ends.all() else rows.added(np.flatnonzero(ends))

    def are_alone(self) -> Array:
        """Which rows are the only one of their unit."""
        if self.units is None:
            return np.ones(len(self.cells), dtype=bool)
        changes = np.ones(len(self.cells) + 1, dtype=bool)
        changes[1:-1] = self.units[1:] != self.units[:-1]
        return changes[1:] & changes[:-1]

    def _each(
        self, of_array: Callable[[Array], Array], of_amount: Callable[[Amount], Amount]
    ) -> "People":
        return People(
            units=None if self.units is None else of_array(self.units),
            cells=of_array(self.cells),
            weights=None if self.weights is None else of_array(self.weights),
            amounts={name: of_amount(amount) for name, amount in self.amounts.items()},
        )


def people_of(part: Part, start: int, end: int, sizes: Sizes) -> tuple[People, dict[str, Array]]:
    """Every row of a piece by itself, and its numbers, 0 where they are missing."""
    if part.order is None:
        units, some = None, slice(start, end)
        cells = part.columns[CELL][some].astype(np.intp)
    else:
        units, cells, some = part.order.piece(start, end)
        units = units - units[0]
    weights = part.columns[WEIGHT][some] if WEIGHT in part.columns else None
    amounts, numbers = {}, {}
    for name in sizes.variables:
        known = part.known.get(name if name in sizes.exact else LABEL)
        has = None if known is None else known[some]
        if name in sizes.exact:
            numbers[name] = part.columns[name][some]
            amounts[name] = _amount(numbers[name], has, weights, name, sizes)
        else:
            amounts[name] = Amount(
                has=has, counts=None, lower=None, weighs=has, own=[], given=[], divisor=[]
            )
    return People(units=units, cells=cells, weights=weights, amounts=amounts), numbers


def _amount(
    numbers: Array, has: Array | None, weights: Array | None, name: str, sizes: Sizes
) -> Amount:
    own = given = sizes.exact[name].cut(numbers)
    weighs, counts, lower = has, numbers != 0, None
    if name == NUMBER and sizes.higher is not None:
        counts = (numbers == sizes.higher) & (True if has is None else has)
        lower = (numbers != sizes.higher) & (True if has is None else has)
    if weights is not None:
        given = sizes.products[name].cut(numbers * weights)
        weighs = (weights > 0) & (True if has is None else has)
        counts = counts & weighs
        lower = None if lower is None else lower & weighs
    everybody = weights is None and counts.all()
    return Amount(
        has=has,
        counts=None if everybody else counts,
        lower=lower,
        weighs=weighs,
        own=own,
        given=given,
        divisor=_divisor(has, weights, len(numbers), name, sizes),
    )


def _divisor(
    has: Array | None, weights: Array | None, rows: int, name: str, sizes: Sizes
) -> list[Array]:
    """Of each record 1, or its weight, where it has a value."""
    if name != NUMBER or not sizes.has_divisor:
        return []
    if weights is None:
        return [np.ones(rows, dtype=np.int64) if has is None else has.astype(np.int64)]
    return sizes.exact[WEIGHT].cut(weights if has is None else np.where(has, weights, 0.0))


def _sums(limb: Array, ends: Array) -> Array:
    until = np.cumsum(limb)[ends]
    until[1:] -= until[:-1].copy()
    return until


def _sorted(people: People) -> People:
    """The rows of each unit in the order of cells; units ascend already."""
    units, cells = people.units, people.cells
    if units is None:
        return people
    widths = [int(one).bit_length() for one in (units[-1] - units[0], cells.max(), len(units) - 1)]
    is_bare = people.weights is None and all(one.is_bare() for one in people.amounts.values())
    if not is_bare or sum(widths[:2]) > _KEY_BITS:
        return people.at(_order(units, cells, widths))
    kind = np.uint32 if sum(widths[:2]) <= _SHORT_KEY_BITS else np.uint64
    keys = (units - units[0]).astype(kind)
    keys <<= kind(widths[1])
    keys |= cells.astype(kind)
    keys.sort()
    cells = (keys & kind((1 << widths[1]) - 1)).astype(np.intp)
    return replace(people, units=keys >> kind(widths[1]), cells=cells)


def _order(units: Array, cells: Array, widths: Sequence[int]) -> Array:
    """Places of the rows in that order. widths: bits of unit, cell and place."""
    if sum(widths) > _KEY_BITS:
        return np.lexsort((cells, units))
    keys = (units - units[0]).astype(np.uint64)
    keys <<= np.uint64(widths[1])
    keys |= cells.astype(np.uint64)
    keys <<= np.uint64(widths[2])
    keys |= np.arange(len(units), dtype=np.uint64)
    keys.sort()
    keys &= np.uint64((1 << widths[2]) - 1)
    return keys.astype(np.intp)
