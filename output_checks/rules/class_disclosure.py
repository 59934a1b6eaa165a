"""A row or column that is (nearly) all in one category tells what each of its people is.

Source: SDC handbook, group disclosure; SRS guidance on class disclosure; Eurostat 90 %.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from output_checks.findings import FAIL, PASS, REVIEW, Finding, Found
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import blank, flags, is_approximate, numbers, shown
from output_checks.rules.rule import Rule
from output_checks.settings import worse
from output_checks.statistics import Kind
from output_checks.words import Verdict, share_text


@dataclass(frozen=True, slots=True)
class Family:
    """What adds up along one axis: categories or groups, and the position of their total."""

    axis: int
    members: tuple[int, ...]
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """In the table's shape: people as a reader sees them, and whether; who can be there; cells."""

    people: np.ndarray
    readable: np.ndarray
    possible: np.ndarray
    cells: np.ndarray


def ranks_of_shares(shares: np.ndarray, policy: Policy) -> np.ndarray:
    """How bad it is that so many percent of some people are in one category, as ranks."""
    looked_at = np.where(shares >= policy.class_disclosure_review, REVIEW, PASS)
    return np.where(shares >= policy.class_disclosure_fail, FAIL, looked_at)


def _find(grid: Grid, policy: Policy) -> Iterator[Finding | Found]:
    """100 % can be read off any statistic, since the other cells are empty; less only off counts.

    A category that is said to be the only one that can have people goes to a person.
    """
    people = numbers(grid, _seen_as(grid))
    readable = shown(grid) & ~blank(grid) & ~np.isnan(people)
    read = _Read(
        people=np.nan_to_num(people).reshape(grid.shape),
        readable=readable.reshape(grid.shape),
        possible=~flags(grid, "structural_zero").reshape(grid.shape),
        cells=np.arange(grid.size).reshape(grid.shape),
    )
    yield from _single(grid, policy)
    for family in families(grid):
        yield from _within(grid, policy, read, family)


def _single(grid: Grid, policy: Policy) -> Iterator[Finding]:
    """Dimensions with one category: everybody's, unless that is how people were chosen."""
    if ranks_of_shares(np.array(100.0), policy) == PASS:
        return
    for axis, one in enumerate(grid.dimensions):
        if len(one.labels) == 1 and not one.is_chosen:
            label = grid.texts(axis)[0]
            yield RULE.finding(
                grid,
                (),
                Verdict.REVIEW,
                f"Everybody in the table has {one.name} = {label}: there is no other category.",
                remedy=f"If they were chosen for it, say so in where; otherwise leave {one.name} "
                "out, or merge it with what else it can be.",
            )


def _seen_as(grid: Grid) -> str:
    """Counts as a reader sees them: rounded where they are, and otherwise unweighted."""
    return "value" if is_approximate(grid) else grid.counts


def _shows_shares(grid: Grid) -> bool:
    return grid.facts.shows_counts or (grid.kind is Kind.PROPORTION and grid.of is None)


def families(grid: Grid) -> Iterator[Family]:
    """Everything that adds up, along every axis: the whole of it, and each group of codes."""
    for axis, one in enumerate(grid.dimensions):
        yield Family(axis, one.tops, len(one.texts) if grid.margins else None)
        for number, group in enumerate(one.groups):
            yield Family(axis, group.members, len(one.labels) + number)


def _within(grid: Grid, policy: Policy, read: _Read, family: Family) -> Iterator[Found]:
    axis = family.axis
    parts, seen, possible, cells = (
        values.take(family.members, axis=axis)
        for values in (read.people, read.readable, read.possible, read.cells)
    )
    totals, told = parts.sum(axis=axis), seen.all(axis=axis)
    if family.total is not None:
        totals = read.people.take(family.total, axis=axis)
        if _shows_shares(grid):
            told |= read.readable.take(family.total, axis=axis)
    several = possible.sum(axis=axis) > 1
    judged = np.expand_dims(told & several & (totals > 0), axis)
    declared = np.expand_dims(told & ~several & (totals > 0) & ~possible.all(axis=axis), axis)
    shares = 100 * parts / np.maximum(np.expand_dims(totals, axis), 1)
    least = min(policy.class_disclosure_review, policy.class_disclosure_fail)
    found = judged & seen & (shares >= (least if _shows_shares(grid) else max(least, 100.0)))
    yield RULE.each(
        grid,
        cells[found],
        Verdict.REVIEW if is_approximate(grid) else ranks_of_shares(shares[found], policy),
        _message(grid, family),
        shares[found],
        *np.unravel_index(cells[found], grid.shape),
    )
    alone = declared & seen & (shares >= 100)
    yield RULE.each(
        grid,
        cells[alone],
        _of_declared(grid, policy),
        _message(grid, family, _DECLARED),
        shares[alone],
        *np.unravel_index(cells[alone], grid.shape),
        remedy="Say to the checker why nobody can be in the others, or merge categories.",
    )


def _of_declared(grid: Grid, policy: Policy) -> Verdict:
    """How bad it is where the others are declared to be impossible, which nobody has checked.

    Where no zero may be shown at all, a declared one is no exception.
    """
    if ranks_of_shares(np.array(100.0), policy) == PASS:
        return Verdict.PASS
    return Verdict.REVIEW if is_approximate(grid) else worse(Verdict.REVIEW, policy.zeros)


_DECLARED = ": that nobody can be in the others is what structural_zeros declares"


def _message(grid: Grid, family: Family, rest: str = "") -> Callable[..., str]:
    """A sentence of a share and the position of its cell on every axis; rest: how it ends."""
    one = grid.dimensions[family.axis]
    axes = [(other.name, grid.texts(axis)) for axis, other in enumerate(grid.dimensions)]
    name, texts = axes[family.axis]
    in_group = family.total is not None and family.total < len(one.texts)
    group = [f"{name} = {texts[family.total]}"] if in_group else []

    def say(share: float, *at: int) -> str:
        where = [
            f"{other} = {labels[place]}"
            for axis, ((other, labels), place) in enumerate(zip(axes, at, strict=True))
            if axis != family.axis
        ]
        return (
            f"{'All' if share >= 100 else share_text(share)} of the people in "
            f"{', '.join([*where, *group]) or 'the table'} have {name} = "
            f"{texts[at[family.axis]]}{rest}."
        )

    return say


RULE = Rule(
    name="class_disclosure",
    title="Everybody in one category",
    source="SDC handbook, group disclosure; SRS guidance on class disclosure; ESSnet: 90 %",
    finds="Along one dimension, and within each group of a hierarchy, a category that holds all "
    "or nearly all of the people, margins included. All can be read off any statistic, since the "
    "other cells are empty; nearly all only off counts and per cents. A category that is the "
    "only possible one (the others are structural zeros) tells nothing new, but that is somebody's "
    "word, so a person looks; a policy under which empty cells fail (`zeros`) takes no such word. "
    "A dimension with one "
    "category tells that everybody has it, and goes to a person; not where people were chosen for "
    "it (`where` fits no other), and not where it is one for everybody (all merged, or a "
    "constant). The only category of an only dimension, without any `where`, is what the data are "
    "about; where people were chosen by something else, it tells of them.",
    remedy="Merge categories of that dimension, or withhold the cell.",
    fields=("class_disclosure_review", "class_disclosure_fail", "zeros"),
    reads=dict.fromkeys(Kind, ("units", "units_with_value", "structural_zero")),
    search=_find,
    about_cells=True,
)
