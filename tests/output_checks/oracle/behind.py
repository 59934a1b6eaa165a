"""What is behind a cell: the people, what each contributes, and the statistic itself."""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.output_checks.oracle.question import Question, Row, is_missing, text
from tests.output_checks.oracle.rare import Rare, rare

PERCENTILES = {"median": Fraction(1, 2), "min": Fraction(0), "max": Fraction(1)}
ADDED_UP = ("sum", "mean", "rate", "ratio")


@dataclass(frozen=True, kw_only=True)
class Behind:
    """One cell. Contributions are absolute, one a person, the largest first."""

    value: Any
    who: frozenset[Any]
    units: int
    with_value: int
    records: int
    records_with_value: int
    contributions: list[Fraction]
    squares: list[Fraction]
    rarest: int
    negative: int
    positive: int
    all_equal: bool
    divisors: list[Fraction]
    per_contributions: list[Fraction]
    per_all_equal: bool
    weight: Fraction
    weights: list[Fraction]
    at: int = 0
    at_or_below: int = 0
    at_or_above: int = 0
    around: int = 0
    most_around: tuple[Fraction, Fraction] = (Fraction(0), Fraction(0))
    in_mode: int = 0
    numerator: int = 0
    denominator: int = 0
    lower: int = 0
    rare: dict[str, Rare] = field(default_factory=dict)


def higher_of_two(rows: list[Row], asked: Question) -> Fraction | None:
    """The higher of a variable's two values in the whole table; None where it has not just two."""
    if asked.statistic not in ("sum", "mean", "std", "var"):
        return None
    values = {number(row[asked.of]) for row in rows if not is_missing(row[asked.of])}
    return max(values) if len(values) == 2 else None


def behind(
    rows: list[Row],
    asked: Question,
    higher: Fraction | None = None,
    different: dict[str, int] | None = None,
) -> Behind:
    """Look at the rows of a cell; higher: of the two values of a code; different: see `rare`."""
    used = with_both(rows, asked)
    having = [row for row in used if asked.of and not is_missing(row[asked.of])]
    people, owners = by_person(rows, asked), by_person(having, asked)
    weighed = owners if asked.of and asked.statistic != "count" else people
    given, divided = (
        {
            who: total(own, column, asked.weight)
            for who, own in owners.items()
            if asked.statistic != "mode"
        }
        for column in (asked.of, asked.per)
    )
    value = VALUES.get(_kind(asked.statistic), _position)(rows, having, asked)
    return Behind(
        value=value,
        who=frozenset(people) if asked.unit else frozenset(),
        units=len(people),
        with_value=len(owners) if asked.of else len(people),
        records=len(rows),
        records_with_value=len(having),
        contributions=sorted((abs(one) for one in given.values()), reverse=True),
        squares=_squares(having, owners, asked),
        rarest=_rarest(owners, asked),
        rare=rare(people if asked.statistic == "count" else owners, asked, different or {}),
        negative=sum(one < 0 for one in given.values()),
        positive=sum(one > 0 for one in given.values()),
        all_equal=_same(having, owners, asked.of),
        divisors=_divisors(owners, asked),
        per_contributions=sorted((abs(one) for one in divided.values()), reverse=True),
        per_all_equal=_same(having, owners, asked.per),
        weight=weight_of(weighed, asked),
        weights=weights_of(weighed, asked),
        **_sides(value, owners, asked),
        **_shares(owners, asked, higher),
    )


def _divisors(owners: dict[Any, list[Row]], asked: Question) -> list[Fraction]:
    """How many records each has, or how much they weigh, the largest first."""
    weight = asked.weight
    each = (sum(number(row[weight]) if weight else 1 for row in own) for own in owners.values())
    return sorted(map(Fraction, each), reverse=True)


def by_person(rows: list[Row], asked: Question) -> dict[Any, list[Row]]:
    """Rows by whose they are; without a unit column each is somebody else's."""
    found: dict[Any, list[Row]] = {}
    for number, row in enumerate(rows):
        found.setdefault(row[asked.unit] if asked.unit else number, []).append(row)
    return found


def number(value: Any) -> Fraction:
    """A number exactly as it is stored; true is 1."""
    return Fraction(int(value)) if isinstance(value, bool) else Fraction(value)


