"""No one or two people may make up most of a cell's total: the (n,k) rule.

Source: SDC handbook, magnitude tables; ABS (1,50), (2,67).
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from output_checks.findings import FAIL, PASS, REVIEW, Found
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.contributions import DIVISORS, READS, REMARKS, contributions, divided_by
from output_checks.rules.rule import Rule
from output_checks.statistics import OF_RECORDS
from output_checks.words import Verdict, share_text

_EXACTLY = 1 - 1e-12
"""A share that is the limit but for the last bit of a float has reached it."""


def _find(grid: Grid, policy: Policy) -> Iterator[Found]:
    """In the order of the cells; of one cell, what is said of one contributor comes first."""
    parts, found = [], []
    for made in (*contributions(grid), *divided_by(grid)):
        for count, part in ((1, made.first), (2, made.first + made.second)):
            shares = 100 * (part / made.total)
            severities = ranks_of_contributors(policy, count, shares)
            hits = np.flatnonzero(severities != PASS)
            which = np.full(len(hits), len(parts))
            columns = (made.cells, severities, shares, made.signs)
            found.append([*(column[hits] for column in columns), which])
            parts.append((count, made.part))
    if not found:
        return
    cells, severities, *numbers = (np.concatenate(one) for one in zip(*found, strict=True))
    order = np.argsort(cells, kind="stable")
    columns = [one[order] for one in numbers]
    yield RULE.each(grid, cells[order], severities[order], _said(parts), *columns)


def _said(parts: Sequence[tuple[int, str]]) -> Callable[[float, int, int], str]:
    """parts: of how many contributors, and of what, sentences can be."""

    def say(share: float, has_both_signs: int, which: int) -> str:
        count, part = parts[which]
        who = "The largest contributor makes" if count == 1 else "The two largest make"
        return f"{who} up {share_text(share)} of {part}{REMARKS[has_both_signs]}."

    return say


def ranks_of_contributors(policy: Policy, count: int, shares: np.ndarray) -> np.ndarray:
    """How bad it is that so many contributors make up so many percent of totals, as ranks."""
    fail = getattr(policy, f"dominance_{count}_fail") * _EXACTLY
    review = getattr(policy, f"dominance_{count}_review") * _EXACTLY
    return np.where(shares >= fail, FAIL, np.where(shares >= review, REVIEW, PASS))


def severity_of_contributors(policy: Policy, count: int, share: float) -> Verdict:
    """How bad it is that so many contributors make up so many percent of a total."""
    return tuple(Verdict)[ranks_of_contributors(policy, count, np.array(share))]


RULE = Rule(
    name="dominance",
    title="Dominance: the (n,k) rule",
    source="SDC handbook, magnitude tables, (n,k) rule; ABS DataLab (1,50) and (2,67)",
    finds="A cell whose largest one or two contributors make up the policy's share of its total: "
    "whoever knows one of them knows nearly the total, and the other way round. Contributions "
    "are summed by person first and taken absolutely, so that one negative amount does not hide "
    "who dominates. Of a ratio, numerator and denominator are judged each. Of a mean also the "
    "records that it is divided by (or their weights), where somebody has several: it is nearly "
    "the mean of who has nearly all of them. Of a standard "
    "deviation or variance, the squares around the mean are: one person far from all others makes "
    "most of them, and is as far off as the spread says. The records that it is of are judged "
    "too: it is nearly the spread within the records of who has nearly all of them. So are those "
    "of a median or percentile: of who has 80 % of them a p10 says that most are above it.",
    remedy="Withhold the cell with protect('suppress'), or merge it with a neighbour.",
    fields=("dominance_1_review", "dominance_1_fail", "dominance_2_review", "dominance_2_fail"),
    reads=READS | {kind: (*READS.get(kind, ()), *DIVISORS) for kind in sorted(OF_RECORDS)},
    search=_find,
    about_cells=True,
)
