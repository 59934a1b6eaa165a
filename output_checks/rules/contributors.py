"""A sum is that of the people who have any of it, a mean of zeros and ones a proportion: ABS."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from output_checks.findings import Found
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import described, numbers, shown
from output_checks.rules.class_disclosure import ranks_of_shares
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind
from output_checks.words import people, share_text

_EXACTLY = 1e-9
"""Amounts that differ by less of their total are the same but for the last bits of a float."""

_READS = ("units_with_value", "largest", "total_absolute", "negative", "positive")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """In each cell who has it and who has not; where that is as good as yes and no; in words.

    everybody: of whom somebody with several records can be both. words, nearly: what those who
    lack it have, and what those who have it.
    """

    having: np.ndarray
    lacking: np.ndarray
    everybody: np.ndarray
    alike: np.ndarray
    words: tuple[str, str]
    nearly: tuple[str, str]


def _find(grid: Grid, policy: Policy) -> Iterator[Found]:
    """Where all have the same amount or none `all_equal` answers.

    Amounts that part people as the code does, or the other way round, say nothing more.
    """
    amounts, codes = _amounts(grid), _codes(grid)
    is_same = (amounts.having == codes.having) & (amounts.lacking == codes.lacking)
    is_mirrored = (amounts.having == codes.lacking) & (amounts.lacking == codes.having)
    by_code = codes.alike & ~(amounts.alike & is_same)
    few = codes.having < policy.threshold
    yield from _judged(grid, policy, codes, by_code & few, by_code)
    by_amount = ~by_code | (amounts.alike & ~is_mirrored)
    few = amounts.having < policy.threshold
    if grid.kind is Kind.SPREAD:
        few &= amounts.alike
    yield from _judged(grid, policy, amounts, few & by_amount, amounts.alike & by_amount)


def _judged(
    grid: Grid, policy: Policy, sides: _Sides, told: np.ndarray, alike: np.ndarray
) -> Iterator[Found]:
    """told: where too few have it. alike: where it is as good as yes and no."""
    having, lacking, everybody = sides.having, sides.lacking, sides.everybody
    told = told | (alike & (lacking < policy.threshold))
    few = np.flatnonzero(shown(grid) & (having > 0) & (lacking > 0) & told)
    columns = (having[few], lacking[few], everybody[few])
    yield RULE.each(grid, few, policy.proportions, _few(sides.words, policy), *columns)
    shares = 100 * (everybody - np.minimum(having, lacking)) / np.maximum(everybody, 1)
    least = min(policy.class_disclosure_review, policy.class_disclosure_fail)
    many = np.flatnonzero(shown(grid) & alike & (shares >= least))
    columns = (having[many], lacking[many], shares[many])
    shares = ranks_of_shares(shares[many], policy)
    yield RULE.each(grid, many, shares, _nearly_all(sides.nearly), *columns)


def _amounts(grid: Grid) -> _Sides:
    """Who contributes anything but 0."""
    having, everybody = numbers(grid, "negative") + numbers(grid, "positive"), described(grid)
    lacking = everybody - having
    total = numbers(grid, "total_absolute")
    is_one_amount = np.abs(total - having * numbers(grid, "largest")) <= _EXACTLY * total
    return _Sides(
        having=having,
        lacking=lacking,
        everybody=everybody,
        alike=(having > 0) & (lacking > 0) & is_one_amount,
        words=("0", "another one"),
        nearly=("the value 0", "the same value"),
    )


def _codes(grid: Grid) -> _Sides:
    """Who has the higher of just two values, such as 1 and 2; nobody of any other variable.

    Somebody with records of both counts on both sides: one record of 300 that is 0 is one person's.
    """
    having, everybody = numbers(grid, "numerator_units"), numbers(grid, "denominator_units")
    lower = numbers(grid, "lower_units")
    lacking = np.where(np.isnan(lower), everybody - having, lower)
    return _Sides(
        having=having,
        lacking=lacking,
        everybody=everybody,
        alike=(having > 0) & (lacking > 0),
        words=("the lower of the two values", "the higher"),
        nearly=("the lower of the two values", "the higher of the two values"),
    )


def _few(words: tuple[str, str], policy: Policy) -> Callable[[float, float, float], str]:
    def say(having: float, lacking: float, everybody: float) -> str:
        return (
            f"Of {people(everybody)} with a value, {lacking:,.0f} have {words[0]} and "
            f"{having:,.0f} {words[1]}; the policy asks for at least {policy.threshold}."
        )

    return say


def _nearly_all(words: tuple[str, str]) -> Callable[[float, float, float], str]:
    def say(having: float, lacking: float, share: float) -> str:
        which = words[having > lacking]
        return (
            f"{share_text(share)} of the people in the cell have {which}, and the others one other."
        )

    return say


RULE = Rule(
    name="contributors",
    title="Sums and means of few",
    source="ABS DataLab, minimum contributors; SDC handbook, percentages: judged on the counts "
    "behind them",
    finds="A sum or mean to which fewer people than the threshold contribute anything but 0. "
    "Where all who contribute have the same amount, as with zeros and ones, it is judged like a "
    "proportion: also by those who have 0, and by nearly all being on one side; a standard "
    "deviation or variance too. So is a variable that has just two values in the whole table, "
    "such as the codes 1 and 2, weighted or not, by who has any record of the one and who of the "
    "other. Contributions are summed by person first.",
    remedy="Withhold the cell with protect('suppress'), or merge categories.",
    fields=("threshold", "proportions", "class_disclosure_review", "class_disclosure_fail"),
    reads=dict.fromkeys((Kind.SUM, Kind.MEAN, Kind.SPREAD), _READS),
    search=_find,
    about_cells=True,
)
