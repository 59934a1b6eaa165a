"""Who has the rare values of what a cell adds up, as the specification of `rare_values` says."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Any

from tests.output_checks.oracle.question import Question, Row, is_missing

MOST = 64
Value = Fraction | None


@dataclass(frozen=True, kw_only=True)
class Rare:
    """Of one thing that is added up: values in the table, 0 for many, and people of the cell."""

    different: int = 0
    rarest: int = 0
    alone: int = 0
    others: int = 0
    off: int = 0


def exact(value: Any) -> Fraction:
    """A number as it is written."""
    return Fraction(int(value)) if isinstance(value, bool) else Fraction(str(value))


def added_up(asked: Question) -> dict[str, Any]:
    """What a statistic adds up: for each a function of a row, None where it adds nothing."""

    def of(column: str | None, *, times: bool = False) -> Any:
        def value(row: Row) -> Value:
            if column is None or is_missing(row[column]):
                return None
            weight = exact(row[asked.weight]) if asked.weight else Fraction(1)
            if not weight:
                return None
            return exact(row[column]) * (weight if times else 1)

        return value

    if asked.statistic == "count":
        return {"weight": lambda row: exact(row[asked.weight])} if asked.weight else {}
    if asked.statistic in ("rate", "ratio"):
        return {"of": of(asked.of), "per": of(asked.per)}
    if asked.statistic == "sum" and asked.weight:
        return {"of": of(asked.of), "weight": of(asked.of, times=True)}
    return {"of": of(asked.of)} if asked.statistic in ("sum", "mean") else {}


def different(rows: list[Row], asked: Question) -> dict[str, int]:
    """How many values each has in the whole table, 0 for too many."""
    found = {}
    for name, value in added_up(asked).items():
        count = len({value(row) for row in rows} - {None})
        found[name] = count if count <= MOST else 0
    return found


def rare(owners: dict[Any, list[Row]], asked: Question, values: dict[str, int]) -> dict[str, Rare]:
    """Look at the people of a cell, for each of what is added up."""
    return {
        name: _of_one(_held(owners, value, is_weight=asked.statistic == "count"), values[name])
        for name, value in added_up(asked).items()
    }


def _held(owners: dict[Any, list[Row]], value: Any, *, is_weight: bool) -> list[list[Fraction]]:
    own = [[value(row) for row in rows if value(row) is not None] for rows in owners.values()]
    return [one[:1] if is_weight else one for one in own if one]


def _of_one(held: list[list[Fraction]], values: int) -> Rare:
    people = Counter(one for own in held for one in set(own))
    if not values or not people:
        return Rare(different=values)
    ordered = sorted(people, key=lambda one: (-people[one], one))
    off = _off_steps(ordered, people, sum(map(len, held)))
    others = sum(any(one != ordered[0] for one in own) for own in held)
    return Rare(
        different=values,
        rarest=min(people.values()) if len(people) > 1 else 0,
        alone=len(held) - others,
        others=others,
        off=sum(any(one in off for one in own) for own in held),
    )


def _off_steps(ordered: list[Fraction], people: Counter[Fraction], records: int) -> set[Fraction]:
    """Values off the steps of more frequent ones, of the finest long step that there is."""
    found: set[Fraction] = set()
    for step, least, frequent in _steps(ordered):
        if not step or step <= records * least:
            continue
        off = {one for one in ordered if (one - ordered[0]) % step}
        if off and max(people[one] for one in off) < people[ordered[frequent]]:
            found = off
    return found


def _steps(ordered: list[Fraction]) -> Iterator[tuple[Fraction, Fraction, int]]:
    """A step, the least that values differ by, and the place of the last value that made it."""
    away = [abs(one - ordered[0]) for one in ordered]
    yield abs(ordered[0]), _divisor([*away, abs(ordered[0])]), 0
    for place in range(1, len(ordered)):
        yield _divisor(away[: place + 1]), _divisor(away), place


def _divisor(numbers: list[Fraction]) -> Fraction:
    """The greatest common divisor of fractions."""
    below = 1
    for one in numbers:
        below = below * one.denominator // gcd(below, one.denominator)
    return Fraction(gcd(*(int(one * below) for one in numbers)), below)


def of_rare(
    found: dict[str, Rare], asked: Question, sides: tuple[int, int], policy: Any
) -> Iterator[tuple[str, str]]:
    """What `rare_values` finds; sides: people with a numerator, and with a denominator."""
    yield from (("rare_values", one) for one in _severities(found, asked, sides, policy))


def _severities(
    found: dict[str, Rare], asked: Question, sides: tuple[int, int], policy: Any
) -> Iterator[str]:
    is_ratio = asked.statistic in ("rate", "ratio")
    is_known = not is_ratio or all(one.different for one in found.values())
    for name, one in found.items():
        everybody = one.alone + one.others
        share = Fraction(100 * one.alone, max(everybody, 1))
        if one.different == 2:
            if name == "weight" and "of" in found and found["of"].different == 2:
                continue
            if name == "of" and not is_ratio:
                continue  # `contributors` has it
            is_said = is_ratio and min(sides[0], sides[1] - sides[0]) == one.rarest
            if 0 < one.rarest < policy.threshold and not is_said:
                yield str(policy.proportions)
            if one.rarest and is_known:
                yield _of_share(share, policy)
        elif one.different and is_known:
            yield _of_several(one, share, policy)


def _of_several(one: Rare, share: Fraction, policy: Any) -> str:
    if 0 < one.others < policy.threshold and share >= policy.class_disclosure_review:
        return str(policy.proportions)
    is_three = one.different == 3 and 0 < one.rarest < policy.threshold <= one.alone
    return "review" if is_three or 0 < one.off < policy.threshold else "pass"


def _of_share(share: Fraction, policy: Any) -> str:
    if share >= policy.class_disclosure_fail:
        return "fail"
    return "review" if share >= policy.class_disclosure_review else "pass"
