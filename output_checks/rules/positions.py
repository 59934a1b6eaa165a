"""A median or percentile needs enough people on both sides, and around it: ABS; SDC handbook."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from output_checks.findings import PASS, REVIEW, Found, ranks
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import described, numbers, shown
from output_checks.rules.class_disclosure import ranks_of_shares
from output_checks.rules.dominance import ranks_of_contributors
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind, statistic
from output_checks.words import people, share_text

_AROUND = ("records_around", "most_records_around", "second_most_records_around")
_EXACTLY = 1 - 1e-12
"""A share that is half but for the last bit of a float has reached it."""


def _find(grid: Grid, policy: Policy) -> Iterator[Found]:
    position = grid.facts.position
    if position is None or not 0 < position < 1:
        return
    single = numbers(grid, "units_at") == 1
    below = numbers(grid, "units_at_or_below") - single
    above = numbers(grid, "units_at_or_above") - single
    fewer = np.minimum(below, above)
    cells = np.flatnonzero(shown(grid) & (described(grid) > 0) & (fewer < policy.threshold))
    columns = (one[cells] for one in (below, above, single))
    yield RULE.each(grid, cells, policy.positions, _said(grid.statistic, policy), *columns)
    yield _of_few(grid, policy, cells)
    yield _too_close(grid, policy, position)
    yield _nearly_all(grid, policy, position)


def _nearly_all(grid: Grid, policy: Policy, position: float) -> Found:
    """Positions that are the highest or lowest value of the cell, which nearly all then have.

    Of zeros and ones a p1 of 1 says that at least 99 % are ones. Where all are `all_equal` answers.
    """
    at, below, above = (
        numbers(grid, f"units_{one}") for one in ("at", "at_or_below", "at_or_above")
    )
    is_end = shown(grid) & (at > 0) & (below != above)
    of_highest = np.where(is_end & (at == above), 1 - position, 0.0)
    shares = 100 * np.maximum(of_highest, np.where(is_end & (at == below), position, 0.0))
    least = min(policy.class_disclosure_review, policy.class_disclosure_fail)
    cells = np.flatnonzero(shares >= least)

    def say(share: float, of_highest: float) -> str:
        return (
            f"The {grid.statistic} is the {'highest' if of_highest else 'lowest'} value in the "
            f"cell, so that at least {share_text(share)} of its people have it."
        )

    severities = ranks_of_shares(shares[cells], policy)
    return RULE.each(grid, cells, severities, say, shares[cells], of_highest[cells])


def _too_close(grid: Grid, policy: Policy, position: float) -> Found:
    """Positions between which and the next shown below fewer people are than the policy allows.

    How many of a cell's people are between two positions everybody knows.
    """
    inner = {float(statistic(name).position or 0.0): name for name in grid.beside}
    below = max((one for one in inner if 0 < one < position), default=0.0)
    between = people_between(below, position, numbers(grid, "units_with_value"))
    cells = np.flatnonzero(shown(grid) & are_close(between, policy) & (below > 0))

    def say(between: float) -> str:
        return (
            f"From the {inner.get(below, '')} to the {grid.statistic} there are "
            f"{between:,.1f} people; the policy asks for at least {policy.threshold}."
        )

    return RULE.each(grid, cells, policy.positions, say, between[cells])


def people_between(low: float, high: float, having: Any) -> Any:
    """How many of some people with a value are from one position to another, as shares of them."""
    return (high - low) * (having - 1) + 1


def are_close(between: Any, policy: Policy) -> Any:
    """Whether so many people between two positions are too few."""
    return between < policy.threshold * _EXACTLY


def _of_few(grid: Grid, policy: Policy, found: np.ndarray) -> Found:
    """Positions among the records of one or two people; not those that are found already.

    Not known where somebody has several records is found too.
    """
    around, first, second = (numbers(grid, name) for name in _AROUND)
    several = numbers(grid, "records_with_value") > numbers(grid, "units_with_value")
    is_one = ~(2 * first < around * _EXACTLY)
    is_left = 2 * first >= (around - second) * _EXACTLY
    shares = 100 * np.nan_to_num((first + second) / np.maximum(around, 1))
    (of_one,) = ranks([policy.positions])
    of_two = np.maximum(ranks_of_contributors(policy, 2, shares), REVIEW * is_left)
    severities = np.where(is_one, of_one, np.minimum(of_two, of_one))
    severities[found] = PASS
    cells = np.flatnonzero(shown(grid) & several & (severities != PASS))
    columns = (np.nan_to_num(one[cells]) for one in (around, first, second))
    return RULE.each(grid, cells, severities[cells], _said_of_few(grid.statistic), *columns)


def _said_of_few(statistic: str) -> Callable[[float, float, float], str]:
    def say(around: float, first: float, second: float) -> str:
        start = f"Of the {around:,.0f} records around the {statistic}, "
        if not 2 * first < around * _EXACTLY:
            return f"{start}{first:,.0f} are one person's, so that it is a value of this person."
        return (
            f"{start}{first:,.0f} are one person's and {second:,.0f} another's, who can tell by "
            "leaving out their own that it is a value of the first."
        )

    return say


def _said(statistic: str, policy: Policy) -> Callable[[float, float, int], str]:
    def say(below: float, above: float, is_single: int) -> str:
        fewer = min(below, above)
        return (
            f"Only {people(fewer)} {'is' if fewer == 1 else 'are'} at or "
            f"{'above' if above < below else 'below'} the {statistic}"
            f"{', not counting the one whose value it is' if is_single else ''}; the policy asks "
            f"for at least {policy.threshold} on each side."
        )

    return say


RULE = Rule(
    name="positions",
    title="Medians and percentiles",
    source="ABS DataLab, minimum contributors for quantiles; SDC handbook, percentiles, and the "
    "(n,k) rule of magnitude tables for the records around a position; SDAP handbook, histograms: "
    "percentiles are the ends of bars; SDC handbook, group disclosure",
    finds="A median or percentile with fewer people at or below it, or at or above it, than the "
    "threshold. A single person whose own value it is counts on neither side. A p99 of 200 "
    "people is nearly their maximum, and is found like one. Records are put in order, not people: "
    "where one person has half or more of the records around the position (a tenth of the cell's, "
    "or as many as ten people have on average), it is this person's value, whoever else shares it. "
    "Where two have the policy's share of them (`dominance_2_review`, `dominance_2_fail`), it is "
    "theirs, and where one has half of what a second leaves, the second can tell it is the "
    "first's (review). Where equal records are only partly around a position, so are everybody's "
    "of them. From one percentile to the next that is shown there must be as many people as the "
    "threshold, on average where they have several records: p25, p26, p27 and so on are a list of "
    "people's values. A position that is the highest or lowest value of the cell is that of "
    "nearly all, by the shares of `class_disclosure`: of zeros and ones a p1 of 1 says that at "
    "least 99 % are ones.",
    remedy="Show a percentile further in, or fewer of them, take one record a person, merge "
    "categories, or withhold the cell.",
    fields=(
        "threshold",
        "positions",
        "dominance_2_review",
        "dominance_2_fail",
        "class_disclosure_review",
        "class_disclosure_fail",
    ),
    only="median, percentiles",
    reads={
        Kind.POSITION: ("units_with_value", "units_at", "units_at_or_below", "units_at_or_above")
    },
    search=_find,
    about_cells=True,
)
