"""Which rules a cell breaks, written from the specification, one after the other.

A finding is (rule, cell, severity). Severities are words: pass, review, fail.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from tests.output_checks.oracle.behind import PERCENTILES, Behind
from tests.output_checks.oracle.cells import members
from tests.output_checks.oracle.question import TOTAL, Cell, Question, everybody
from tests.output_checks.oracle.rare import of_rare

Found = Iterator[tuple[str, Cell, str]]
WORDS = ("pass", "review", "fail")
BY_CONTRIBUTIONS = ("sum", "mean", "rate", "ratio")
NEAR = 1 - Fraction(1, 10**12)
"""A share that is the limit but for the last bit has reached it."""


def findings(made: dict[Cell, Behind], asked: Question, policy: Any) -> set[tuple[str, Cell, str]]:
    """Everything that is wrong with a table that nobody protected."""
    found = {
        (rule, cell, severity)
        for cell, one in made.items()
        for rule, severity in _of_cell(one, cell, asked, policy)
        if severity != "pass"
    }
    found |= set(_class_disclosure(made, asked, policy))
    if asked.unit is None:
        found.add(("unit", (), "review"))
    return found


def verdict(found: set[tuple[str, Cell, str]]) -> str:
    """The worst word."""
    return max((severity for _, _, severity in found), key=WORDS.index, default="pass")


def _of_cell(one: Behind, cell: Cell, asked: Question, policy: Any) -> Iterator[tuple[str, str]]:
    counted = one.units if asked.statistic == "count" else one.with_value
    described = one.denominator if _is_share(asked) else counted
    if 0 < described < policy.threshold:
        yield "threshold", "fail"
    if counted == 0 and not _is_structural(cell, asked):
        yield "zeros", str(policy.zeros)
    yield from _weights(one, asked, policy)
    if asked.statistic in BY_CONTRIBUTIONS:
        yield from _contributions(one.contributions, policy)
        if one.negative and one.positive:
            yield "negatives", str(policy.negatives)
    yield from _divisors(one, asked, policy)
    if asked.statistic in ("std", "var"):
        yield from _contributions(one.squares, policy)
    if asked.statistic in ("rate", "ratio"):
        yield from _contributions(one.per_contributions, policy)
    yield from _contributors(one, asked, policy)
    yield from of_rare(one.rare, asked, (one.numerator, one.denominator), policy)
    yield from _equal(one, asked, policy)
    yield from _of_a_position(one, asked, policy)
    yield from _of_a_mode(one, asked, policy)
    yield from _of_a_share(one, cell, asked, policy)
    # Of two people each knows the other's value by how far apart they are, whatever the policy.
    least = max(policy.degrees_of_freedom, 2)
    if asked.statistic in ("std", "var") and 0 <= one.with_value - 1 < least:
        yield "spread", "fail"


def is_inner_position(statistic: str) -> bool:
    """Whether it is a median or a percentile."""
    return statistic.startswith(("median", "p")) and statistic != "proportion"


def _is_share(asked: Question) -> bool:
    return asked.statistic in ("proportion", "rate", "ratio")


def _is_structural(cell: Cell, asked: Question) -> bool:
    """Whether a declared zero takes in this cell; a group's zero takes in what is in the group."""
    places = dict(zip(asked.dimensions, cell, strict=True))
    return any(all(places[name] == at for name, at in zero.items()) for zero in asked.zeros)


def _contributions(sizes: list[Fraction], policy: Any) -> Iterator[tuple[str, str]]:
    whole = sum(sizes, Fraction(0))
    if not whole:
        return
    first, second = (*sizes, Fraction(0))[:2]
    for count, part in ((1, first), (2, first + second)):
        for severity in ("fail", "review"):
            limit = getattr(policy, f"dominance_{count}_{severity}")
            if limit <= 100 and 100 * part / whole >= Fraction(limit) * NEAR:
                yield "dominance", severity
                break
    if whole - first - second < Fraction(policy.p_percent) / 100 * first * NEAR:
        yield "p_percent", "fail"


def _divisors(one: Behind, asked: Question, policy: Any) -> Iterator[tuple[str, str]]:
    """Records, or their weights, of which one or two people have most."""
    is_of_records = asked.statistic in ("mean", "std", "var") or is_inner_position(asked.statistic)
    if is_of_records and one.records_with_value > one.with_value:
        found = _contributions(one.divisors, policy)
        yield from (each for each in found if each[0] == "dominance")


