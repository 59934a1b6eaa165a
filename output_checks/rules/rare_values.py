"""A sum of few different values is a table of who has each of them: SDC handbook, statbarns."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from output_checks.findings import Found
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import numbers, shown
from output_checks.rules.class_disclosure import ranks_of_shares
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind, statistic
from output_checks.words import Verdict, people, share_text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Added:
    """What a cell adds up, with its name and its evidence by cell; NaN where it is not known.

    different: values in the whole table, 0 for many. rarest: people with the rarest of the
    cell's. alone, others: people with nothing but the most frequent one, and everybody else. off:
    people whose values are off the steps of all others.
    """

    name: str
    different: np.ndarray
    rarest: np.ndarray
    alone: np.ndarray
    others: np.ndarray
    off: np.ndarray

    @property
    def everybody(self) -> np.ndarray:
        """All people in it."""
        return self.alone + self.others


def _find(grid: Grid, policy: Policy) -> Iterator[Found]:
    if grid.kind is Kind.RATIO:
        above, below = _added(grid, "", grid.of), _added(grid, "per_", grid.per)
        both = (above.different > 0) & (below.different > 0)
        for one in (above, below):
            yield from _two(grid, one, policy, both, _are_said(grid, one))
            yield from _more(grid, one, policy, both)
        return
    everywhere, nowhere = np.ones(grid.size, dtype=bool), np.zeros(grid.size, dtype=bool)
    of_variable = _added(grid, "", grid.of)
    if grid.kind is not Kind.COUNT:
        if grid.per is not None:  # otherwise `contributors` has its two values
            yield from _two(grid, of_variable, policy, everywhere, nowhere)
        if grid.kind is not Kind.SPREAD:
            yield from _more(grid, of_variable, policy, everywhere)
    if grid.weight is not None:
        name = grid.weight if grid.kind is Kind.COUNT else f"{grid.of} times {grid.weight}"
        weighted = _added(grid, "weight_", name)
        is_new = ~(of_variable.different == 2)
        yield from _two(grid, weighted, policy, is_new, ~is_new)
        yield from _more(grid, weighted, policy, everywhere)


def _added(grid: Grid, prefix: str, name: str | None) -> _Added:
    columns = (
        *("different_values", "units_with_rarest_value", "units_with_commonest_alone"),
        *("units_with_others", "units_off_steps"),
    )
    names = ("different", "rarest", "alone", "others", "off")
    found = {own: numbers(grid, prefix + one) for own, one in zip(names, columns, strict=True)}
    return _Added(name=str(name), **found)


def _are_said(grid: Grid, one: _Added) -> np.ndarray:
    """Where `ratios` has told already how few have it or have it not."""
    having, base = numbers(grid, "numerator_units"), numbers(grid, "denominator_units")
    return np.minimum(having, base - having) == one.rarest


def _two(
    grid: Grid, one: _Added, policy: Policy, is_known: np.ndarray, are_said: np.ndarray
) -> Iterator[Found]:
    """Where there are two values in all: as a proportion is judged.

    is_known: where nothing else hides how many have each, so that nearly all can be told.
    """
    are_two = shown(grid) & (one.different == 2) & (one.rarest > 0)
    few = np.flatnonzero(are_two & (one.rarest < policy.threshold) & ~are_said)
    columns = one.everybody[few], one.rarest[few]
    yield RULE.each(grid, few, policy.proportions, _of_two(one.name, policy), *columns)
    shares = 100 * one.alone / np.maximum(one.everybody, 1)
    many = np.flatnonzero(are_two & is_known & (shares >= _least(policy)))
    found = ranks_of_shares(shares[many], policy)
    yield RULE.each(grid, many, found, _nearly_all(one.name), shares[many])


def _more(grid: Grid, one: _Added, policy: Policy, is_known: np.ndarray) -> Iterator[Found]:
    """Where there are more: nearly all with the same, three values, or others off the steps.

    A spread beside it tells how many have each of three values: see `few_values`.
    """
    seen = shown(grid) & (one.different > 2) & is_known
    shares = 100 * one.alone / np.maximum(one.everybody, 1)
    few = (one.others > 0) & (one.others < policy.threshold)
    all_but = seen & few & (shares >= policy.class_disclosure_review)
    cells = np.flatnonzero(all_but)
    columns = one.everybody[cells], one.others[cells]
    yield RULE.each(grid, cells, policy.proportions, _all_but(one.name, policy), *columns)
    is_off = seen & ~all_but & (one.off > 0) & (one.off < policy.threshold)
    cells = np.flatnonzero(is_off)
    yield RULE.each(grid, cells, Verdict.REVIEW, _off(one.name, policy), one.off[cells])
    rarest = np.where(one.alone < policy.threshold, 0, one.rarest)
    are_three = (one.different == 3) & (rarest > 0) & (rarest < policy.threshold)
    are_said = any(statistic(name).kind is Kind.SPREAD for name in grid.beside)
    cells = np.flatnonzero(seen & are_three & ~all_but & ~is_off & ~np.array(are_said))
    yield RULE.each(grid, cells, Verdict.REVIEW, _of_three(one.name, policy), one.rarest[cells])


def _least(policy: Policy) -> float:
    return min(policy.class_disclosure_review, policy.class_disclosure_fail)


def _of_two(name: str, policy: Policy) -> Callable[[float, float], str]:
    def say(everybody: float, rarest: float) -> str:
        return (
            f"“{name}” has two values, and of {people(everybody)} {rarest:,.0f} "
            f"{'has' if rarest == 1 else 'have'} the rarer one; the policy asks for at least "
            f"{policy.threshold}."
        )

    return say


def _nearly_all(name: str) -> Callable[[float], str]:
    def say(share: float) -> str:
        return (
            f"“{name}” has two values, and {share_text(share)} of the people in the cell have the "
            "same."
        )

    return say


def _all_but(name: str, policy: Policy) -> Callable[[float, float], str]:
    def say(everybody: float, others: float) -> str:
        return (
            f"Of {people(everybody)} all but {others:,.0f} have the same “{name}”, so that the "
            f"rest is of so few; the policy asks for at least {policy.threshold}."
        )

    return say


def _off(name: str, policy: Policy) -> Callable[[float], str]:
    def say(off: float) -> str:
        return (
            f"The “{name}” of all but {people(off)} are long and equal steps apart, so that the "
            f"last digits are those of so few; the policy asks for at least {policy.threshold}."
        )

    return say


def _of_three(name: str, policy: Policy) -> Callable[[float], str]:
    def say(rarest: float) -> str:
        return (
            f"“{name}” has three values, and {people(rarest)} in the cell "
            f"{'has' if rarest == 1 else 'have'} the rarest: who knows a little about the others "
            f"can tell how many; the policy asks for at least {policy.threshold}."
        )

    return say


_VARIABLE = ("different_values",)
_WEIGHTED = ("weight_different_values",)

RULE = Rule(
    name="rare_values",
    title="Rare values in sums",
    source="SDC handbook, frequency tables: a count that can be worked out is a count; statbarns, "
    "implicit tables; ABS DataLab, minimum contributors",
    finds="A weighted count is the sum of its weights, and a ratio is one sum over another: each "
    "is judged by what it adds up. Where that has two values in the whole table it is judged "
    "like a proportion, as `contributors` does for sums: by the people who have the rarer one, "
    "and by nearly all having the same. With more values (up to 64; amounts have more) it is "
    "found where nearly all (`class_disclosure_review`) have the same and fewer than the "
    "threshold another. A person must look where the table has three values, of which so few "
    "have the rarest and not so few the most frequent; and where the values of all but so few "
    "are long equal steps apart: of incomes of 1,000,000 and 2,000,000 and one of 1,003,323 a "
    "sum ends in 3,323. A step is long if it is more than every record's least difference "
    "together, so that numbers of visits or ages, with steps of 1, tell nothing. Of a ratio "
    "only two values count where the other part has many.",
    remedy="Leave out what tells it apart (a weight, a denominator, a code), merge values with "
    "derive, or withhold the cell.",
    fields=("threshold", "proportions", "class_disclosure_review", "class_disclosure_fail"),
    only="weighted counts, sums, means, rates and ratios; spreads beside a ratio",
    reads={
        Kind.COUNT: _WEIGHTED,
        Kind.SUM: (*_VARIABLE, *_WEIGHTED),
        **dict.fromkeys((Kind.MEAN, Kind.SPREAD), _VARIABLE),
        Kind.RATIO: (*_VARIABLE, "per_different_values"),
    },
    search=_find,
    about_cells=True,
)
