"""Variables whose values a trait tells: sums of them are sums of numbers of people.

A variable that is a dimension or a condition too, a copy of it or anything worked out of it is the
same for all people of one kind. Its sum is then each value times the people who have it, which are
what counts by that trait show: 1·x + 2·y is a sum of children, and x the people with one child.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_matrix, vstack

from output_checks.grid import Grid
from output_checks.linked.conditions import Asked, Rows
from output_checks.linked.descriptions import Describer, Description, mask_of
from output_checks.linked.members import Members
from output_checks.linked.system import System, matrix_of
from output_checks.linked.traits import People, determines, kinds_of_rows
from output_checks.linked.views import PEOPLE, Output, View
from output_checks.statistics import Kind

_ADDED_UP = frozenset({Kind.SUM, Kind.MEAN, Kind.PROPORTION, Kind.RATIO, Kind.SPREAD})
_MOST_PARTS = 60
"""Different values of one variable, at most: of more nobody solves for their people."""
_NOISE = 1e-12


@dataclass(frozen=True, kw_only=True, eq=False)
class Tie:
    """What one statistic says of people by their value of its variable.

    parts: the people of every cell who have one value, all those of one value as one view. above,
    below: for every part what a person adds to the figure's numerator and to its denominator; of a
    sum there is no denominator. shown: the cells whose figure is shown. people: the same cells with
    all their people who have a value. squares: it is a spread, of which a mean is taken for known.
    """

    output: Output
    grid: Grid
    parts: tuple[View, ...]
    above: np.ndarray
    below: np.ndarray
    shown: np.ndarray
    hidden: np.ndarray
    people: tuple[Description, ...]
    squares: bool = False

    @property
    def is_sum(self) -> bool:
        """Whether it has no denominator, so that nobody has to know how many people it is of."""
        return not self.below.any()

    @cached_property
    def counts(self) -> np.ndarray:
        """How many people have each value, by part and cell."""
        return np.stack([part.truth for part in self.parts])

    def equations(self, system: System) -> Iterator[csr_matrix]:
        """What its shown cells say of the unknowns of a system, one row of coefficients each."""
        for cell in np.flatnonzero(self.shown & (self.counts.sum(axis=0) > 0)):
            number = self.counts[:, cell]
            own = [self.above]
            if not self.is_sum:
                if not self.below @ number:
                    continue
                figure = (self.above @ number) / (self.below @ number)
                own = [self.above - figure * self.below]
                if self.squares:
                    own.append((self.above - figure) ** 2)
            members = [system.members(part.cells[cell]) for part in self.parts]
            for each in own:
                row = _row(members, each, len(system.truth))
                if row.nnz:
                    yield csr_matrix(row / np.abs(row.data).max())


def _row(members: Sequence[np.ndarray], each: np.ndarray, width: int) -> csr_matrix:
    small = np.abs(each) <= _NOISE * np.abs(each).max(initial=0.0)
    each = np.where(small, 0.0, each)
    columns = np.concatenate(members)
    values = np.concatenate([np.full(len(one), by) for one, by in zip(members, each, strict=True)])
    return matrix_of([(columns[values != 0], values[values != 0])], width)


def with_ties(rows: csr_matrix, system: System, ties: Iterable[Tie]) -> csr_matrix:
    """Equations on the unknowns of a system, and what ties add to them."""
    return csr_matrix(vstack([rows, *(row for tie in ties for row in tie.equations(system))]))


class Tying:
    """Finds what the traits of some outputs tell of the variables of others."""

    def __init__(self, people: People, rows: Rows, describer: Describer, members: Members) -> None:
        self._people = people
        self._members = members
        self._rows = rows
        self._describer = describer
        self._kinds: dict[int, np.ndarray] = {}

    def ties(self, outputs: Sequence[tuple[Output, Asked]], views: Sequence[View]) -> Iterator[Tie]:
        """Every tie of an output to a trait that another output asks about, or that it is by.

        Not where people have several records or cells, nor of figures that are not exact.
        """
        if self._people.overlaps:
            return
        for output, one in outputs:
            used = {
                trait
                for view in views
                if view.output is not output
                for cell in view.cells
                for trait, _ in cell
            }
            used |= {self._people.trait_of(question) for question in one.dimensions}
            for grid in output.table.grids:
                if _is_exact(grid):
                    yield from self._of_grid(output, grid, one, sorted(used))

    def _of_grid(
        self, output: Output, grid: Grid, asked: Asked, used: Sequence[int]
    ) -> Iterator[Tie]:
        numbers = self._numbers(grid, asked)
        if numbers is None or (numbers == numbers[:, :1]).all():
            return
        _, codes = np.unique(numbers, axis=1, return_inverse=True)
        for trait in used:
            kinds = self._kinds_of(trait)
            if determines(kinds, codes.ravel(), self._rows.units):
                first = np.unique(kinds, return_index=True)[1]
                yield from self._tied(output, grid, asked, (trait, numbers[:, first]))
                return

    def _kinds_of(self, trait: int) -> np.ndarray:
        if trait not in self._kinds:
            self._kinds[trait] = kinds_of_rows(self._people.traits[trait], self._rows)
        return self._kinds[trait]

    def _numbers(self, grid: Grid, asked: Asked) -> np.ndarray | None:
        """What a row adds to the numerator, to the denominator, and whether it has a value."""
        keys = dict(zip(("of", "per", "weight"), asked.numbers, strict=True))
        wanted = [("of", grid.of), ("per", grid.per), ("weight", grid.weight)]
        if any(name is not None and not keys[which] for which, name in wanted):
            return None
        if grid.of is None:
            return None
        found = {which: self._rows.numbers[keys[which]] for which, name in wanted if name}
        is_there = np.all([np.isfinite(one) for one in found.values()], axis=0)
        times = found.get("weight", np.ones(len(is_there)))
        above = found["of"] != 0 if grid.kind is Kind.PROPORTION else found["of"]
        below = found.get("per", np.ones(len(is_there)))
        if grid.kind is Kind.SUM:
            below = np.zeros(len(is_there))
        both = np.stack([above * times, below * times])
        return np.vstack([np.where(is_there, both, 0.0), is_there])

    def _tied(
        self, output: Output, grid: Grid, asked: Asked, by: tuple[int, np.ndarray]
    ) -> Iterator[Tie]:
        trait, numbers = by
        values, which = np.unique(numbers, axis=1, return_inverse=True)
        population = self._describer.population(asked.where)
        cells = self._describer.cells(asked, grid.dimensions, population, margins=grid.margins)
        # Whoever has no value adds nothing to either side.
        kept = [at for at in range(values.shape[1]) if values[2, at]]
        if not 1 < len(kept) <= _MOST_PARTS:
            return
        masks = [mask_of(which.ravel() == at) for at in kept]
        withheld = (grid.frame["withheld"] & ~grid.frame["structural_zero"]).to_numpy()
        everybody = mask_of(values[2, which.ravel()] > 0)
        yield Tie(
            output=output,
            grid=grid,
            parts=tuple(self._part(output, self._with(cells, trait, mask)) for mask in masks),
            above=values[0, kept],
            below=values[1, kept],
            shown=~withheld & grid.frame["value"].is_not_null().to_numpy(),
            hidden=withheld,
            people=self._with(cells, trait, everybody),
            squares=grid.kind is Kind.SPREAD,
        )

    def _with(self, cells: Sequence[Description], trait: int, mask: int) -> tuple[Description, ...]:
        return tuple(self._describer.joined([one, ((trait, mask),)]) for one in cells)

    def _part(self, output: Output, cells: tuple[Description, ...]) -> View:
        truth = np.array([self._members.number(one) for one in cells], dtype=float)
        return View(
            output=output,
            quantity=PEOPLE,
            cells=cells,
            same=tuple((PEOPLE, one) for one in cells),
            truth=truth,
            least=np.zeros(len(truth)),
            most=np.full(len(truth), np.inf),
            hidden=np.zeros(len(truth), dtype=bool),
        )


def _is_exact(grid: Grid) -> bool:
    """Whether its figures are as they are, and everybody has one record with a value."""
    options = grid.protection.options if grid.protection else {}
    if grid.of is None or grid.kind not in _ADDED_UP or grid.overlaps:
        return False
    if grid.method not in {"", "suppress"} or options.get("amounts") is not None:
        return False
    if options.get("base", 1) != 1 and grid.kind is Kind.PROPORTION:
        return False
    values, records = grid.frame["units_with_value"], grid.frame["records_with_value"].fill_null(0)
    return bool(np.array_equal(values.to_numpy(), records.to_numpy()))