def _weights(one: Behind, asked: Question, policy: Any) -> Iterator[tuple[str, str]]:
    """Too few people who weigh anything, or one or two who weigh most."""
    weighing = [weight for weight in one.weights if weight > 0]
    if one.units and len(weighing) < policy.threshold and len(weighing) < len(one.weights):
        yield "weights", "fail" if weighing else "review"
    if len(weighing) < policy.threshold or asked.statistic not in ("count", "mean", "proportion"):
        return
    for count in (1, 2):
        share = 100 * sum(weighing[:count]) / one.weight
        for severity in ("fail", "review"):
            if share >= getattr(policy, f"dominance_{count}_{severity}"):
                yield "weights", severity
                break


def _contributors(one: Behind, asked: Question, policy: Any) -> Iterator[tuple[str, str]]:
    """A sum of few people's amounts, or zeros and ones that are a proportion in disguise."""
    if asked.statistic not in ("sum", "mean", "std", "var"):
        return
    is_code = one.numerator > 0 and one.lower > 0
    if is_code:  # two values, of which somebody may have both
        fewer = min(one.numerator, one.lower)
        if fewer < policy.threshold:
            yield "contributors", str(policy.proportions)
        only = Fraction(100 * (one.denominator - fewer), one.denominator)
        yield "contributors", _of_share(only, policy)
    amounts = [amount for amount in one.contributions if amount]
    having, lacking = len(amounts), one.with_value - len(amounts)
    if not having or not lacking:
        return
    alike = max(amounts) - min(amounts) <= max(amounts) / 10**9
    if is_code and not alike:
        return
    is_sum = asked.statistic in ("sum", "mean")
    if (having < policy.threshold and (alike or is_sum)) or (alike and lacking < policy.threshold):
        yield "contributors", str(policy.proportions)
    if alike:
        share = Fraction(100 * max(having, lacking), one.with_value)
        yield "contributors", _of_share(share, policy)


def _equal(one: Behind, asked: Question, policy: Any) -> Iterator[tuple[str, str]]:
    if asked.statistic in ("count", "proportion", "mode"):
        return
    same = one.all_equal
    if asked.statistic in ("rate", "ratio"):
        nobody = one.numerator == 0 and one.denominator > 0
        nobody = nobody or (one.denominator == 0 and one.with_value > 0)
        same = (one.all_equal and one.per_all_equal) or nobody
    if same:
        yield "all_equal", str(policy.all_equal)


def _of_a_position(one: Behind, asked: Question, policy: Any) -> Iterator[tuple[str, str]]:
    if asked.statistic in ("min", "max"):
        if one.at:
            few = one.at < policy.threshold
            words = [str(policy.any_extreme), str(policy.extremes) if few else "pass"]
            yield "extremes", max(words, key=WORDS.index)
    elif is_inner_position(asked.statistic):
        alone = one.at == 1
        fewer = min(one.at_or_below - alone, one.at_or_above - alone)
        if one.with_value and fewer < policy.threshold:
            yield "positions", str(policy.positions)
        elif one.records_with_value > one.with_value:
            yield "positions", _of_records_around(one, policy)
        yield "positions", _of_share(100 * _at_an_end(one, asked), policy)


def _at_an_end(one: Behind, asked: Question) -> Fraction:
    """The share of records that a position tells to have a cell's highest or lowest value."""
    share = PERCENTILES.get(asked.statistic) or Fraction(asked.statistic.removeprefix("p")) / 100
    if not one.at or one.at_or_below == one.at_or_above:
        return Fraction(0)
    if one.at == one.at_or_above:
        return 1 - share
    return share if one.at == one.at_or_below else Fraction(0)


def _of_records_around(one: Behind, policy: Any) -> str:
    """One person's, two people's, or those of one to another who knows their own."""
    first, second = one.most_around
    if 2 * first >= one.around:
        return str(policy.positions)
    words = ["pass"]
    if first >= (one.around - second) / 2:
        words.append("review")
    for severity in ("fail", "review"):
        limit = getattr(policy, f"dominance_2_{severity}")
        if limit <= 100 and 100 * (first + second) >= Fraction(limit) * one.around * NEAR:
            words.append(severity)
    worst = max(words, key=WORDS.index)
    return min((worst, str(policy.positions)), key=WORDS.index)


def _of_a_mode(one: Behind, asked: Question, policy: Any) -> Iterator[tuple[str, str]]:
    if asked.statistic != "mode" or not one.in_mode:
        return
    if one.in_mode < policy.threshold:
        yield "mode", str(policy.mode)
    yield "mode", _of_share(Fraction(100 * one.in_mode, one.with_value), policy)


def _of_share(share: Fraction | int, policy: Any) -> str:
    if share >= policy.class_disclosure_fail:
        return "fail"
    return "review" if share >= policy.class_disclosure_review else "pass"


