"""Some controllers want every published count rounded: OpenSAFELY, NHS England (HES)."""

from collections.abc import Iterator

import numpy as np

from output_checks.findings import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import are_of_rounded_parts, flags, numbers, shown
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind, statistic
from output_checks.words import Verdict, statistic_text


def _find(grid: Grid, policy: Policy) -> Iterator[Finding]:
    base = policy.rounding_base
    if base == 1 or grid.method == "noise":
        return
    if grid.kind is Kind.SPREAD:
        if _has_two_values(grid).any():
            yield _of_exact_counts(grid, base, "spreads of a variable with two values")
        return
    if are_of_rounded_parts(grid, base) and (grid.kind is not Kind.SUM or _hide_codes(grid, base)):
        return
    if grid.kind is Kind.PROPORTION:
        yield _of_exact_counts(grid, base, "proportions")
        return
    if grid.kind is not Kind.COUNT:
        yield from _told(grid, base)
        return
    values = numbers(grid, "value")
    found = np.flatnonzero(~np.isnan(values) & (_beside(grid, base, values) != 0))
    if found.size:
        yield RULE.finding(
            grid,
            found,
            Verdict.FAIL,
            f"{len(found)} counts are not rounded to {base}, as the policy asks.",
            remedy=_remedy(grid, base),
        )


def _remedy(grid: Grid, base: int) -> str:
    if grid.weight is None:
        return f"protect('suppress') rounds what it leaves; or protect('round', base={base})."
    return f"protect('suppress', base={base}, amounts=\"auto\"), or protect('round', base={base})."


def _told(grid: Grid, base: int) -> Iterator[Finding]:
    """Exact counts that sums or means tell, however those beside them are rounded."""
    if grid.kind is Kind.MEAN:
        if _are_codes(grid).any():
            yield _of_exact_counts(grid, base, "means of a variable with two values")
        return
    by_kind = {statistic(name).kind: statistic_text(name) for name in grid.beside}
    seen = shown(grid) & (np.nan_to_num(numbers(grid, "sum")) != 0)
    ways = {
        Kind.MEAN: seen,
        Kind.PROPORTION: seen,
        Kind.RATIO: seen & flags(grid, "per_all_equal"),
    }
    for kind, where in ways.items():
        found = np.flatnonzero(where)
        if kind in by_kind and found.size:
            message = f"The sum over the {by_kind[kind]} is an exact count in {len(found)} cells"
            yield _telling(grid, found, message, base, f"the sum or the {by_kind[kind]}")
    found = np.flatnonzero(seen & _are_codes(grid) & (numbers(grid, "negative") == 0))
    if found.size and not by_kind.keys() & ways.keys():
        message = f"{len(found)} sums are of one amount for everybody who has any, a count times it"
        yield _telling(grid, found, message, base, "these sums, and count those who have any")


def _has_two_values(grid: Grid) -> np.ndarray:
    """Where a spread is p (1 - p) of a share p: its digits tell it, and with it a count."""
    above, people = numbers(grid, "numerator_units"), numbers(grid, "units_with_value")
    return shown(grid) & (above > 0) & (above < people)


def _hide_codes(grid: Grid, base: int) -> bool:
    """Whether rounded sums of zeros and ones are as rounded as the policy asks of counts.

    Weighted ones are where so many people as the base add less than the amounts are rounded to.
    """
    options = grid.protection.options if grid.protection else {}
    codes = _are_codes(grid)
    if grid.weight is not None:
        having = (numbers(grid, "negative") + numbers(grid, "positive"))[codes]
        enough = having >= base  # fewer are found for their number
        each = numbers(grid, "total_absolute")[codes][enough] / having[enough]
        return bool((options["amounts"] >= base * each * (1 - 1e-9)).all())
    largest = numbers(grid, "largest")[codes]
    steps = options["amounts"] / np.maximum(largest, 1e-300)
    return bool((np.abs(steps / base - np.round(steps / base)) < 1e-9).all() and (steps >= 1).all())


def _telling(grid: Grid, found: np.ndarray, message: str, base: int, which: str) -> Finding:
    return RULE.finding(
        grid,
        found,
        Verdict.FAIL,
        f"{message}; the policy asks for counts rounded to {base}.",
        remedy=f"Leave {which} out, or work them out of rounded counts: protect('suppress', "
        f"base={base}, amounts=\"auto\") or protect('round', base={base}).",
    )


def _are_codes(grid: Grid) -> np.ndarray:
    """Where a variable has just two values, one of them 0, so that its sum is a count.

    Weighted they are no one amount; who has the higher of two values is known of codes alone.
    """
    having = numbers(grid, "negative") + numbers(grid, "positive")
    total = numbers(grid, "total_absolute")
    is_one_amount = np.abs(total - having * numbers(grid, "largest")) <= 1e-9 * total
    is_one_amount |= grid.weight is not None
    return shown(grid) & is_one_amount & (having == numbers(grid, "numerator_units")) & (having > 0)


def _beside(grid: Grid, base: int, values: np.ndarray) -> np.ndarray:
    """What keeps values from being rounded: 0 for those that are.

    Of a table that was not rounded at all, every count but 0 is exact. Midpoints of a base that
    is no smaller hide as much (OpenSAFELY, midpoint 6).
    """
    options = grid.protection.options if grid.protection else {}
    if grid.method == "midpoint" and options["base"] >= base:
        return np.zeros(grid.size)
    is_rounded = grid.method == "cell-key" or options.get("base", 1) % base == 0
    return values % base if is_rounded else values


def _of_exact_counts(grid: Grid, base: int, what: str) -> Finding:
    return RULE.finding(
        grid,
        (),
        Verdict.REVIEW,
        f"The {what} are of exact counts; the policy asks for counts rounded to {base}.",
        remedy="Publish the rounded counts, and work shares and means out of them: "
        f"protect('suppress', base={base}, amounts=\"auto\") or protect('round', base={base}).",
    )


RULE = Rule(
    name="rounding",
    title="Unrounded counts",
    source="OpenSAFELY and NHS England (HES): after redaction, counts are rounded to 5; OpenSAFELY "
    "also takes midpoints of 6",
    finds="Published counts that are not rounded to the policy's base, weighted ones too. Counts "
    "that only happen to be multiples are not rounded: a reader learns them exactly. Midpoints "
    "of a base that is no smaller do as well. Proportions of exact counts, means of zeros and "
    "ones (weighted ones too), and spreads of a variable with two values, rounded or not, go to a "
    "person. A sum beside a mean, a proportion or a ratio to the same amount for everybody tells "
    "the exact count, which is their quotient, and a sum of zeros and ones is one.",
    remedy="protect('suppress') rounds what it leaves; or protect('round'). Of a sum and a mean "
    "leave one out.",
    fields=("rounding_base",),
    reads=dict.fromkeys((Kind.COUNT, Kind.PROPORTION, Kind.SUM, Kind.MEAN, Kind.SPREAD), ()),
    search=_find,
)
