"""A sum, a mean and a count of the same cells tell how many have no value, in several outputs too.

Within one output the rule `without_value` finds that; here it is asked of statistics that stand in
several outputs of the same cells, as if they stood in one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, permutations, product

import numpy as np
import polars as pl

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.linked.amounts import derived_behind
from output_checks.linked.report import LinkedFinding
from output_checks.linked.views import Output
from output_checks.policy import Policy
from output_checks.rules.cells import APPROXIMATE, flags
from output_checks.rules.without_value import RULE
from output_checks.statistics import Kind

MOST_ASKED = 2_000
"""Combinations of statistics that are looked at, at most."""
_OPAQUE = APPROXIMATE | {"noise"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Shown:
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


def without_value_told(outputs: Sequence[Output], policy: Policy) -> Iterator[LinkedFinding]:
    """Cells in which several outputs together tell of few people that they have no value."""
    groups: dict[str, list[_Shown]] = {}
    for one in outputs:
        for grid in one.table.grids:
            if grid.method not in _OPAQUE and grid.weight is None:
                shown = _Shown(output=one, grid=grid)
                groups.setdefault(shown.cells, []).append(shown)
    told: set[str] = set()
    for several in islice(_combined(groups.values()), MOST_ASKED):
        for found in RULE.find(_as_one(several), policy):
            key = f"{found.cells} {several[-1].cells} {several[-1].variable}"
            if key not in told:
                told.add(key)
                yield _finding(several, found)


def _combined(groups: Iterable[Sequence[_Shown]]) -> Iterator[tuple[_Shown, ...]]:
    """A count, and two or one statistics of a variable, not all of one output nor all released.

    What two tell for certain comes before what one lets guess.
    """
    for some in groups:
        counts = [one for one in some if one.grid.kind is Kind.COUNT]
        others = [one for one in some if one.grid.of and one.grid.kind is not Kind.COUNT]
        pairs = [both for both in permutations(others, 2) if both[0].variable == both[1].variable]
        for count, rest in product(counts, [*pairs, *((one,) for one in others)]):
            several = (count, *rest)
            names = {one.output.name for one in several}
            if len(names) > 1 and not all(one.output.released for one in several):
                yield several


def _as_one(several: Sequence[_Shown]) -> Grid:
    """Statistics of several outputs as if they stood beside each other in one."""
    grids = [one.grid for one in several]
    withheld = np.any([flags(one, "withheld") for one in grids], axis=0)
    beside = tuple(one.statistic for one in grids)
    return replace(grids[-1].with_columns(withheld=withheld), beside=beside)


def _finding(several: Sequence[_Shown], found: Finding) -> LinkedFinding:
    names = dict.fromkeys(one.output.name for one in several)
    is_out = any(one.output.released for one in several)
    return LinkedFinding(
        rule="differencing" if is_out else "linked_tables",
        severity=found.severity,
        message=f"{' and '.join(f'“{name}”' for name in names)}: {found.message}",
        remedy=found.remedy,
        cells=tuple((name, cell) for name in names for cell in found.cells),
    )
