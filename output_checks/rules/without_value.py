"""Several statistics side by side tell how many people have no value: SDC handbook."""

from collections.abc import Iterator

import numpy as np

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import APPROXIMATE, flags, numbers, shown
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind, statistic
from output_checks.words import Verdict, people, statistic_text


def _find(grid: Grid, policy: Policy) -> Iterator[Finding]:
    """People with several records hide it: what is worked out is a number of records."""
    if grid.method in APPROXIMATE:
        return
    having = numbers(grid, "units_with_value")
    lacking = numbers(grid, "units") - having
    one_record_each = numbers(grid, "records_with_value") == having
    small = (lacking > 0) & (lacking < policy.threshold) & (having > 0)
    told = np.zeros(grid.size, dtype=bool)
    for names, where in _ways(grid):
        found = np.flatnonzero(small & one_record_each & shown(grid) & where & ~told)
        told |= where
        yield from RULE.each(grid, found, (_said(lacking[at], names, policy) for at in found))


def _ways(grid: Grid) -> Iterator[tuple[tuple[str, str], np.ndarray]]:
    """Statistics which together tell of how many values they are, and in which cells they do."""
    by_kind = {statistic(name).kind: name for name in grid.beside}
    is_nothing = numbers(grid, "sum") == 0
    is_code = ~np.isnan(numbers(grid, "numerator_units")) & (grid.per is None)
    for one, other, where in (
        (Kind.SUM, Kind.MEAN, ~is_nothing),
        (Kind.SUM, Kind.PROPORTION, ~is_nothing),
        (Kind.SUM, Kind.RATIO, ~is_nothing & flags(grid, "per_all_equal")),
        (Kind.MEAN, Kind.SPREAD, is_code & ~flags(grid, "all_equal")),
        (Kind.SUM, Kind.SPREAD, is_code & ~flags(grid, "all_equal")),
        (Kind.PROPORTION, Kind.SPREAD, is_code & ~flags(grid, "all_equal")),
    ):
        if one in by_kind and other in by_kind:
            yield (by_kind[one], by_kind[other]), where


def _said(lacking: float, names: tuple[str, str], policy: Policy) -> tuple[Verdict, str]:
    one, other = map(statistic_text, names)
    return Verdict.FAIL, (
        f"The {one} and the {other} together tell of how many people they are, and the count "
        f"that {people(lacking)} {'has' if lacking == 1 else 'have'} no value; the policy asks "
        f"for at least {policy.threshold}."
    )


RULE = Rule(
    name="without_value",
    title="People without a value",
    source="SDC handbook, frequency tables: a count that can be worked out is a count; statbarns, "
    "implicit tables",
    finds="A count beside a sum and a mean tells how many people have no value: the count less "
    "the sum over the mean. A proportion does like a mean, and of a variable with two values so "
    "does a standard deviation or variance beside one of them. If fewer than the threshold have "
    "no value, that is a small count as if it had been printed. With several records a person "
    "nobody can tell people from records, and nothing is found.",
    remedy="Leave one of the statistics out, count only those with a value (where), or withhold "
    "the cell.",
    fields=("threshold",),
    reads={Kind.COUNT: ("units", "units_with_value")},
    find=_find,
    about_cells=True,
)
