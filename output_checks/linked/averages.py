"""Means, shares and sums that outputs show of everybody, as what they say of numbers of people.

Where everybody in a table has a value, people and people with a value are the same. A mean shown
beside a total's mean then says something of counts: people times mean add up.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from output_checks.grid import Grid
from output_checks.linked.conditions import Asked
from output_checks.linked.descriptions import Describer
from output_checks.linked.views import PEOPLE, Output, View, has_everybody
from output_checks.rules.precision import lowest, multiples
from output_checks.statistics import Kind

_ADDED_UP = frozenset({Kind.MEAN, Kind.SUM, Kind.PROPORTION, Kind.RATIO})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Averages:
    """What one statistic of one output says of the sums of a variable.

    view: its cells, of which it shows no number of people. variable: whose sums they are. shown:
    the cells that say something. The sum of such a cell is each · people + fixed: each is a mean
    or a share and fixed nothing, or each is nothing and fixed a sum. multiple: of what the number
    of people is a multiple, as digits tell: a share of 0.35 is of 20, 40, 60 … people.
    """

    view: View
    variable: str
    shown: np.ndarray
    each: np.ndarray
    fixed: np.ndarray
    multiple: np.ndarray


def averages_of(output: Output, asked: Asked, describer: Describer) -> Iterator[Averages]:
    """Every mean, share and sum of an output that can be held against counts.

    Not those that are weighted or noisy, of which somebody has no value, or, for means,
    some have several. A ratio to the same amount for everybody is a mean in another unit.
    """
    for grid in output.table.grids:
        if _says_something(grid):
            yield _averages(output, grid, asked, describer)


def _says_something(grid: Grid) -> bool:
    if grid.of is None or grid.weight is not None or grid.overlaps:
        return False
    if grid.kind not in _ADDED_UP or grid.method not in {"", "suppress", "round"}:
        return False
    if grid.kind is Kind.RATIO and not _has_one_base(grid):
        return False
    if grid.kind in {Kind.MEAN, Kind.RATIO}:
        return has_everybody(grid) and _has_one_record_each(grid)
    return has_everybody(grid)


def _has_one_record_each(grid: Grid) -> bool:
    units, records = grid.frame["units"], grid.frame["records_with_value"].fill_null(0)
    return np.array_equal(units.to_numpy(), records.to_numpy())


def _has_one_base(grid: Grid) -> bool:
    """Whether everybody has the same denominator, in all cells."""
    some = grid.frame.filter(pl.col("units_with_value") > 0)
    each = (some["per_total_absolute"] / some["units_with_value"]).to_numpy()
    is_one = np.allclose(each, each.max(initial=0.0), rtol=1e-12, atol=0)
    return bool(is_one and some["per_all_equal"].all())


def _averages(output: Output, grid: Grid, asked: Asked, describer: Describer) -> Averages:
    population = describer.population(asked.where)
    cells = describer.cells(asked, grid.dimensions, population, margins=grid.margins)
    truth = grid.frame["units"].fill_null(0).to_numpy().astype(float)
    withheld = grid.frame["withheld"].to_numpy()
    # Of rounded figures the true ones are asked about: whoever rounds them tells less than that.
    values = grid.frame["exact"].cast(float).fill_null(np.nan).to_numpy()
    empty = (truth == 0) & ~withheld
    shown = ~withheld & (empty | np.isfinite(values))
    told = np.where(shown & ~empty, values, 0.0)
    nothing = np.zeros(len(told))
    view = View(
        output=output,
        quantity=PEOPLE,
        cells=tuple(cells),
        same=tuple((PEOPLE, one) for one in cells),
        truth=truth,
        least=nothing,
        most=np.where(empty, 0.0, np.inf),
        hidden=np.zeros(len(told), dtype=bool),
    )
    is_sum = grid.kind is Kind.SUM
    share = asked.numerator if grid.kind is Kind.PROPORTION else "sum"
    # Copies of a variable in other units are turned into the first of them.
    is_other = grid.kind is Kind.PROPORTION or (is_sum and not _has_one_record_each(grid))
    times, plus = (1.0, 0.0) if is_other else asked.scale
    of = asked.values if is_other else asked.quantity or asked.values
    return Averages(
        view=view,
        variable=f"{share} of {of}",
        shown=shown,
        each=np.where(shown & ~empty, plus if is_sum else times * told + plus, 0.0),
        fixed=times * told if is_sum else nothing,
        multiple=np.where(shown, _multiples(grid, truth.astype(np.int64)), 1),
    )


def _multiples(grid: Grid, people: np.ndarray) -> np.ndarray:
    """The denominator of each mean or share in lowest terms, as far as its digits tell it."""
    if grid.kind is Kind.PROPORTION:
        return lowest(grid.frame["numerator_units"].fill_null(0).to_numpy(), people)
    if grid.kind is Kind.MEAN:
        return multiples(grid.frame["sum"].cast(float).fill_null(0.0).to_numpy(), people)[0]
    return np.ones(len(people), dtype=np.int64)
