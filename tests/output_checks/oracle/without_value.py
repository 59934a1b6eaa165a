"""In which cells statistics beside a count tell how many people have no value.

Written from what a reader can do: sum / mean is the number of values; of a code with two values
the mean and the spread fit one number only; a share or mean of few people has few numbers of
people that give all its digits.
"""

from fractions import Fraction
from typing import Any

from tests.output_checks.oracle.behind import by_person, higher_of_two, number
from tests.output_checks.oracle.cells import cells_of
from tests.output_checks.oracle.question import Cell, Question, Row, is_missing

SPREADS = {"std", "var"}
RATIOS = {"rate", "ratio"}


def without_value(
    rows: list[Row], asked: Question, beside: set[str], policy: Any
) -> set[tuple[Cell, str]]:
    """Cells in which a small number without a value can be told, and how bad that is.

    beside: the statistics of one variable that stand beside the count.
    """
    chosen = [row for row in rows if asked.where(row)]
    higher = None if beside & RATIOS else _higher(chosen, asked, beside)
    found = set()
    for cell, own in cells_of(rows, asked).items():
        having = [row for row in own if not is_missing(row[asked.of])]
        if beside & RATIOS:
            having = [row for row in having if not is_missing(row[asked.per])]
        people, owners = by_person(own, asked), by_person(having, asked)
        lacking = len(people) - len(owners)
        if not owners or len(having) >= len(people) or not lacking < policy.threshold:
            continue  # with as many records as people anybody may have a value
        severity = _told(having, asked, beside, higher)
        if severity:
            found.add((cell, severity if len(having) == len(owners) else "review"))
    return found


def _higher(rows: list[Row], asked: Question, beside: set[str]) -> Fraction | None:
    """What counts as yes where the variable is a code of two values, or true and false."""
    if "proportion" in beside:
        return Fraction(1)
    found = (
        higher_of_two(rows, Question(dimensions=(), statistic=one, of=asked.of)) for one in beside
    )
    return next((one for one in found if one is not None), None)


def _told(having: list[Row], asked: Question, beside: set[str], higher: Fraction | None) -> str:
    values = [number(row[asked.of]) for row in having]
    divisors = {number(row[asked.per]) for row in having} if beside & RATIOS else set()
    is_sum_told = sum(values) != 0
    differ = len(set(values)) > 1
    yes = sum(value == higher for value in values)
    is_mixed = higher is not None and 0 < yes < len(values)
    has = {
        "sum": "sum" in beside,
        "mean": "mean" in beside,
        "share": "proportion" in beside,
        "spread": bool(beside & SPREADS),
        "ratio": bool(beside & RATIOS) and len(divisors) == 1,
    }
    if has["sum"] and is_sum_told and (has["mean"] or has["share"] or has["ratio"]):
        return "fail"
    is_code = higher is not None and differ
    if has["spread"] and is_code and (has["mean"] or has["sum"] or has["share"]):
        return "fail"
    if is_mixed and (has["share"] or (has["mean"] and is_sum_told)):
        return "fail"
    if differ and ((is_sum_told and (has["mean"] or has["ratio"])) or has["spread"]):
        return "review"
    return ""
