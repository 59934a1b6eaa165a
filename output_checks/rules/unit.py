"""People must be told apart, or somebody with many rows counts as many: sdcLog counts entities."""

from collections.abc import Iterator

from output_checks.findings import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind
from output_checks.words import Verdict


def _find(grid: Grid, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001
    if not grid.has_unit:
        yield RULE.finding(
            grid,
            (),
            Verdict.REVIEW,
            "No unit column was named: each row was taken for one person, so that somebody with "
            "several rows was counted several times.",
        )


RULE = Rule(
    name="unit",
    title="Rows taken for people",
    source="sdcLog counts distinct entities; statbarns and the SDC handbook speak of units",
    finds="A table of data for which no unit column was named, so that each row was taken for a "
    "person. 24 rows of 2 people would pass any threshold. A row whose unit is missing (null or "
    "not a number) is nobody's: such a table is refused until `where` leaves it out.",
    remedy="Name the column that tells people apart (unit, --unit).",
    reads=dict.fromkeys(Kind, ()),
    search=_find,
)
