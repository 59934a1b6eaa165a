"""A weighted number must not hide how few people are behind it: ABS, unweighted contributors."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from output_checks.findings import FAIL, REVIEW, Found
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import numbers, shown
from output_checks.rules.dominance import ranks_of_contributors
from output_checks.rules.rule import Rule
from output_checks.statistics import WEIGHTED, Kind
from output_checks.words import people, share_text

_OF_PEOPLE = frozenset({Kind.COUNT, Kind.MEAN, Kind.PROPORTION})
_READS = (
    "units",
    "units_with_value",
    "weight",
    "weighing_units",
    "largest_weight",
    "second_largest_weight",
)


def _find(grid: Grid, policy: Policy) -> Iterator[Found]:
    if grid.weight is None:
        return
    of_all = grid.kind is Kind.COUNT or grid.of is None
    counts = numbers(grid, "units" if of_all else "units_with_value")
    weighing = numbers(grid, "weighing_units")
    few = np.flatnonzero(shown(grid) & (counts > 0) & (weighing < policy.threshold))
    few = few[(weighing[few] < counts[few])]
    severities = np.where(weighing[few] == 0, REVIEW, FAIL)
    yield RULE.each(grid, few, severities, partial(_too_few, policy), counts[few], weighing[few])
    if grid.kind in _OF_PEOPLE:
        yield _heavy(grid, policy)


def _too_few(policy: Policy, count: float, weighing: float) -> str:
    if weighing == 0:
        return f"The cell looks empty, but {people(count)} with a weight of 0 are behind it."
    return (
        f"Of {people(count)} in the cell only {weighing:,.0f} have a weight above 0; the policy "
        f"asks for at least {policy.threshold}."
    )


def _heavy(grid: Grid, policy: Policy) -> Found:
    """Cells whose number is that of one or two people, whoever else is in them."""
    first, second, total = (
        numbers(grid, name) for name in ("largest_weight", "second_largest_weight", "weight")
    )
    weighing = numbers(grid, "weighing_units")
    cells = np.flatnonzero(shown(grid) & (total > 0) & (weighing >= policy.threshold))
    parts = np.stack([first[cells], first[cells] + second[cells]], axis=1)  # of one, of two people
    shares = 100 * (parts / total[cells, None])
    severities = [ranks_of_contributors(policy, one + 1, shares[:, one]) for one in range(2)]
    return RULE.each(
        grid,
        cells.repeat(2),
        np.stack(severities, axis=1).reshape(-1),
        _of_all,
        np.tile(np.arange(2), len(cells)),
        shares.reshape(-1),
    )


def _of_all(which: int, share: float) -> str:
    who = ("one person", "two people")[which]
    return f"The weights of {who} are {share_text(share)} of all in the cell."


RULE = Rule(
    name="weights",
    title="Weighted tables",
    source="ABS DataLab: at least 10 unweighted contributors, and unweighted counts as evidence; "
    "SDC handbook, (n,k) rule",
    finds="Every rule looks at the people behind a weighted number, and not at what they stand "
    "for: 3 people who stand for 4,000 are 3 people. This rule finds the people who do "
    "not count: a cell in which fewer than the threshold have a weight above 0, and a "
    "weighted count, mean or proportion of which one or two people make up most, as in "
    "dominance. Of a mean or a proportion of a variable those with a value are looked at, "
    "since nobody else is in it. A cell that looks empty because the weights of its "
    "people are 0 goes to a person. Proportions and ratios count only people with a "
    "weight. A missing, negative or infinite weight is refused.",
    remedy="Leave people without a weight out with where, withhold the cell, or merge it.",
    fields=(
        "threshold",
        "dominance_1_review",
        "dominance_1_fail",
        "dominance_2_review",
        "dominance_2_fail",
    ),
    reads=dict.fromkeys(WEIGHTED, _READS),
    search=_find,
    about_cells=True,
)
