"""The people behind means, shares and sums, as whoever knows how many they are sees them.

A single table is protected as if the people behind its statistics were published beside it. So they
are here: the numbers behind shown figures are known, and with them what a shown share counts. Of a
withheld share both sides must stay unknown, those who are counted and those who are not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from output_checks.grid import Grid
from output_checks.linked.conditions import Asked
from output_checks.linked.descriptions import Describer, Description
from output_checks.linked.views import PEOPLE, Output, View, has_everybody, view_of
from output_checks.statistics import Kind

_SUMMED = frozenset({Kind.SUM, Kind.MEAN})


def behind(output: Output, asked: Asked, describer: Describer) -> Iterator[View]:
    """What is known of the people behind each statistic of an output, as views of people.

    Of a variable that is 0 or 1, sums and means count as shares do. Where some have no value,
    nobody is taken to know how many: what tells that is looked at elsewhere.
    """
    seen: set[tuple[Description, ...]] = set()
    for grid in output.table.grids:
        if grid.counts == "units":
            continue
        for view in _of_grid(output, grid, asked, describer):
            if view.cells not in seen:
                seen.add(view.cells)
                yield view


def _of_grid(output: Output, grid: Grid, asked: Asked, describer: Describer) -> Iterator[View]:
    values = () if has_everybody(grid) else asked.values
    if not values:
        sizes = _view(output, grid, "units_with_value", _cells(grid, asked, describer, ()))
        # Of how many a withheld figure is may be known.
        yield replace(sizes, is_asked=False)
    if _counts(grid, asked):
        yield _view(
            output,
            grid,
            "numerator_units",
            _cells(grid, asked, describer, (*values, asked.numerator)),
        )
        if not grid.overlaps:
            yield _others(output, grid, _cells(grid, asked, describer, values, asked.numerator))


def _counts(grid: Grid, asked: Asked) -> bool:
    """Whether a grid says of how many people something is true, to who knows its people."""
    if grid.kind is Kind.PROPORTION:
        return bool(asked.numerator)
    is_known = grid.frame["numerator_units"].null_count() < grid.size
    is_exact = grid.method in {"", "suppress"} and (
        grid.protection is None or grid.protection.options.get("amounts") is None
    )
    is_plain = grid.weight is None and bool(asked.numerator)
    return grid.kind in _SUMMED and is_known and is_exact and is_plain


def _cells(
    grid: Grid, asked: Asked, describer: Describer, questions: Sequence[str], but: str = ""
) -> tuple[Description, ...]:
    population = describer.population((*asked.where, *questions), but=but)
    return tuple(describer.cells(asked, grid.dimensions, population, margins=grid.margins))


def _view(output: Output, grid: Grid, column: str, cells: tuple[Description, ...]) -> View:
    view = view_of(output, PEOPLE, grid, column, (cells, [(PEOPLE, one) for one in cells]))
    return replace(view, behind=True)


def _others(output: Output, grid: Grid, cells: tuple[Description, ...]) -> View:
    """Those whom a share does not count."""
    view = _view(output, grid, "numerator_units", cells)
    whole = grid.frame["denominator_units"].fill_null(0).to_numpy().astype(float)
    return replace(
        view,
        truth=whole - view.truth,
        least=np.where(view.hidden, 0.0, np.maximum(whole - view.most, 0.0)),
        most=np.where(view.hidden, np.inf, whole - view.least),
        whole=None,
    )