def _of_a_share(one: Behind, cell: Cell, asked: Question, policy: Any) -> Iterator[tuple[str, str]]:
    lacking = one.denominator - one.numerator
    few = any(0 < side < policy.threshold for side in (one.numerator, lacking))
    if asked.statistic in ("rate", "ratio"):
        if one.denominator and few:
            yield "ratios", str(policy.proportions)
        return
    if asked.statistic != "proportion" or not one.denominator:
        return
    if few:
        yield "proportions", str(policy.proportions)
    if asked.of and not _is_structural(cell, asked):
        share = Fraction(100 * max(one.numerator, lacking), one.denominator)
        word = _of_share(share, policy)
        if not one.numerator or not lacking:
            word = max((word, str(policy.zeros)), key=WORDS.index)
        yield "proportions", word


def _class_disclosure(made: dict[Cell, Behind], asked: Question, policy: Any) -> Found:
    """A part that holds (nearly) all people of the group, or of everybody, that it is in."""
    shows_shares = asked.statistic == "count" or (
        asked.statistic == "proportion" and asked.of is None
    )
    for axis, dimension in enumerate(asked.dimensions):
        groups = asked.hierarchies.get(dimension, {}).values()
        labels = {cell[axis] for cell in made} - {TOTAL, *groups}
        is_about = len(asked.dimensions) == 1 and asked.where is everybody
        if len(labels) == 1 and not is_about and _of_share(100, policy) != "pass":
            yield "class_disclosure", (), "review"
        places = list(dict.fromkeys(cell[axis] for cell in made))
        parents = asked.hierarchies.get(dimension, {})
        wholes = [one for one in places if one in parents.values()]
        for whole in (*wholes, TOTAL):
            parts = members(whole, dimension, places, asked)
            others = dict.fromkeys((*cell[:axis], *cell[axis + 1 :]) for cell in made)
            for rest in others:
                cells = [(*rest[:axis], part, *rest[axis:]) for part in parts]
                whole_cell = (*rest[:axis], whole, *rest[axis:])
                yield from _in_one(made, cells, whole_cell, asked, policy, shows_shares)
                yield from _several_cells(made, cells, whole_cell, asked, policy)


def _in_one(
    made: dict[Cell, Behind],
    cells: list[Cell],
    whole: Cell,
    asked: Question,
    policy: Any,
    shows_shares: bool,
) -> Found:
    def people(cell: Cell) -> int:
        return made[cell].units if asked.statistic == "count" else made[cell].with_value

    everybody = people(whole) if whole in made else sum(people(cell) for cell in cells)
    possible = [cell for cell in cells if not _is_structural(cell, asked)]
    if everybody and len(possible) < 2 and len(cells) > len(possible):
        yield from _declared(made, cells, everybody, people, policy)
    if not everybody or len(possible) < 2:
        return
    for cell in cells:
        share = Fraction(100 * people(cell), everybody)
        word = _of_share(share, policy)
        if word != "pass" and (shows_shares or share >= 100):
            yield "class_disclosure", cell, word


def _declared(
    made: dict[Cell, Behind],
    cells: list[Cell],
    everybody: int,
    people: Callable[[Cell], int],
    policy: Any,
) -> Found:
    """All others are said to be impossible, which a person looks at, or no policy takes."""
    word = (
        "pass"
        if _of_share(100, policy) == "pass"
        else max("review", str(policy.zeros), key=WORDS.index)
    )
    for cell in cells:
        if people(cell) == everybody and word != "pass":
            yield "class_disclosure", cell, word


def _several_cells(
    made: dict[Cell, Behind], cells: list[Cell], whole: Cell, asked: Question, policy: Any
) -> Found:
    """Small groups that are left when parts are taken off their whole, where they overlap."""
    if asked.statistic != "count" or whole not in made or not _overlap(made, asked):
        return
    more = sum(made[cell].units for cell in cells) - made[whole].units
    if 0 < more < policy.threshold:
        yield "several_cells", whole, "fail"
    for cell in cells:
        left = made[whole].units - made[cell].units
        if made[cell].units and 0 < left < policy.threshold:
            yield "several_cells", cell, "fail"


def _overlap(made: dict[Cell, Behind], asked: Question) -> bool:
    """Whether somebody is in two of the finest cells."""
    groups = {group for parents in asked.hierarchies.values() for group in parents.values()}
    finest = [cell for cell in made if not {TOTAL, *groups} & set(cell)]
    people = {who for cell in finest for who in made[cell].who}
    return sum(len(made[cell].who) for cell in finest) > len(people)