def total(rows: list[Row], column: str | None, weight: str | None) -> Fraction:
    """The sum of a column, weighted where there are weights."""
    if column is None:
        return Fraction(0)
    return sum(
        (number(row[column]) * (number(row[weight]) if weight else 1) for row in rows),
        Fraction(0),
    )


def _kind(statistic: str) -> str:
    return "ratio" if statistic == "rate" else statistic


def with_both(rows: list[Row], asked: Question) -> list[Row]:
    """The rows that a statistic can use; a ratio needs numerator and denominator."""
    if asked.statistic not in ("rate", "ratio"):
        return rows
    return [row for row in rows if not is_missing(row[asked.of]) and not is_missing(row[asked.per])]


def _same(having: list[Row], owners: dict[Any, list[Row]], column: str | None) -> bool:
    if column is None or not having:
        return False
    values = {number(row[column]) for row in having} if _is_number(having, column) else set()
    sums = {total(own, column, None) for own in owners.values()} if values else set()
    return len(values) == 1 or len(sums) == 1


def _is_number(rows: list[Row], column: str) -> bool:
    return all(isinstance(row[column], int | float) for row in rows)


def weights_of(people: dict[Any, list[Row]], asked: Question) -> list[Fraction]:
    """Everybody's weight, the largest first; none where nobody has any."""
    if not asked.weight:
        return []
    return sorted((number(own[0][asked.weight]) for own in people.values()), reverse=True)


def weight_of(people: dict[Any, list[Row]], asked: Question) -> Fraction:
    if not asked.weight:
        return Fraction(len(people))
    return sum((number(own[0][asked.weight]) for own in people.values()), Fraction(0))


def _divided(above: Fraction, below: Fraction) -> Fraction | None:
    return above / below if below else None


def _count(rows: list[Row], having: list[Row], asked: Question) -> Fraction:
    return weight_of(by_person(rows, asked), asked)


def _sum(rows: list[Row], having: list[Row], asked: Question) -> Fraction:
    return total(having, asked.of, asked.weight)


def _mean(rows: list[Row], having: list[Row], asked: Question) -> Fraction | None:
    heavy = [number(row[asked.weight]) if asked.weight else Fraction(1) for row in having]
    return _divided(total(having, asked.of, asked.weight), sum(heavy, Fraction(0)))


def _ratio(rows: list[Row], having: list[Row], asked: Question) -> Fraction | None:
    above = total(having, asked.of, asked.weight)
    ratio = _divided(above, total(having, asked.per, asked.weight))
    return None if ratio is None else ratio * asked.times


def _proportion(rows: list[Row], having: list[Row], asked: Question) -> Fraction | None:
    if asked.of is None:
        return None  # of other cells: see `table`
    owners = by_person(having, asked)
    true = {who: own for who, own in owners.items() if any(number(row[asked.of]) for row in own)}
    share = _divided(weight_of(true, asked), weight_of(owners, asked))
    return None if share is None else share * asked.times


def _variance(rows: list[Row], having: list[Row], asked: Question) -> Fraction | None:
    values = [number(row[asked.of]) for row in having]
    if len(values) < 2:
        return None
    mean = sum(values, Fraction(0)) / len(values)
    return sum(((one - mean) ** 2 for one in values), Fraction(0)) / (len(values) - 1)


def _squares(having: list[Row], owners: dict[Any, list[Row]], asked: Question) -> list[Fraction]:
    """Everybody's squares around the cell's mean, the largest first."""
    if asked.statistic not in ("std", "var") or not having:
        return []
    mean = sum((number(row[asked.of]) for row in having), Fraction(0)) / len(having)
    return sorted(
        (
            sum(((number(row[asked.of]) - mean) ** 2 for row in own), Fraction(0))
            for own in owners.values()
        ),
        reverse=True,
    )


def _rarest(owners: dict[Any, list[Row]], asked: Question) -> int:
    """People with the rarest of at most three numbers; 0 where there are more, or none."""
    if asked.statistic not in ("std", "var"):
        return 0
    people = Counter(
        one for own in owners.values() for one in {number(row[asked.of]) for row in own}
    )
    return min(people.values()) if 0 < len(people) <= 3 else 0


def _deviation(rows: list[Row], having: list[Row], asked: Question) -> float | None:
    variance = _variance(rows, having, asked)
    return None if variance is None else math.sqrt(variance)


