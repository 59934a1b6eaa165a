"""Rows as arrays, and rows of one unit and one cell made one where they stand together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from output_checks.evidence.columns import CELL, LABEL, NUMBER, UNIT, WEIGHT
from output_checks.evidence.sizes import Sizes

Array = np.ndarray
_KEY_BITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A variable of some people.

    has: who has a value. weighs: who also has a weight, where there are any. counts: in which of
    them it is not zero, or is the higher of its two values. own, given: limbs of
    its sum, and of its sum times the weight.
    """

    has: Array
    counts: Array
    weighs: Array
    own: list[Array]
    given: list[Array]

    def at(self, places: Array) -> "Amount":
        """That of some of them, in another order."""
        return self._each(lambda limb: limb[places], lambda flags: flags[places])

    def added(self, ends: Array) -> "Amount":
        """That of runs of rows, by the places of their last rows."""
        return self._each(lambda limb: _sums(limb, ends), lambda flags: _any(flags, ends))

    def _each(
        self, of_limb: Callable[[Array], Array], of_flags: Callable[[Array], Array]
    ) -> "Amount":
        own, has = list(map(of_limb, self.own)), of_flags(self.has)
        return Amount(
            has=has,
            counts=of_flags(self.counts),
            weighs=has if self.weighs is self.has else of_flags(self.weighs),
            own=own,
            given=own if self.given is self.own else list(map(of_limb, self.given)),
        )


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

    def in_cells(self, cells: Array, *, in_order: bool) -> "People":
        """The same people by other cells; in_order: the cells of each unit ascend already."""
        units = self.units
        if units is None:
            raise TypeError("rows that are a unit each are in one cell each")
        rows = People(units=units, cells=cells, weights=self.weights, amounts=self.amounts)
        if not in_order:
            rows = rows.at(_order(units, cells))
        ends = np.ones(len(units), dtype=bool)
        ends[:-1] = (units[1:] != units[:-1]) | (rows.cells[1:] != rows.cells[:-1])
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


def people_of(rows: pl.DataFrame, sizes: Sizes) -> People:
    """Every row by itself."""
    return People(
        units=rows[UNIT].to_numpy() if UNIT in rows.columns else None,
        cells=rows[CELL].to_numpy().astype(np.intp),
        weights=rows[WEIGHT].to_numpy() if WEIGHT in rows.columns else None,
        amounts={name: _amount(rows, name, sizes) for name in sizes.variables},
    )


def _amount(rows: pl.DataFrame, name: str, sizes: Sizes) -> Amount:
    if name not in sizes.exact:
        has = rows[LABEL].is_not_null().to_numpy()
        return Amount(has=has, counts=has, weighs=has, own=[], given=[])
    numbers = rows[name].fill_null(0.0).to_numpy()
    own = given = sizes.exact[name].cut(numbers)
    has = weighs = rows[name].is_not_null().to_numpy()
    counts = numbers != 0
    if name == NUMBER and sizes.higher is not None:
        counts = has & (numbers == sizes.higher)
    if name in sizes.products:
        weights = rows[WEIGHT].to_numpy()
        given = sizes.products[name].cut(numbers * weights)
        counts, weighs = counts & (weights > 0), has & (weights > 0)
    return Amount(has=has, counts=counts, weighs=weighs, own=own, given=given)


def _sums(limb: Array, ends: Array) -> Array:
    until = np.cumsum(limb)[ends]
    until[1:] -= until[:-1].copy()
    return until


def _any(flags: Array, ends: Array) -> Array:
    if flags.all():
        return flags[ends]
    return _sums(flags, ends) > 0


def _order(units: Array, cells: Array) -> Array:
    """Places of the rows in the order of unit and cell; units ascend already."""
    bits = [int(one).bit_length() for one in (units[-1] - units[0], cells.max(), len(units) - 1)]
    if sum(bits) > _KEY_BITS:
        return np.lexsort((cells, units))
    keys = (units - units[0]).astype(np.uint64) << np.uint64(bits[1] + bits[2])
    keys |= cells.astype(np.uint64) << np.uint64(bits[2])
    keys |= np.arange(len(units), dtype=np.uint64)
    keys.sort()
    keys &= np.uint64((1 << bits[2]) - 1)
    return keys.astype(np.intp)
