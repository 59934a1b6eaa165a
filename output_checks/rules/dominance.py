"""No one or two people may make up most of a cell's total: (n,k) and p % rules.

Source: SDC handbook, magnitude tables; ABS (1,50), (2,67); ACRO's p %.
"""

from collections.abc import Iterator

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import NEVER, Policy
from output_checks.words import Verdict, share_text

_REMEDY = "Withhold the cell with protect('suppress'), or merge it with a neighbour."


def dominance(grid: Grid, policy: Policy) -> Iterator[Finding]:
    """Find the cells whose largest one or two contributors reach the policy's share.

    Contributions are summed by person and taken absolutely: with both signs the message says so.
    """
    for cell, first, second, total, both_signs in _contributions(grid):
        for count, part in ((1, first), (2, first + second)):
            share = 100 * part / total
            severity = _severity(policy, count, share)
            if severity is not Verdict.PASS:
                who = "largest contributor makes" if count == 1 else "two largest make"
                yield Finding(
                    rule="dominance",
                    severity=severity,
                    cells=grid.places([cell]),
                    message=f"The {who} up {share_text(share)} of the cell's total{both_signs}.",
                    remedy=_REMEDY,
                )


def p_percent(grid: Grid, policy: Policy) -> Iterator[Finding]:
    """Find the cells whose second contributor could work out the first within p %.

    The rest of the cell, T - x1 - x2, is all that hides it. p = 0 switches the rule off.
    """
    for cell, first, second, total, both_signs in _contributions(grid):
        rest = max(total - first - second, 0.0)
        if rest < policy.p_percent / 100 * first * (1 - 1e-12):
            yield Finding(
                rule="p_percent",
                severity=Verdict.FAIL,
                cells=grid.places([cell]),
                message=(
                    "The second largest contributor can work out the largest to within "
                    f"{100 * rest / first:.1f} %, less than {policy.p_percent:g} %{both_signs}."
                ),
                remedy=_REMEDY,
            )


def _contributions(grid: Grid) -> Iterator[tuple[int, float, float, float, str]]:
    columns = ["largest", "second_largest", "total_absolute", "negative", "positive", "withheld"]
    for cell, row in enumerate(grid.frame.select(columns).rows()):
        first, second, total, negative, positive, withheld = row
        if not withheld and total and None not in (first, second):
            signs = " (absolute values: there are both signs)" if negative and positive else ""
            yield cell, first, second, total, signs


def _severity(policy: Policy, count: int, share: float) -> Verdict:
    for severity in (Verdict.FAIL, Verdict.REVIEW):
        limit = getattr(policy, f"dominance_{count}_{severity}")
        if limit is not NEVER and share >= limit * (1 - 1e-12):
            return severity
    return Verdict.PASS
