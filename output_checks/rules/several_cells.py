"""Where people are in several cells, what is left when one takes cells off a total is a group."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from output_checks.findings import Found
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import is_approximate, numbers, shown
from output_checks.rules.class_disclosure import families
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind
from output_checks.words import Verdict, people


def _find(grid: Grid, policy: Policy) -> Iterator[Found]:
    """Where nobody is in two cells, every difference is a sum of cells, which are judged."""
    if not grid.overlaps or is_approximate(grid):
        return
    counts = numbers(grid, "units").reshape(grid.shape)
    seen = shown(grid).reshape(grid.shape)
    cells = np.arange(grid.size).reshape(grid.shape)
    for family in families(grid):
        if family.total is None:
            continue
        axis, whole = family.axis, [family.total]
        parts, total = (counts.take(at, axis=axis) for at in (family.members, whole))
        told, known = (seen.take(at, axis=axis) for at in (family.members, whole))
        more = parts.sum(axis=axis, keepdims=True) - total
        many = known & told.all(axis=axis, keepdims=True) & (more > 0) & (more < policy.threshold)
        at = cells.take(whole, axis=axis)[many]
        yield RULE.each(grid, at, Verdict.FAIL, partial(_in_several, policy), more[many])
        left = total - parts
        few = known & told & (parts > 0) & (left > 0) & (left < policy.threshold)
        at = cells.take(family.members, axis=axis)[few]
        yield RULE.each(grid, at, Verdict.FAIL, partial(_left_out, policy), left[few])


def _in_several(policy: Policy, more: float) -> str:
    return (
        f"Its parts add up to {more:,.0f} more than this total, so that at most {people(more)} "
        f"can be in several of them; the policy asks for at least {policy.threshold}."
    )


def _left_out(policy: Policy, left: float) -> str:
    return (
        f"The total less this cell leaves {people(left)} who {'is' if left == 1 else 'are'} not "
        f"in it; the policy asks for at least {policy.threshold}."
    )


RULE = Rule(
    name="several_cells",
    title="People in several cells",
    source="SDC handbook, tables that can be linked; ABS DataLab: differences below 10 are not "
    "allowed",
    finds="Where somebody can be in several cells, as with diagnoses, cells add up to more than "
    "their total. How much more tells how many people are in several of them, and the total less "
    "a cell tells how many are in none but the others: fewer than the threshold are a small count "
    "as if it had been printed. Rounded tables do not tell it.",
    remedy="Leave the totals out (margins=False), merge categories, or withhold the cell.",
    fields=("threshold",),
    reads={Kind.COUNT: ("units",)},
    search=_find,
    about_cells=True,
)
