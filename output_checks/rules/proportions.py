"""A proportion is judged as the counts behind it: SDC handbook. ACRO compares the share itself."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from output_checks.findings import Found, ranks
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import are_of_rounded_parts, flags, numbers, shown
from output_checks.rules.class_disclosure import ranks_of_shares
from output_checks.rules.rule import Rule
from output_checks.rules.threshold import is_wide
from output_checks.statistics import Kind
from output_checks.words import people, share_text


def _find(grid: Grid, policy: Policy) -> Iterator[Found]:
    having, base = numbers(grid, "numerator_units"), numbers(grid, "denominator_units")
    lacking = base - having
    seen = shown(grid) & (base > 0)
    small = _is_small(having, policy) | _is_small(lacking, policy)
    impossible = flags(grid, "structural_zero")
    few = np.flatnonzero(seen & small & ~impossible & ~_are_hidden(grid, policy))
    columns = having[few], lacking[few]
    yield RULE.each(grid, few, policy.proportions, partial(_few, policy), *columns)
    if grid.of is not None:  # per cents of the table itself are judged by class_disclosure
        most = 100 * np.maximum(having, lacking) / np.maximum(base, 1)
        many = np.flatnonzero(seen & ~impossible & (most >= _least(policy)))
        columns = having[many], lacking[many]
        yield RULE.each(
            grid, many, _ranks(policy, *columns), partial(_nearly_all, grid.of), *columns
        )


def _are_hidden(grid: Grid, policy: Policy) -> np.ndarray:
    """Where rounded parts leave open how many are counted, even to who knows of how many."""
    base = numbers(grid, "denominator_units")
    lower, upper = numbers(grid, "people_lower"), numbers(grid, "people_upper")
    hidden = np.zeros(grid.size, dtype=bool)
    if not are_of_rounded_parts(grid, 1) or grid.method != "round":
        return hidden
    for at in np.flatnonzero(~np.isnan(lower) & ~np.isnan(upper)):
        left = max(base[at] - upper[at], 0.0), base[at] - lower[at]
        hidden[at] = all(
            is_wide(least, most, policy.threshold) for least, most in ((lower[at], upper[at]), left)
        )
    return hidden


def _is_small(count: np.ndarray, policy: Policy) -> np.ndarray:
    return (count > 0) & (count < policy.threshold)


def _least(policy: Policy) -> float:
    """The share from which a side is looked at; where one is all, the other is a zero."""
    return min(policy.class_disclosure_review, policy.class_disclosure_fail, 100.0)


def _few(policy: Policy, having: float, lacking: float) -> str:
    return (
        f"Of {people(having + lacking)}, {having:,.0f} are counted and {lacking:,.0f} are not; "
        f"the policy asks for at least {policy.threshold} on both sides."
    )


def _ranks(policy: Policy, having: np.ndarray, lacking: np.ndarray) -> np.ndarray:
    """Where one side is all, the other is a zero."""
    found = ranks_of_shares(100 * np.maximum(having, lacking) / (having + lacking), policy)
    (zero,) = ranks([policy.zeros])
    return np.where((having == 0) | (lacking == 0), np.maximum(found, zero), found)


def _nearly_all(of: str, having: float, lacking: float) -> str:
    share = 100 * max(having, lacking) / (having + lacking)
    who = "All" if share >= 100 else share_text(share)
    truth = "true" if having > lacking else "false"
    return f"{who} of the people in the cell have {of} = {truth}."


RULE = Rule(
    name="proportions",
    title="Proportions and per cents",
    source="SDC handbook, percentages: judged on the counts behind them; statbarns, linear "
    "aggregations",
    finds="A proportion of a true-or-false variable is judged as the table of its yes and no "
    "would be: fewer people on either side than the threshold, none (as `zeros`) or all or "
    "nearly all (as `class_disclosure`). Per cents within rows or columns: fewer people in the "
    "cell, or in the rest of its row or column, than the threshold, unless the cell is declared "
    "in `structural_zeros`: that nobody is in it tells of nobody. The share itself says "
    "nothing: 0.2 may be 1 of 5 or 200 of 1,000.",
    remedy="Merge categories, or withhold the cell with protect('suppress').",
    fields=(
        "threshold",
        "proportions",
        "zeros",
        "class_disclosure_review",
        "class_disclosure_fail",
    ),
    reads={Kind.PROPORTION: ("numerator_units", "denominator_units", "structural_zero")},
    search=_find,
    about_cells=True,
)
