"""What cannot be judged cannot pass: missing evidence is a finding."""

from collections.abc import Iterator

import polars as pl

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.statistics import STATISTICS
from output_checks.words import Verdict

_ALWAYS = ("units", "units_with_value", "structural_zero", "withheld")
_OF_A_VARIABLE = ("largest", "second_largest", "total_absolute", "negative", "positive")


def evidence(grid: Grid, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001
    """Find cells whose evidence is missing: an unknown count is never taken for a large one."""
    needed = _ALWAYS
    if STATISTICS[grid.statistic].needs_variable:
        needed = (*_ALWAYS, *_OF_A_VARIABLE, "all_equal")
    missing = grid.frame.select(pl.any_horizontal(pl.col(*needed).is_null())).to_series()
    for cell in missing.arg_true():
        yield Finding(
            rule="evidence",
            severity=Verdict.FAIL,
            cells=grid.places([cell]),
            message="How many people are behind this cell is not known.",
            remedy="Make the table from the data with Data.table, so that it has its evidence.",
        )


def unit(grid: Grid, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001
    """Find tables whose rows were each taken for a person, since no unit column was named."""
    if not grid.has_unit:
        yield Finding(
            rule="unit",
            severity=Verdict.REVIEW,
            message="No unit column was named: each row was taken for one person, so that "
            "somebody with several rows was counted several times.",
            remedy="Name the column that tells people apart (unit, --unit).",
        )
