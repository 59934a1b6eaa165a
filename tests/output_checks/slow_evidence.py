"""Evidence worked out slowly, one cell and one person at a time, in exact fractions."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from output_checks.statistics import OF_RECORDS, Kind, Statistic
from output_checks.words import label_text

Row = dict[str, Any]


def cells(rows: Sequence[Row], keys: Sequence[str], **asked: Any) -> dict[tuple, dict[str, Any]]:
    """The evidence of every cell that has rows, by the labels of its keys."""
    found = defaultdict(list)
    for number, row in enumerate(rows):
        unit = number if asked["unit"] is None else row[asked["unit"]]
        found[tuple(row[key] for key in keys)].append({**row, "who": unit})
    return {labels: evidence(some, **asked) for labels, some in found.items()}


def evidence(
    rows: Sequence[Row],
    *,
    unit: str | None,
    of: str | None,
    per: str | None,
    weight: str | None,
    statistics: Sequence[Statistic],
) -> dict[str, Any]:
    """The evidence of one cell, of which `rows` are all the records."""
    kinds = {one.kind for one in statistics}
    value = reader(of, also=per)
    known: dict[str, Any] = {"units": count(rows), "records": len(rows)}
    if weight is not None:
        known["weight"] = float(sum(weights_of(rows, weight).values()))
    if of is not None:
        with_value = [row for row in rows if value(row) is not None]
        known["units_with_value"] = count(with_value)
        known["records_with_value"] = len(with_value)
    if of is not None and kinds != {Kind.MODE}:
        known |= contributions(rows, value, weight)
        known |= divisors(rows, value, weight) if kinds & OF_RECORDS else {}
    if of is not None and weight is not None:
        known |= weights_with_value([row for row in rows if value(row) is not None], weight)
    if per is not None:
        below = contributions(rows, reader(per, also=of), weight)
        known |= {f"per_{name}": below[name] for name in PER}
    if kinds & {Kind.PROPORTION, Kind.RATIO}:
        weighing = [row for row in rows if weight is None or row[weight] > 0]
        below = reader(per, also=of) if Kind.RATIO in kinds else value
        known["numerator_units"] = count([row for row in weighing if value(row)])
        known["denominator_units"] = count(
            [row for row in weighing if below(row) or (below is value and below(row) is not None)]
        )
    for one in statistics:
        known |= of_statistic(one, rows, known, value, reader(per, also=of), weight)
    return known


PER = ("largest", "second_largest", "total_absolute", "all_equal")


def reader(column: str | None, also: str | None) -> Callable[[Row], Any]:
    """Reads a row's value, None where it or the other column is missing."""

    def value(row: Row) -> Any:
        read = [plain(row[name]) for name in (column, also) if name is not None]
        return None if column is None or None in read else read[0]

    return value


def plain(value: Any) -> Any:
    """NaN is missing, minus zero is zero, true is 1."""
    if isinstance(value, float):
        return None if math.isnan(value) else value + 0.0
    return int(value) if isinstance(value, bool) else value


def count(rows: Sequence[Row]) -> int:
    """Distinct people."""
    return len({row["who"] for row in rows})


def weights_of(rows: Sequence[Row], weight: str | None) -> dict[Any, Fraction]:
    """Everybody's weight, 1 without weights."""
    return {row["who"]: Fraction(row[weight]) if weight else Fraction(1) for row in rows}


def weights_with_value(rows: Sequence[Row], weight: str) -> dict[str, Any]:
    """Whose weight is behind a variable."""
    weights = [float(one) for one in weights_of(rows, weight).values()]
    ordered = [*sorted(weights, reverse=True), None, None]
    return {
        "weight_with_value": float(sum(map(Fraction, weights))),
        "largest_weight_with_value": ordered[0],
        "second_largest_weight_with_value": ordered[1],
        "units_weighing": sum(one > 0 for one in weights),
    }


def divisors(
    rows: Sequence[Row], value: Callable[[Row], Any], weight: str | None
) -> dict[str, Any]:
    """How many records, or how much of their weights, are single people's."""
    by_person: dict[Any, Fraction] = defaultdict(Fraction)
    for row in (one for one in rows if value(one) is not None):
        by_person[row["who"]] += Fraction(row[weight]) if weight else 1
    ordered = [*sorted(map(float, by_person.values()), reverse=True), None, None]
    return {
        "largest_divisor": ordered[0],
        "second_largest_divisor": ordered[1],
        "total_divisor": float(sum(by_person.values())),
    }


def added(rows: Sequence[Row], value: Callable[[Row], Any], weight: str | None) -> Fraction:
    """The sum of what records add, each product rounded as a computer does."""
    numbers = [(value(row), row[weight] if weight else None) for row in rows]
    return sum(
        (Fraction(x if w is None else float(x) * w) for x, w in numbers if x is not None),
        Fraction(0),
    )


