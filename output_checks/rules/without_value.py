"""Statistics beside a count tell how many people have no value: SDC handbook."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from output_checks.findings import Found
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import are_of_rounded_parts, flags, is_approximate, numbers, shown
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind, statistic
from output_checks.words import Verdict, people, statistic_text


def _find(grid: Grid, policy: Policy) -> Iterator[Found]:
    """What is worked out is a number of records; of few more than people it still says too much.

    So many people at least as it is less than the people have no value, which a person judges.
    """
    if is_approximate(grid) or are_of_rounded_parts(grid, policy.rounding_base):
        return
    having = numbers(grid, "units_with_value")
    lacking = numbers(grid, "units") - having
    more = numbers(grid, "records_with_value") - having
    one_record_each = more == 0
    small = (lacking > 0) & (lacking < policy.threshold) & (having > 0) & (more < lacking)
    if not small.any():
        return
    told = np.zeros(grid.size, dtype=bool)
    for severity, kinds, where in _ways(grid):
        by_kind = {statistic(name).kind: name for name in grid.beside}
        if not by_kind.keys() >= set(kinds):
            continue
        names = [statistic_text(by_kind[kind]) for kind in kinds]
        found = small & shown(grid) & where & ~told
        told |= where
        cells = np.flatnonzero(found & one_record_each)
        yield RULE.each(grid, cells, severity, _said(severity, names, policy), lacking[cells])
        cells = np.flatnonzero(found & ~one_record_each)
        least = lacking[cells] - more[cells]
        yield RULE.each(grid, cells, Verdict.REVIEW, _at_least(names, policy), least)


def _ways(grid: Grid) -> Iterator[tuple[Verdict, tuple[Kind, ...], np.ndarray]]:
    """Statistics which tell of how many values they are, and in which cells they do.

    Two of them tell it for certain; one with all its digits is that of few numbers of people.
    """
    is_nothing = numbers(grid, "sum") == 0
    numerator = numbers(grid, "numerator_units")
    is_code = ~np.isnan(numerator) & (grid.per is None)
    differ = ~flags(grid, "all_equal")
    both = (numerator != 0) & (numerator != numbers(grid, "units_with_value"))
    same_base = flags(grid, "per_all_equal")
    yield Verdict.FAIL, (Kind.SUM, Kind.MEAN), ~is_nothing
    yield Verdict.FAIL, (Kind.SUM, Kind.PROPORTION), ~is_nothing
    yield Verdict.FAIL, (Kind.SUM, Kind.RATIO), ~is_nothing & same_base
    yield Verdict.FAIL, (Kind.MEAN, Kind.SPREAD), is_code & differ
    yield Verdict.FAIL, (Kind.SUM, Kind.SPREAD), is_code & differ
    yield Verdict.FAIL, (Kind.PROPORTION, Kind.SPREAD), is_code & differ
    yield Verdict.FAIL, (Kind.PROPORTION,), both
    yield Verdict.FAIL, (Kind.MEAN,), is_code & both & ~is_nothing
    yield Verdict.REVIEW, (Kind.MEAN,), ~is_nothing & differ
    yield Verdict.REVIEW, (Kind.RATIO,), ~is_nothing & differ & same_base
    yield Verdict.REVIEW, (Kind.SPREAD,), differ


def _said(severity: Verdict, names: Sequence[str], policy: Policy) -> Callable[[float], str]:
    how = (
        f"A {names[0]} with all its digits lets one guess of how many people it is, and with the "
        "count how many have no value:"
    )
    if len(names) > 1:
        how = (
            f"The {' and the '.join(names)} together tell of how many people they are, and the "
            "count that"
        )
    elif severity is Verdict.FAIL:
        how = (
            f"Few numbers of people give the {names[0]} with all its digits, and the count beside "
            "it then tells that"
        )

    def say(lacking: float) -> str:
        have = f"{people(lacking)} {'has' if lacking == 1 else 'have'} no value"
        return f"{how} {have}; the policy asks for at least {policy.threshold}."

    return say


def _at_least(names: Sequence[str], policy: Policy) -> Callable[[float], str]:
    def say(least: float) -> str:
        have = f"{people(least)} at least {'has' if least == 1 else 'have'} no value"
        return (
            f"The {' and the '.join(names)} tell of how many records they are, hardly more than "
            f"people, and the count beside that then that {have}; the policy asks for at least "
            f"{policy.threshold}."
        )

    return say


RULE = Rule(
    name="without_value",
    title="People without a value",
    source="SDC handbook, frequency tables: a count that can be worked out is a count; statbarns, "
    "implicit tables",
    finds="A count beside a sum and a mean tells how many people have no value: the count less "
    "the sum over the mean. A proportion does like a mean, and of a variable with two values so "
    "does a standard deviation or variance beside one of them. A proportion alone, or the mean of "
    "zeros and ones, does too: with all its digits it is a share of few numbers of people, often "
    "of one. If fewer than the threshold have no value, that is a small count as if it had been "
    "printed (fail). Any other mean, standard deviation or variance, or a ratio to the same amount "
    "for everybody, with all its digits lets one guess how many have a value (review). Where "
    "fewer than the threshold have one, `threshold` finds it. With several records a person "
    "it is told of how many records they are: where these are fewer than the people counted, so "
    "many people at least have no value (review), and else nothing is found.",
    remedy="Leave one of the statistics out, count only those with a value (where), or withhold "
    "the cell.",
    fields=("threshold",),
    reads={Kind.COUNT: ("units", "units_with_value")},
    search=_find,
    about_cells=True,
)
