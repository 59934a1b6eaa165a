"""What is behind the cells of one set of keys, counted by unit and by record."""

import numpy as np
import polars as pl

from output_checks.evidence.columns import LABEL, WEIGHT
from output_checks.evidence.people import Amount, Array, People
from output_checks.evidence.sizes import Sizes
from output_checks.evidence.tally import Counts, Extremes, Largest, Sum

_ONES = ("units_with_value", "units_not_zero")
_WEIGHING = "units_weighing"


class Contributions:
    """What units contribute: how many, sums, signs, the largest, and whether all are equal."""

    def __init__(self, cells: int, variable: str, sizes: Sizes) -> None:
        self.own = sizes.exact.get(variable)
        self.given = sizes.products.get(variable, self.own)
        names = [*_ONES, "negative", "positive", *[_WEIGHING] * (variable in sizes.products)]
        self.counts = Counts(cells, names)
        self.sums = [Sum(cells, self.given) for _ in ("plain", "absolute") if self.given]
        self.weights = [Sum(cells, sizes.exact[WEIGHT]) for _ in _ONES if WEIGHT in sizes.exact]
        self.extremes, self.largest = Extremes(cells), Largest(cells)

    def add(self, cells: Array, amount: Amount, weights: list[Array]) -> None:
        """Count units, one row for each of their cells. weights: limbs."""
        for name, which in zip(_ONES, (amount.has, amount.counts), strict=True):
            self.counts.add(name, cells if which.all() else cells[which])
        for total, which in zip(self.weights, (amount.has, amount.counts), strict=False):
            total.add(cells[which], [limb[which] for limb in weights])
        if _WEIGHING in self.counts.counts:
            self.counts.add(_WEIGHING, cells[amount.weighs])
        if self.own is None or self.given is None:
            return
        if not amount.has.all():
            cells, amount = cells[amount.has], amount.at(np.flatnonzero(amount.has))
        own = self.own.steps(amount.own)
        given = own if amount.given is amount.own else self.given.steps(amount.given)
        below = given < 0
        self.counts.add("negative", cells[below])
        self.counts.add("positive", cells[given > 0])
        limbs = amount.given
        self.sums[0].add(cells, limbs)
        if below.any():
            limbs = [np.where(below, -limb, limb) for limb in limbs]
        self.sums[1].add(cells, limbs)
        self.extremes.see(cells, own, own)
        self.largest.see(cells, np.abs(given))

    def absorb(self, other: "Contributions", cells: Array) -> None:
        """Add what other units contribute; cells: where each of their cells belongs."""
        self.counts.absorb(other.counts, cells)
        mine, theirs = self.sums + self.weights, other.sums + other.weights
        for total, added in zip(mine, theirs, strict=True):
            total.absorb(added, cells)
        self.extremes.see(cells, other.extremes.least, other.extremes.most)
        self.largest.see(cells, other.largest.first)
        self.largest.see(cells, other.largest.second)


class Units:
    """The units of each cell, their weights, and what they contribute."""

    def __init__(self, cells: int, sizes: Sizes) -> None:
        self.weights = [Sum(cells, sizes.exact[WEIGHT])] if WEIGHT in sizes.exact else []
        self.counts = Counts(cells, ["units", *["weighing_units"] * len(self.weights)])
        self.heaviest = Largest(cells)
        self.of = {name: Contributions(cells, name, sizes) for name in sizes.variables}

    def add(self, people: People) -> None:
        """Count people, one row for each of their cells."""
        self.counts.add("units", people.cells)
        limbs: list[Array] = []
        if people.weights is not None:
            exact = self.weights[0].exact
            limbs = exact.cut(people.weights)
            self.weights[0].add(people.cells, limbs)
            self.counts.add("weighing_units", people.cells[people.weights > 0])
            self.heaviest.see(people.cells, exact.steps(limbs))
        for name, amount in people.amounts.items():
            self.of[name].add(people.cells, amount, limbs)

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
    """The records of each cell: how many, with a value, and between which numbers."""

    def __init__(self, cells: int, sizes: Sizes) -> None:
        self.sizes = sizes
        self.counts = Counts(cells, ["records", *sizes.variables])
        self.extremes = {name: Extremes(cells) for name in sizes.variables}
        weight = sizes.exact.get(WEIGHT)
        self.weights = {name: Sum(cells, weight) for name in sizes.variables if weight}

    def add(self, rows: pl.DataFrame, every: Array) -> None:
        """Count records; every: their cells."""
        self.counts.add("records", every)
        for name, extremes in self.extremes.items():
            is_number = name in self.sizes.exact
            column = rows[name if is_number else LABEL]
            has = column.is_not_null().to_numpy()
            cells = every if has.all() else every[has]
            self.counts.add(name, cells)
            if is_number:
                numbers = column.drop_nulls().to_numpy()
                extremes.see(cells, numbers, numbers)
            if name in self.weights:
                total = self.weights[name]
                total.add(cells, total.exact.cut(rows[WEIGHT].to_numpy()[has]))

    def absorb(self, other: "Records", cells: Array) -> None:
        """Add other records; cells: where each of their cells belongs."""
        self.counts.absorb(other.counts, cells)
        for name, mine in self.extremes.items():
            mine.see(cells, other.extremes[name].least, other.extremes[name].most)
        for name, total in self.weights.items():
            total.absorb(other.weights[name], cells)
