"""What is behind the cells of one set of keys, counted by unit and by record."""

from collections.abc import Mapping, Sequence

import numpy as np

from output_checks.evidence.columns import NUMBER, WEIGHT
from output_checks.evidence.exact import Exact
from output_checks.evidence.people import Amount, People
from output_checks.evidence.sizes import Sizes
from output_checks.evidence.tally import Counts, Extremes, Largest, Same, Sum
from output_checks.evidence.units import Array

_ONES = ("units_with_value", "units_not_zero")
_WEIGHING = "units_weighing"
_LOWER = "lower_units"
_OF_RECORDS = Exact(scale=1.0, bits=52, limbs=1)
"""How records are counted: each is one step."""


class Contributions:
    """What units contribute: how many, signs, the largest, and whether all are equal.

    below: the sum of the contributions below zero. heaviest: the largest weights of units that
    have a value. divisor: the largest of what units add to the number of records that a
    statistic is of, or to their weights.
    """

    def __init__(self, cells: int, variable: str, sizes: Sizes) -> None:
        self.own = sizes.exact.get(variable)
        self.given = sizes.products.get(variable, self.own)
        names = [*_ONES, "negative", "positive", *[_WEIGHING] * (variable in sizes.products)]
        names += [_LOWER] * (variable == NUMBER and sizes.higher is not None)
        self.counts = Counts(cells, names)
        self.below = [Sum(cells, self.given)] if self.given else []
        self.weights = [Sum(cells, sizes.exact[WEIGHT]) for _ in _ONES if WEIGHT in sizes.exact]
        self.same, self.largest, self.heaviest = Same(cells), Largest(cells), Largest(cells)
        self.divisor = Largest(cells)
        self.of_divisor = sizes.exact.get(WEIGHT, _OF_RECORDS)

    def add(self, cells: Array, everybody: Array, amount: Amount, weights: list[Array]) -> None:
        """Count units, one row for each of their cells, who are `everybody`. weights: limbs."""
        having = self._count(("units_with_value",), cells, everybody, amount.has)
        counts = amount.has if amount.counts is None else amount.counts
        self._count(("units_not_zero",), cells, everybody, counts)
        for total, which in zip(self.weights, (amount.has, counts), strict=False):
            some = slice(None) if which is None else which
            total.add(cells[some], [limb[some] for limb in weights])
        if self.weights:
            some = slice(None) if amount.has is None else amount.has
            self.heaviest.see(cells[some], self.weights[0].exact.steps(weights)[some])
        asked = {_WEIGHING: amount.weighs, _LOWER: amount.lower}
        for name in asked.keys() & self.counts.counts.keys():
            self._count((name,), cells, everybody, asked[name])
        if self.own is None or self.given is None:
            return
        if amount.has is not None:
            cells, amount = cells[amount.has], amount.at(np.flatnonzero(amount.has))
        own = self.own.steps(amount.own)
        given = own if amount.given is amount.own else self.given.steps(amount.given)
        if amount.divisor:
            self.divisor.see(cells, self.of_divisor.steps(amount.divisor))
        self._count(("positive",), cells, having, given > 0)
        self.same.see(cells, own)
        below = given < 0
        if below.any():
            self.counts.add("negative", cells[below])
            self.below[0].add(cells[below], [limb[below] for limb in amount.given])
            given = np.abs(given)
        self.largest.see(cells, given)

    def _count(
        self, names: Sequence[str], cells: Array, everybody: Array, which: Array | None
    ) -> Array:
        """Count some of the units, None for all; all of them are known to be `everybody`."""
        if which is not None and not which.all():
            everybody = np.bincount(cells[which], minlength=self.counts.cells)
        self.counts.more(names, everybody)
        return everybody

    def absorb(self, other: "Contributions", cells: Array) -> None:
        """Add what other units contribute; cells: where each of their cells belongs."""
        self.counts.absorb(other.counts, cells)
        mine, theirs = self.below + self.weights, other.below + other.weights
        for total, added in zip(mine, theirs, strict=True):
            total.absorb(added, cells)
        self.same.absorb(other.same, cells)
        for own, its in (
            (self.largest, other.largest),
            (self.heaviest, other.heaviest),
            (self.divisor, other.divisor),
        ):
            own.see(cells, its.first)
            own.see(cells, its.second)