def _position(rows: list[Row], having: list[Row], asked: Question) -> Fraction | None:
    """Between the two records around the position, as far as it is between them."""
    values = sorted(number(row[asked.of]) for row in having)
    if not values:
        return None
    share = PERCENTILES.get(asked.statistic)
    if share is None:
        share = Fraction(asked.statistic.removeprefix("p")) / 100
    place = share * (len(values) - 1)
    below, above = math.floor(place), math.ceil(place)
    return values[below] + (values[above] - values[below]) * (place - below)


def _mode(rows: list[Row], having: list[Row], asked: Question) -> str | None:
    """The value that most people have; of several, the first in the order of their texts."""
    counts = Counter(
        held
        for own in by_person(having, asked).values()
        for held in {text(row[asked.of]) for row in own}
    )
    most = max(counts.values(), default=0)
    return min((held for held, count in counts.items() if count == most), default=None)


VALUES: dict[str, Callable[[list[Row], list[Row], Question], Any]] = {
    "count": _count,
    "sum": _sum,
    "mean": _mean,
    "ratio": _ratio,
    "proportion": _proportion,
    "var": _variance,
    "std": _deviation,
    "mode": _mode,
}


def _sides(value: Any, owners: dict[Any, list[Row]], asked: Question) -> dict[str, Any]:
    """People with a value at, at or below, at or above the shown one; people with the mode."""
    if asked.statistic == "mode":
        held = [{text(row[asked.of]) for row in own} for own in owners.values()]
        return {"in_mode": sum(value in one for one in held)}
    if asked.statistic in VALUES or asked.statistic == "rate" or value is None:
        return {}
    numbers = [{number(row[asked.of]) for row in own} for own in owners.values()]
    return _around(owners, asked) | {
        "at": sum(any(one == value for one in own) for own in numbers),
        "at_or_below": sum(any(one <= value for one in own) for own in numbers),
        "at_or_above": sum(any(one >= value for one in own) for own in numbers),
    }


def _around(owners: dict[Any, list[Row]], asked: Question) -> dict[str, Any]:
    """Records around a quantile, a tenth of all or those of ten people, and whose most are.

    Everybody has as large a part of those that equal each other as of all that equal them.
    """
    held = sorted(
        (number(row[asked.of]), who) for who, own in enumerate(owners.values()) for row in own
    )
    if asked.statistic in ("min", "max"):
        return {}
    share = PERCENTILES.get(asked.statistic) or Fraction(asked.statistic.removeprefix("p")) / 100
    half = len(held) * max(Fraction(10, len(owners)), Fraction(1, 10)) / 2
    middle = share * (len(held) - 1)
    inside = held[max(0, math.floor(middle - half)) : math.ceil(middle + half) + 1]
    among, of_all = (Counter(value for value, _ in some) for some in (inside, held))
    parts = [
        sum(Fraction(among[number(row[asked.of])], of_all[number(row[asked.of])]) for row in own)
        for own in owners.values()
    ]
    first, second = (*sorted(map(Fraction, parts), reverse=True), Fraction(0))[:2]
    return {"around": len(inside), "most_around": (first, second)}


def _shares(
    owners: dict[Any, list[Row]], asked: Question, higher: Fraction | None
) -> dict[str, int]:
    """People behind the numerator and the denominator of a share, as far as they weigh."""
    weighing = {who: own for who, own in owners.items() if weighs(own, asked)}

    def nonzero(column: str | None) -> int:
        return sum(any(column and row[column] for row in own) for own in weighing.values())

    if higher is not None:
        above = sum(
            any(number(row[asked.of]) == higher for row in own) for own in weighing.values()
        )
        below = sum(any(number(row[asked.of]) < higher for row in own) for own in weighing.values())
        return {"numerator": above, "denominator": len(weighing), "lower": below}
    if asked.statistic == "proportion" and asked.of:
        return {"numerator": nonzero(asked.of), "denominator": len(weighing)}
    if asked.statistic in ("rate", "ratio"):
        return {"numerator": nonzero(asked.of), "denominator": nonzero(asked.per)}
    return {}


def weighs(own: list[Row], asked: Question) -> bool:
    """Whether somebody has a weight above 0, or there are none."""
    return not asked.weight or own[0][asked.weight] > 0
