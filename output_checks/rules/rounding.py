"""Some controllers want every published count rounded: OpenSAFELY, NHS England (HES)."""

from collections.abc import Iterator

import numpy as np

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import numbers
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind
from output_checks.words import Verdict


def _find(grid: Grid, policy: Policy) -> Iterator[Finding]:
    base = policy.rounding_base
    if base == 1 or grid.method == "noise":
        return
    if grid.kind is Kind.PROPORTION:
        yield _of_exact_counts(grid, base)
        return
    values = numbers(grid, "value")
    found = np.flatnonzero(~np.isnan(values) & (_beside(grid, base, values) != 0))
    if found.size:
        yield RULE.finding(
            grid,
            found,
            Verdict.FAIL,
            f"{len(found)} counts are not rounded to {base}, as the policy asks.",
            remedy=f"protect('suppress') rounds what it leaves; or protect('round', base={base}).",
        )


def _beside(grid: Grid, base: int, values: np.ndarray) -> np.ndarray:
    """What keeps values from being rounded: 0 for those that are.

    Of a table that was not rounded at all, every count but 0 is exact. Midpoints of a base that
    is no smaller hide as much (OpenSAFELY, midpoint 6).
    """
    options = grid.protection.options if grid.protection else {}
    if grid.method == "midpoint" and options["base"] >= base:
        return np.zeros(grid.size)
    is_rounded = grid.method == "cell-key" or options.get("base", 1) % base == 0
    return values % base if is_rounded else values


def _of_exact_counts(grid: Grid, base: int) -> Finding:
    return RULE.finding(
        grid,
        (),
        Verdict.REVIEW,
        f"The proportions are of exact counts; the policy asks for counts rounded to {base}.",
        remedy="Publish the rounded counts, and work the proportions out of them.",
    )


RULE = Rule(
    name="rounding",
    title="Unrounded counts",
    source="OpenSAFELY and NHS England (HES): after redaction, counts are rounded to 5; OpenSAFELY "
    "also takes midpoints of 6",
    finds="Published counts that are not rounded to the policy's base, weighted ones too. Counts "
    "that only happen to be multiples are not rounded: a reader learns them exactly. Midpoints "
    "of a base that is no smaller do as well. Proportions of exact counts go to a person.",
    remedy="protect('suppress') rounds what it leaves; or protect('round').",
    fields=("rounding_base",),
    reads=dict.fromkeys((Kind.COUNT, Kind.PROPORTION), ()),
    find=_find,
)