class Units:
    """The units of each cell, their weights, and what they contribute."""

    def __init__(self, cells: int, sizes: Sizes) -> None:
        self.weights = [Sum(cells, sizes.exact[WEIGHT])] if WEIGHT in sizes.exact else []
        self.counts = Counts(cells, ["units", *["weighing_units"] * len(self.weights)])
        self.heaviest = Largest(cells)
        self.of = {name: Contributions(cells, name, sizes) for name in sizes.variables}

    def add(self, people: People) -> None:
        """Count people, one row for each of their cells."""
        everybody = np.bincount(people.cells, minlength=self.counts.cells)
        self.counts.more(("units",), everybody)
        limbs: list[Array] = []
        if people.weights is not None:
            exact = self.weights[0].exact
            limbs = exact.cut(people.weights)
            self.weights[0].add(people.cells, limbs)
            self.counts.add("weighing_units", people.cells[people.weights > 0])
            self.heaviest.see(people.cells, exact.steps(limbs))
        for name, amount in people.amounts.items():
            self.of[name].add(people.cells, everybody, amount, limbs)

    def absorb(self, other: "Units", cells: Array) -> None:
        """Add other units; cells: where each of their cells belongs."""
        self.counts.absorb(other.counts, cells)
        for total, added in zip(self.weights, other.weights, strict=True):
            total.absorb(added, cells)
        self.heaviest.see(cells, other.heaviest.first)
        self.heaviest.see(cells, other.heaviest.second)
        for name, mine in self.of.items():
            mine.absorb(other.of[name], cells)


class Records:
    """The records of each cell: how many, with a value, their sum, and whether all are equal.

    extremes: of NUMBER, for a spread.
    """

    def __init__(self, cells: int, sizes: Sizes) -> None:
        self.sizes = sizes
        self.counts = Counts(cells, ["records", *sizes.variables])
        self.sums = {
            name: Sum(cells, sizes.products.get(name, sizes.exact[name]))
            for name in sizes.variables
            if name in sizes.exact
        }
        self.same = {name: Same(cells) for name in sizes.variables}
        self.extremes = {name: Extremes(cells) for name in (NUMBER,) if sizes.has_spread}
        weight = sizes.exact.get(WEIGHT)
        self.weights = {name: Sum(cells, weight) for name in sizes.variables if weight}

    def add(self, rows: People, numbers: Mapping[str, Array]) -> None:
        """Count records, one row for each; numbers: of the variables."""
        every = np.bincount(rows.cells, minlength=self.counts.cells)
        self.counts.more(("records",), every)
        for name, amount in rows.amounts.items():
            self._add_values(rows, every, name, amount, numbers.get(name))

    def _add_values(
        self, rows: People, every: Array, name: str, amount: Amount, numbers: Array | None
    ) -> None:
        has = slice(None) if amount.has is None else amount.has
        cells = rows.cells[has]
        if amount.has is not None:
            every = np.bincount(cells, minlength=self.counts.cells)
        self.counts.more((name,), every)
        if numbers is not None:
            self.sums[name].add(rows.cells, amount.given)
            self.same[name].see(cells, numbers[has])
            if name in self.extremes:
                self.extremes[name].see(cells, numbers[has], numbers[has])
        if rows.weights is not None:
            total = self.weights[name]
            total.add(cells, total.exact.cut(rows.weights[has]))

    def absorb(self, other: "Records", cells: Array) -> None:
        """Add other records; cells: where each of their cells belongs."""
        self.counts.absorb(other.counts, cells)
        for name, total in self.sums.items():
            total.absorb(other.sums[name], cells)
        for name, total in self.weights.items():
            total.absorb(other.weights[name], cells)
        for name, same in self.same.items():
            same.absorb(other.same[name], cells)
        for name, one in self.extremes.items():
            one.see(cells, other.extremes[name].least, other.extremes[name].most)
