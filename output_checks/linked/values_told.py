"""A sum, a mean and a count of the same cells tell how many have no value, in several outputs too.

Within one output the rule `without_value` finds that; here it is asked of statistics that stand in
several outputs of the same cells, as if they stood in one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, permutations, product

import numpy as np

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.linked.report import LinkedFinding
from output_checks.linked.shown import Shown, of_the_same_cells
from output_checks.linked.views import Output
from output_checks.policy import Policy
from output_checks.rules.cells import APPROXIMATE, flags
from output_checks.rules.without_value import RULE
from output_checks.statistics import Kind

MOST_ASKED = 2_000
"""Combinations of statistics that are looked at, at most."""
_OPAQUE = APPROXIMATE | {"noise"}


def without_value_told(outputs: Sequence[Output], policy: Policy) -> Iterator[LinkedFinding]:
    """Cells in which several outputs together tell of few people that they have no value."""
    told: set[str] = set()
    groups = of_the_same_cells(outputs, lambda grid: grid.method not in _OPAQUE)
    for several in islice(_combined(groups), MOST_ASKED):
        for found in RULE.find(_as_one(several), policy):
            key = f"{found.cells} {several[-1].cells} {several[-1].variable}"
            if key not in told:
                told.add(key)
                yield _finding(several, found)


def _combined(groups: Iterable[Sequence[Shown]]) -> Iterator[tuple[Shown, ...]]:
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


def _as_one(several: Sequence[Shown]) -> Grid:
    """Statistics of several outputs as if they stood beside each other in one."""
    grids = [one.grid for one in several]
    withheld = np.any([flags(one, "withheld") for one in grids], axis=0)
    beside = tuple(one.statistic for one in grids)
    return replace(grids[-1].with_columns(withheld=withheld), beside=beside)


def _finding(several: Sequence[Shown], found: Finding) -> LinkedFinding:
    names = dict.fromkeys(one.output.name for one in several)
    is_out = any(one.output.released for one in several)
    return LinkedFinding(
        rule="differencing" if is_out else "linked_tables",
        severity=found.severity,
        message=f"{' and '.join(f'“{name}”' for name in names)}: {found.message}",
        remedy=found.remedy,
        cells=tuple((name, cell) for name in names for cell in found.cells),
    )
