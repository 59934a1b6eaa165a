"""No one or two people may make up most of a cell's total: the (n,k) rule.

Source: SDC handbook, magnitude tables; ABS (1,50), (2,67).
"""

from collections.abc import Iterator

import numpy as np

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.contributions import READS, Contributions, contributions
from output_checks.rules.rule import Rule
from output_checks.words import Verdict, share_text

_EXACTLY = 1 - 1e-12
"""A share that is the limit but for the last bit of a float has reached it."""


def _find(grid: Grid, policy: Policy) -> Iterator[Finding]:
    found = [
        hit
        for made in contributions(grid)
        for count, part in ((1, made.first), (2, made.first + made.second))
        for hit in _large(policy, made, count, 100 * (part / made.total))
    ]
    found.sort(key=lambda hit: hit[0])
    yield from RULE.each(grid, [cell for cell, _ in found], [said for _, said in found])


def severity_of_contributors(policy: Policy, count: int, share: float) -> Verdict:
    """How bad it is that so many contributors make up so many percent of a total."""
    for severity in (Verdict.FAIL, Verdict.REVIEW):
        if share >= getattr(policy, f"dominance_{count}_{severity}") * _EXACTLY:
            return severity
    return Verdict.PASS


def _large(
    policy: Policy, made: Contributions, count: int, shares: np.ndarray
) -> Iterator[tuple[int, tuple[Verdict, str]]]:
    """The cells in which so many make up too much, each with what to say of it."""
    fail = getattr(policy, f"dominance_{count}_fail") * _EXACTLY
    review = getattr(policy, f"dominance_{count}_review") * _EXACTLY
    who = "The largest contributor makes" if count == 1 else "The two largest make"
    hits = np.flatnonzero(shares >= min(fail, review))
    remarks = made.remarks(hits)
    for cell, share, remark in zip(
        made.cells[hits].tolist(), shares[hits].tolist(), remarks, strict=True
    ):
        severity = Verdict.FAIL if share >= fail else Verdict.REVIEW
        yield cell, (severity, f"{who} up {share_text(share)} of {made.part}{remark}.")


RULE = Rule(
    name="dominance",
    title="Dominance: the (n,k) rule",
    source="SDC handbook, magnitude tables, (n,k) rule; ABS DataLab (1,50) and (2,67)",
    finds="A cell whose largest one or two contributors make up the policy's share of its total: "
    "whoever knows one of them knows nearly the total, and the other way round. Contributions "
    "are summed by person first and taken absolutely, so that one negative amount does not hide "
    "who dominates. Of a ratio, numerator and denominator are judged each. Of a standard "
    "deviation or variance, the squares around the mean are: one person far from all others makes "
    "most of them, and is as far off as the spread says.",
    remedy="Withhold the cell with protect('suppress'), or merge it with a neighbour.",
    fields=("dominance_1_review", "dominance_1_fail", "dominance_2_review", "dominance_2_fail"),
    reads=READS,
    find=_find,
    about_cells=True,
)