def contributions(
    rows: Sequence[Row], value: Callable[[Row], Any], weight: str | None
) -> dict[str, Any]:
    """What single people add to the cell's sum."""
    by_person = defaultdict(list)
    for row in rows:
        if value(row) is not None:
            by_person[row["who"]].append(row)
    given = [added(some, value, weight) for some in by_person.values()]
    own = {added(some, value, None) for some in by_person.values()}
    records = {value(row) for some in by_person.values() for row in some}
    ordered = [*sorted((float(abs(one)) for one in given), reverse=True), None, None]
    return {
        "largest": ordered[0],
        "second_largest": ordered[1],
        "total_absolute": float(sum(map(abs, given))),
        "negative": sum(one < 0 for one in given),
        "positive": sum(one > 0 for one in given),
        "all_equal": (len(own) == 1 or len(records) == 1) if given else None,
    }


def of_statistic(
    one: Statistic,
    rows: Sequence[Row],
    known: dict[str, Any],
    value: Callable[[Row], Any],
    below: Callable[[Row], Any],
    weight: str | None,
) -> dict[str, Any]:
    """The value of one statistic, and the people around it."""
    having = [row for row in rows if value(row) is not None]
    if one.kind is Kind.MODE:
        return mode(one.name, having, value)
    if one.kind is Kind.POSITION:
        return position(one, having, value)
    heavy, everybody = ratio_of(one.kind, having, value, below, weight)
    shown: float | None = known["units"] if weight is None else known.get("weight")
    if one.kind is Kind.SUM:
        shown = float(added(rows, value, weight))
    elif one.kind is Kind.SPREAD:
        shown = spread(one.name, [Fraction(value(row)) for row in having])
    elif one.kind is not Kind.COUNT:
        shown = divided(heavy, everybody)
    return {f"value of {one.name}": shown}


def ratio_of(
    kind: Kind,
    having: Sequence[Row],
    value: Callable[[Row], Any],
    below: Callable[[Row], Any],
    weight: str | None,
) -> tuple[Fraction, Fraction]:
    """What a mean, a ratio or a proportion divides by what."""
    if kind is Kind.PROPORTION:
        true = weights_of([row for row in having if value(row)], weight)
        return sum(true.values(), Fraction(0)), sum(
            weights_of(having, weight).values(), Fraction(0)
        )
    if kind is Kind.RATIO:
        return added(having, value, weight), added(having, below, weight)
    heavy = (Fraction(row[weight]) if weight else Fraction(1) for row in having)
    return added(having, value, weight), sum(heavy, Fraction(0))


def divided(above: Any, below: Any) -> float | None:
    """A quotient of rounded numbers, None by zero."""
    return float(above) / float(below) if float(below) != 0 else None


def spread(name: str, numbers: list[Fraction]) -> float | None:
    """The sample variance or its root."""
    if len(numbers) < 2:
        return None
    mean = sum(numbers) / len(numbers)
    variance = float(sum((one - mean) ** 2 for one in numbers) / (len(numbers) - 1))
    return variance if name == "var" else math.sqrt(variance)


def mode(name: str, having: Sequence[Row], value: Callable[[Row], Any]) -> dict[str, Any]:
    """The most frequent value by people; of several, the first by its text."""
    if not having:
        return {f"value of {name}": None, f"units_in_mode of {name}": None}
    pairs = {(value(row), row["who"]) for row in having}
    frequent = Counter(one for one, _ in pairs)
    most = max(frequent.values())
    text = min(label_text(one) for one, often in frequent.items() if often == most)
    return {f"value of {name}": text, f"units_in_mode of {name}": most}


def position(one: Statistic, having: Sequence[Row], value: Callable[[Row], Any]) -> dict[str, Any]:
    """A quantile, linear between two records, and the people at it and on both sides."""
    numbers = sorted(float(value(row)) for row in having)
    shown = None
    if numbers:
        place = float(one.position or 0.0) * (len(numbers) - 1)
        low, high = numbers[math.floor(place)], numbers[math.ceil(place)]
        shown = low if low == high else low + (high - low) * (place - math.floor(place))
    around = {"units_at": [], "units_at_or_below": [], "units_at_or_above": []}
    for row in having:
        if value(row) == shown:
            around["units_at"].append(row)
        if value(row) <= shown:
            around["units_at_or_below"].append(row)
        if value(row) >= shown:
            around["units_at_or_above"].append(row)
    counts = {f"{name} of {one.name}": count(some) for name, some in around.items()}
    return {f"value of {one.name}": shown, **counts, **nearest(one, having, numbers, value)}


def nearest(
    one: Statistic, having: Sequence[Row], numbers: Sequence[float], value: Callable[[Row], Any]
) -> dict[str, Any]:
    """A tenth of the records around a quantile, or those of ten people, and whose most are."""
    kinds = ("records_around", "most_records_around", "second_most_records_around")
    names = [f"{name} of {one.name}" for name in kinds]
    if not 0 < (one.position or 0.0) < 1 or len(having) == count(having):
        return {}
    half = len(numbers) * max(10 / count(having), 0.1) / 2
    middle = float(one.position or 0.0) * (len(numbers) - 1)
    inside = numbers[max(0, math.floor(middle - half)) : math.ceil(middle + half) + 1]
    among, of_all = Counter(inside), Counter(numbers)
    whose: dict[Any, Fraction] = defaultdict(Fraction)
    for number, who in ((float(value(row)), row["who"]) for row in having):
        whose[who] += Fraction(among[number], of_all[number])
    first, second = [*sorted(map(float, whose.values()), reverse=True), 0.0][:2]
    return dict(zip(names, (len(inside), first, second), strict=True))
