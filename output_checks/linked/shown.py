"""Statistics that several outputs show of the same cells, as if they stood beside each other."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from output_checks.grid import Grid
from output_checks.linked.amounts import derived_behind
from output_checks.linked.views import Output


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shown:
    """One statistic of an output."""

    output: Output
    grid: Grid

    @property
    def cells(self) -> str:
        """What its cells are: equal for outputs of the same ones."""
        one = self.output.table.declaration
        names = [*one.dimensions]
        if one.where:
            names += pl.sql_expr(one.where).meta.root_names()
        labels = [(each.name, each.texts) for each in self.grid.dimensions]
        options = one.where, one.merges, one.hierarchies, self.grid.margins
        return f"{labels} {options} {self._derived(names)}"

    @property
    def variable(self) -> str:
        """What it is of: equal for statistics of the same variable."""
        names = [one for one in (self.grid.of, self.grid.per) if one is not None]
        return f"{names} {self._derived(names)}"

    def _derived(self, names: Iterable[str]) -> list[tuple[str, str]]:
        derive = self.output.table.declaration.derive
        return [(name, derive[name]) for name in sorted(derived_behind(derive, names))]


def of_the_same_cells(
    outputs: Sequence[Output], is_wanted: Callable[[Grid], bool]
) -> list[list[Shown]]:
    """The unweighted statistics of outputs that are wanted, those of the same cells together."""
    groups: dict[str, list[Shown]] = {}
    for one in outputs:
        for grid in one.table.grids:
            if grid.weight is None and is_wanted(grid):
                shown = Shown(output=one, grid=grid)
                groups.setdefault(shown.cells, []).append(shown)
    return list(groups.values())
