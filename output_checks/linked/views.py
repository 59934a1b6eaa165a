"""What each output shows of people: its cells as descriptions, and what a reader knows of each.

A mean does not show how many people are behind it, but somebody may know that from elsewhere:
people with a value are then treated as if they were published beside it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from output_checks.grid import Grid
from output_checks.linked.conditions import Asked
from output_checks.linked.descriptions import Describer, Description
from output_checks.rules.cells import are_of_rounded_parts
from output_checks.statistics import Kind
from output_checks.table import Table

Same = tuple[str, Description]
PEOPLE = "people"
"""What counts are of; other views are of people with a value of some variable."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Output:
    """One output of a set, by its name. released: it is out already and cannot be changed."""

    name: str
    table: Table
    released: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class View:
    """One output's people.

    quantity: whom it counts; only views of the same quantity are compared. cells: whom each
    describes. same: by what cells of any quantity are the same people: those with a value are all
    people where everybody has one. truth: how many they are. least, most: what a reader knows of
    it who sees this output (the same number where it is published, infinite where nothing is
    known). hidden: withheld cells, which must stay unknown. whole: of a share the people whom it
    divides by. beside: another output without which this one would not show it. behind: it is of
    the people behind another statistic, whose numbers are known from elsewhere (see `behind`).
    is_asked: what it withholds must stay unknown.
    """

    output: Output
    quantity: str
    cells: tuple[Description, ...]
    same: tuple[Same, ...]
    truth: np.ndarray
    least: np.ndarray
    most: np.ndarray
    hidden: np.ndarray
    whole: np.ndarray | None = None
    beside: str = ""
    behind: bool = False
    is_asked: bool = True

    @property
    def published(self) -> np.ndarray:
        """The cells whose number a reader knows."""
        return self.least == self.most

    @property
    def is_ranged(self) -> bool:
        """Whether some of its numbers are shown, but not as they are."""
        return bool(((self.least < self.most) & ~self.hidden).any())

    @property
    def is_everybody(self) -> bool:
        """Whether its people are all people, since everybody has a value."""
        return all(quantity == PEOPLE for quantity, _ in self.same)

    def place(self, cell: int) -> dict[str, Any]:
        """Where a cell is in its table: {dimension: label}."""
        return self.output.table.grid.place(cell)


def views_of(output: Output, asked: Asked, describer: Describer) -> Iterator[View]:
    """Every quantity that an output shows, once."""
    seen = set()
    for grid in output.table.grids:
        for quantity, extra, column in _shown(grid, asked):
            if (quantity, extra) in seen:
                continue
            seen.add((quantity, extra))
            cells = _cells(grid, asked, describer, extra)
            same = [(quantity, one) for one in cells]
            if column != "units" and has_everybody(grid):
                counted = (asked.numerator,) if column == "numerator_units" else ()
                same = [(PEOPLE, one) for one in _cells(grid, asked, describer, counted)]
            yield view_of(output, quantity, grid, column, (cells, same))


def has_everybody(grid: Grid) -> bool:
    """Whether everybody whom a grid describes has a value of its variable."""
    return grid.frame["units"].equals(grid.frame["units_with_value"])


def as_people(view: View) -> View:
    """People with a value as the people that they are, where everybody has one."""
    return replace(view, quantity=PEOPLE, cells=tuple(one for _, one in view.same))


def _cells(
    grid: Grid, asked: Asked, describer: Describer, extra: Sequence[str] = ()
) -> list[Description]:
    population = describer.population((*asked.where, *extra))
    return describer.cells(asked, grid.dimensions, population, margins=grid.margins)


def _shown(grid: Grid, asked: Asked) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """The quantities behind a statistic: (quantity, further conditions, column of evidence)."""
    if grid.counts == "units":
        yield PEOPLE, (), "units"
        return
    quantity = asked.quantity or " and ".join(asked.values)
    yield quantity, asked.values, "units_with_value"
    if grid.kind is Kind.PROPORTION:
        yield quantity, (*asked.values, asked.numerator), "numerator_units"


def view_of(
    output: Output,
    quantity: str,
    grid: Grid,
    column: str,
    cells: tuple[Sequence[Description], Sequence[Same]],
) -> View:
    """One quantity of a grid. cells: whom each describes, and by what it is the same as others."""
    truth = grid.frame[column].fill_null(0).to_numpy().astype(float)
    withheld = grid.frame["withheld"].to_numpy()
    zero = grid.frame["structural_zero"].to_numpy()
    least, most = _known(grid, truth, column)
    return View(
        output=output,
        quantity=quantity,
        cells=tuple(cells[0]),
        same=tuple(cells[1]),
        truth=truth,
        least=np.where(zero | ~withheld, np.where(zero, 0.0, least), 0.0),
        most=np.where(zero, 0.0, np.where(withheld, np.inf, most)),
        hidden=withheld & ~zero,
        whole=_whole(grid) if column == "numerator_units" else None,
    )


def _whole(grid: Grid) -> np.ndarray:
    return grid.frame["denominator_units"].fill_null(0).to_numpy().astype(float)


def _known(grid: Grid, truth: np.ndarray, column: str) -> tuple[np.ndarray, np.ndarray]:
    """What a reader can tell of each cell that is shown, by the way it is protected.

    Of a share of rounded counts they are taken to know its denominator, and with it what the
    numerator was rounded to; of other figures how many people are behind them.
    """
    is_share = grid.kind is Kind.PROPORTION and column != "units_with_value"
    if grid.protection is None or not (grid.is_whole or (is_share and _is_of_rounded(grid))):
        return truth, truth
    least, most = _ranges(grid, truth)
    if grid.is_whole or column == "numerator_units":
        return least, most
    whole = (grid.frame["numerator_units"] == grid.frame["denominator_units"]).to_numpy()
    return np.where(whole, truth, least), np.where(whole, truth, most)


def _is_of_rounded(grid: Grid) -> bool:
    """Whether a share is of rounded counts; of a weighted one nobody is counted."""
    return grid.weight is None and are_of_rounded_parts(grid, 1)


def _ranges(grid: Grid, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    assert grid.protection is not None  # it was asked about
    if grid.method == "suppress":
        return _within_base(truth, int(grid.protection.options["base"]))
    lower = grid.frame["people_lower"].fill_null(0.0).to_numpy()
    upper = grid.frame["people_upper"].fill_null(np.inf).to_numpy()
    return lower, upper


def _within_base(truth: np.ndarray, base: int) -> tuple[np.ndarray, np.ndarray]:
    """The counts that are rounded to the same multiple of a base, halves up."""
    shown = (truth + base // 2) // base * base
    return np.maximum(shown - base // 2, 0), shown + (base - 1 - base // 2)
