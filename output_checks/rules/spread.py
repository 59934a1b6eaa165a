"""A standard deviation or variance needs degrees of freedom: ESSnet / DwB guidelines."""

from collections.abc import Iterator

import numpy as np

from output_checks.findings import Found
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import described, shown
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind, statistic
from output_checks.words import Verdict, people, statistic_text


def _find(grid: Grid, policy: Policy) -> Iterator[Found]:
    freedom = described(grid) - 1
    cells = np.flatnonzero(shown(grid) & (freedom >= 0) & (freedom < policy.degrees_of_freedom))
    name = statistic_text(grid.statistic)

    def say(freedom: float) -> str:
        return (
            f"The {name} of {people(freedom + 1)} has {freedom:,.0f} degrees of freedom; the "
            f"policy asks for at least {policy.degrees_of_freedom}."
        )

    yield RULE.each(grid, cells, Verdict.FAIL, say, freedom[cells])
    yield _solved(grid, policy, freedom + 1)


def _solved(grid: Grid, policy: Policy, counts: np.ndarray) -> Found:
    """Cells whose statistics are as many equations as there are values, but for one known value.

    Whatever the policy allows: two people know each other's value by their standard deviation, and
    the third of three by a mean beside it.
    """
    names = equations(grid)
    is_found = counts - 1 < policy.degrees_of_freedom
    few = shown(grid) & (counts > 0) & (counts - 1 <= len(names)) & ~is_found
    cells = np.flatnonzero(few)
    listed = " and the ".join(names)
    what = f"{listed} together tell" if len(names) > 1 else f"{listed} tells"

    def say(count: float) -> str:
        return f"Of {people(count)} the {what} every value to whoever knows one of them."

    return RULE.each(grid, cells, Verdict.FAIL, say, counts[cells])


def equations(grid: Grid) -> list[str]:
    """The statistics shown of each cell that are an equation of their own about its values.

    A sum and a mean are one, and so are a variance and a standard deviation.
    """
    found: dict[object, str] = {}
    for name in grid.beside or (grid.statistic,):
        one = statistic(name)
        if one.kind in _EQUATIONS:
            key = one.position if one.kind is Kind.POSITION else _EQUATIONS[one.kind]
            found.setdefault(key, statistic_text(name))
    return list(found.values())


_EQUATIONS = {
    Kind.SUM: "sum",
    Kind.MEAN: "sum",
    Kind.SPREAD: "squares",
    Kind.POSITION: "place",
}

RULE = Rule(
    name="spread",
    title="Standard deviations and variances",
    source="ESSnet / DwB guidelines for the checking of output: ten degrees of freedom; statbarns",
    finds="A standard deviation or variance with fewer degrees of freedom (people with a value, "
    "less the one that the mean takes) than the policy allows. With a mean beside it, a spread "
    "of two people gives both their values. Statistics of a cell are equations: a sum or mean, a "
    "spread, a minimum, a maximum, a median and every percentile are one each. Where there are as "
    "many of them as people, or one less, whoever knows one value works out all others, and the "
    "cell fails whatever the policy allows. A spread of 0 is found by `all_equal`, one of which "
    "few people make most by `dominance` and `p_percent`, one of few different values by "
    "`few_values`, and two spreads that few people tell apart by a check of outputs together.",
    remedy="Merge categories, or withhold the cell with protect('suppress').",
    fields=("degrees_of_freedom",),
    reads={Kind.SPREAD: ("units_with_value",)},
    search=_find,
    about_cells=True,
)
