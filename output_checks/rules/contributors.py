"""A sum is that of the people who have any of it, a mean of zeros and ones a proportion: ABS."""

from collections.abc import Iterator

import numpy as np

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import described, numbers, shown
from output_checks.rules.class_disclosure import severity_of_share
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind
from output_checks.words import Verdict, people, share_text

_EXACTLY = 1e-9
"""Amounts that differ by less of their total are the same but for the last bits of a float."""

_READS = ("units_with_value", "largest", "total_absolute", "negative", "positive")


def _find(grid: Grid, policy: Policy) -> Iterator[Finding]:
    """Where all have the same amount or none `all_equal` answers."""
    base = described(grid)
    having = numbers(grid, "negative") + numbers(grid, "positive")
    lacking = base - having
    alike = (having > 0) & (lacking > 0) & _is_of_one_amount(grid, having)
    told = having < policy.threshold
    if grid.kind is Kind.SPREAD:
        told &= alike
    told |= alike & (lacking < policy.threshold)
    few = np.flatnonzero(shown(grid) & (having > 0) & (lacking > 0) & told)
    yield from RULE.each(
        grid, few, ((policy.proportions, _few(having[at], lacking[at], policy)) for at in few)
    )
    shares = 100 * np.maximum(having, lacking) / np.maximum(base, 1)
    least = min(policy.class_disclosure_review, policy.class_disclosure_fail)
    many = np.flatnonzero(shown(grid) & alike & (shares >= least))
    yield from RULE.each(grid, many, (_nearly_all(having[at], lacking[at], policy) for at in many))


def _is_of_one_amount(grid: Grid, having: np.ndarray) -> np.ndarray:
    """Whether all who have any have the same, so that the amounts are as good as yes and no."""
    total = numbers(grid, "total_absolute")
    return np.abs(total - having * numbers(grid, "largest")) <= _EXACTLY * total


def _few(having: float, lacking: float, policy: Policy) -> str:
    return (
        f"Of {people(having + lacking)} with a value, {lacking:,.0f} have 0 and {having:,.0f} "
        f"another one; the policy asks for at least {policy.threshold}."
    )


def _nearly_all(having: float, lacking: float, policy: Policy) -> tuple[Verdict, str]:
    share = 100 * max(having, lacking) / (having + lacking)
    which = "the same value" if having > lacking else "the value 0"
    return (
        severity_of_share(share, policy),
        f"{share_text(share)} of the people in the cell have {which}, and the others one other.",
    )


RULE = Rule(
    name="contributors",
    title="Sums and means of few",
    source="ABS DataLab, minimum contributors; SDC handbook, percentages: judged on the counts "
    "behind them",
    finds="A sum or mean to which fewer people than the threshold contribute anything but 0. "
    "Where all who contribute have the same amount, as with zeros and ones, it is judged like a "
    "proportion: also by those who have 0, and by nearly all being on one side; a standard "
    "deviation or variance too. Contributions are summed by person first.",
    remedy="Withhold the cell with protect('suppress'), or merge categories.",
    fields=("threshold", "proportions", "class_disclosure_review", "class_disclosure_fail"),
    reads=dict.fromkeys((Kind.SUM, Kind.MEAN, Kind.SPREAD), _READS),
    find=_find,
    about_cells=True,
)
