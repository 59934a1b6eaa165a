"""What outputs tell of single people's amounts together, in findings."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from output_checks.linked.amount_pairs import (
    MOST_ENTRIES,
    Apart,
    apart,
    are_of_whole_people,
    pairs_of,
)
from output_checks.linked.amounts import Amount, amounts_of, has_amounts
from output_checks.linked.dominated import Dominated, dominated
from output_checks.linked.findings import too_large
from output_checks.linked.leeway import Leeway, Taken
from output_checks.linked.relations import Place, Relation, TooManyError, relations
from output_checks.linked.report import LinkedFinding
from output_checks.linked.views import Output
from output_checks.linked.weakness import are_spreads, is_weak
from output_checks.linked.wording import cell_text
from output_checks.policy import Policy
from output_checks.statistics import Kind
from output_checks.words import Verdict, people

MOST_PAIRS = 600
"""Pairs of amounts that are compared at most."""
_MOST_OF_A_PAIR = 12
_REMEDY = (
    "Release one of the outputs, or give them the same variable; what is released cannot be "
    "changed."
)
_OF_SPREADS = (
    " Both are seen in spreads, which alone do not tell it; with a mean or sum and a spread of "
    "either, or to whoever knows such a mean, they do."
)
_REMEDY_OF_SPREADS = (
    "Release one of the outputs, or give them the same variable. Both can be released only where "
    "no mean, sum or spread of either is out or asked for besides; what is released cannot be "
    "changed."
)
Key = frozenset[tuple[str, int]]


def by_amounts(outputs: Sequence[Output], policy: Policy) -> Iterator[LinkedFinding]:
    """Amounts of few people that follow from sums, means, shares and weights of several outputs."""
    if not has_amounts(outputs):
        return
    names = [one.name for one in outputs]
    amounts = amounts_of(outputs)
    pairs = list(islice(pairs_of(amounts), MOST_PAIRS + 1))
    entries = sum(one.by.nnz for one in amounts)
    if len(pairs) > MOST_PAIRS or entries > MOST_ENTRIES:
        yield too_large(names, "too many amounts", "not compared by what each person adds to them")
        return
    seen: set[Key] = set()
    leeway = Leeway(amounts)
    for one, other in pairs:
        if not are_of_whole_people(one, other):
            for found in islice(apart(one, other, policy.threshold), _MOST_OF_A_PAIR):
                places = _places(found)
                seen.add(_key(places))
                left = _left_open(found, leeway, policy)
                if left is not None:
                    yield _few(found, places, amounts, left)
    yield from _of_many(pairs, policy, (names, amounts), leeway)
    yield from _of_known_weights(amounts, leeway, policy)
    added_up = [one for one in amounts if not one.is_position]
    yield from _of_relations(added_up, policy.threshold, seen, names)


def _of_many(
    pairs: Iterable[tuple[Amount, Amount]],
    policy: Policy,
    known: tuple[Sequence[str], Sequence[Amount]],
    leeway: Leeway,
) -> Iterator[LinkedFinding]:
    names, amounts = known
    try:
        for one, other in pairs:
            if not (one.is_people or other.is_people or one.is_position):
                for found in dominated(one, other, policy)[:_MOST_OF_A_PAIR]:
                    left = _left_open(found.apart, leeway, policy)
                    if left is not None:
                        yield _mostly_of_one(found, _places(found.apart), amounts, left)
    except TooManyError:
        yield too_large(names, "too many amounts", "not all asked who makes up their differences")


def _of_known_weights(
    amounts: Sequence[Amount], leeway: Leeway, policy: Policy
) -> Iterator[LinkedFinding]:
    """Withheld weighted counts that unweighted ones tell to who knows the weights."""
    threshold = max(policy.threshold, 1)
    beside = [one for one in amounts if one.is_people and one.shown.any()]
    for one in amounts:
        if one.grid.kind is not Kind.COUNT or one.is_people:
            continue
        others = [each for each in beside if each.output is not one.output]
        if not others or all(each.output.released for each in (one, *others)):
            continue
        people = np.asarray(one.people.sum(axis=0)).ravel()
        for cell in np.flatnonzero(one.withheld & (people > 0))[:_MOST_OF_A_PAIR]:
            span = leeway.with_weights(Taken(amount=one, cell=int(cell), times=1.0))
            each = one.totals[cell] / people[cell]
            # As wide as the audit of one table asks, but for the last bits of a float.
            if span is not None and span[1] - span[0] < threshold * each * (1 - 1e-6):
                yield _by_weights(Place(amount=one, cell=int(cell)), span, others)


def _by_weights(place: Place, span: tuple[float, float], others: Sequence[Amount]) -> LinkedFinding:
    names = dict.fromkeys(one.output.name for one in others)
    said = ", ".join(f"“{name}”" for name in names)
    found = _finding(
        [place],
        Verdict.REVIEW,
        f"The {place.amount.variable} of {_cell(place)} is withheld, but who knows what everybody "
        f"weighs can tell beside {said} that it is {_number(span[0])} to {_number(span[1])}.",
        "",
        remedy="Do not show unweighted numbers of the same people where weights are known, as by "
        "strata of a design; or round them: protect('round').",
    )
    is_out = found.rule == "differencing" or any(one.output.released for one in others)
    return replace(
        found,
        rule="differencing" if is_out else found.rule,
        cells=(*found.cells, *((name, {}) for name in names)),
    )


def _left_open(found: Apart, leeway: Leeway, policy: Policy) -> str | None:
    """What rounding leaves open of a difference, in words; None where that is enough.

    It is where it is as wide as what so many people as the threshold would add who add as much as
    the largest of those that it is of: then no group of fewer can be told from another. Nothing is
    said of amounts that are not rounded, nor where it is not worked out.
    """
    one, other = found.cells
    span = leeway.span(
        [
            Taken(amount=found.one, cell=one, times=1.0),
            Taken(amount=found.other, cell=other, times=-found.times),
        ]
    )
    if span is None:
        return ""
    needed = max(policy.threshold, 1) * float(np.abs(found.left).max())
    if span[1] - span[0] >= needed:
        return None
    return (
        f" Rounded as they are, all outputs leave it between {_number(span[0])} and "
        f"{_number(span[1])}; to be of no use it would have to be {_number(needed)} wide, as much "
        f"as {max(policy.threshold, 1)} people add who add as much as the largest of these."
    )


def _places(found: Apart) -> list[Place]:
    pairs = zip((found.one, found.other), found.cells, strict=True)
    return [Place(amount=each, cell=cell) for each, cell in pairs]


def _of_relations(
    amounts: Sequence[Amount], threshold: int, seen: set[Key], names: Sequence[str]
) -> Iterator[LinkedFinding]:
    try:
        for found in relations(amounts, threshold):
            is_told = any(one <= _key(found.places) for one in seen)
            if not is_told:
                seen.add(_key(found.places))
                yield _related(found)
    except TooManyError:
        yield too_large(names, "too many amounts", "compared by their amounts only two by two")


def _key(places: Iterable[Place]) -> Key:
    return frozenset((one.name, one.cell) for one in places)


def _few(
    found: Apart, places: Sequence[Place], amounts: Sequence[Amount], left: str
) -> LinkedFinding:
    """Two cells that differ by the amounts of few people. left: what rounding leaves open."""
    if found.one.is_position:
        return _positions(found, places)
    said, arithmetic = _less(found, places)
    pair = found.one, found.other
    # What most people weigh, where it is not 1, not everybody knows.
    is_guessed = found.times != 1 and any(one.is_people for one in pair)
    is_guessed &= any(one.is_weights and not one.is_derived for one in pair)
    weak = is_guessed or is_weak(pair, found.cells, amounts)
    of_spreads = weak and are_spreads(pair)
    return _finding(
        places,
        Verdict.REVIEW if weak else Verdict.FAIL,
        f"{said}: {people(found.people)} "
        f"{'adds' if found.people == 1 else 'add'} another amount to the one than to the other, "
        f"and everybody else the same.{_OF_SPREADS * of_spreads}{left}",
        arithmetic,
        remedy=_REMEDY_OF_SPREADS if of_spreads else _REMEDY,
    )


def _positions(found: Apart, places: Sequence[Place]) -> LinkedFinding:
    """Two cells whose medians or other positions are of the same values but for few people."""
    each = [f"the {one.amount.variable} of {_cell(one)}" for one in places]
    return _finding(
        places,
        Verdict.REVIEW,
        f"Only {people(found.people)} {'tells' if found.people == 1 else 'tell'} {each[0]} from "
        f"{each[1]}, so that a median, mode or other position of the one beside that of the other "
        "may say something of them.",
        "",
    )


def _mostly_of_one(
    found: Dominated, places: Sequence[Place], amounts: Sequence[Amount], left: str
) -> LinkedFinding:
    """Two cells that differ by enough people, of whom one or two make most of the difference."""
    pair = found.apart.one, found.apart.other
    said, arithmetic = _less(found.apart, places)
    absolutely = " (absolute values: there are both signs)" * bool(
        (found.apart.left > 0).any() and (found.apart.left < 0).any()
    )
    return _finding(
        places,
        Verdict.REVIEW if is_weak(pair, found.apart.cells, amounts) else found.severity,
        f"{said}: that is of {people(found.apart.people)}, but {found.said}{absolutely}.{left}",
        arithmetic,
    )


def _less(found: Apart, places: Sequence[Place]) -> tuple[str, str]:
    """One amount less another in words, and the arithmetic of it."""
    one, other = found.one, found.other
    totals = one.totals[found.cells[0]], found.times * other.totals[found.cells[1]]
    arithmetic = f"{_number(totals[0])} - {_number(totals[1])} = {_number(totals[0] - totals[1])}"
    times = "" if found.times == 1 else f", taken {_number(found.times)} times,"
    said = (
        f"The {one.variable} of {_cell(places[0])} less the {other.variable} of "
        f"{_cell(places[1])}{times} is {arithmetic}"
    )
    return said, arithmetic


def _related(found: Relation) -> LinkedFinding:
    """An amount that others tell but for few people."""
    number = len(found.left)
    parts = [
        f"{_number(times)} * {one.amount.variable} of {_cell(one)}"
        for times, one in zip(found.times, found.others, strict=True)
    ]
    if abs(found.each) > 1e-9:
        parts.append(f"{_number(found.each)} a person")
    said = f"The {found.one.amount.variable} of {_cell(found.one)}"
    is_hidden = not found.one.amount.shown[found.one.cell]
    off = "for everybody" if not number else f"for everybody but {people(number)}"
    withheld = " is withheld, but it" * is_hidden
    return _finding(
        found.places,
        Verdict.REVIEW if any(one.amount.is_weak for one in found.places) else Verdict.FAIL,
        f"{said}{withheld} is {' plus '.join(parts)} {off}, so that the outputs together tell "
        f"{'it' if is_hidden else 'what those have'}.",
        "",
    )


def _finding(
    places: Sequence[Place],
    severity: Verdict,
    message: str,
    arithmetic: str,
    *,
    remedy: str = _REMEDY,
) -> LinkedFinding:
    is_out = any(one.amount.output.released for one in places)
    return LinkedFinding(
        rule="differencing" if is_out else "linked_tables",
        severity=severity,
        message=message,
        remedy=remedy,
        arithmetic=arithmetic,
        cells=tuple((one.name, one.amount.grid.place(one.cell)) for one in places),
    )


def _cell(place: Place) -> str:
    return cell_text(place.name, place.amount.grid.place(place.cell))


def _number(value: float) -> str:
    return f"{value:,.10g}"
