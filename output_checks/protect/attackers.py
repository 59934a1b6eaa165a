"""Whom a pattern of withheld cells must withstand, for every statistic that a table shows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from output_checks.errors import ProtectionError
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.protect.attack import Attack
from output_checks.protect.in_several import overlapping_axes
from output_checks.protect.structure import Structure
from output_checks.rules.contributions import DIVIDED_BY, SUMMED
from output_checks.rules.withheld_sums import QUANTITIES, needed_above
from output_checks.statistics import Kind, statistic

_SUMMED = frozenset({Kind.SUM, Kind.MEAN, Kind.SPREAD})
_ADDED_UP = _SUMMED | {Kind.RATIO}


def attacks_on(
    grids: Sequence[Grid],
    structure: Structure,
    policy: Policy,
    sensitive: np.ndarray | None = None,
) -> tuple[Attack, ...]:
    """Readers who add up people, weights or a variable's sums, whatever the statistics let them.

    Other statistics than counts do not show how many people are behind them, but somebody may
    know that from elsewhere: people are then treated as if they were published beside it.
    Of a variable with two values, those who have either are people like those of a proportion; of
    three, those who have each, where a spread beside a sum or mean tells how many they are.
    A median, an extreme or a mode adds up to nothing, so that only its people are attacked.
    policy: its threshold, dominance and p % rule say what is safe of a withheld cell.
    sensitive: cells, in the structure's order, that fail a rule. Where it is given, whoever is
    alone in contributing to a sum is a reader too: they know it, and add up the rest.
    Source: SDC handbook and tau-argus, singletons.
    """
    found: list[Attack] = []
    for grid in grids:
        for attack in _on_grid(grid, structure, policy, sensitive):
            if not any(_same(attack, other) for other in found):
                found.append(attack)
    if sensitive is not None:
        found += [
            attack.by_insider(int(cell), _own(int(cell), alone, structure), sensitive)
            for grid in grids
            for alone in [structure.from_grid(_alone(grid))]
            for attack in found
            if _is_of_sums(attack, grid)
            for cell in np.flatnonzero(alone & sensitive & ~structure.margin)
        ]
    return tuple(found)


def _is_of_sums(attack: Attack, grid: Grid) -> bool:
    if attack.small or grid.kind not in _ADDED_UP:
        return False
    sums = attack.structure.from_grid(_floats(grid, "sum"))
    return bool(np.array_equal(attack.values, sums / attack.unit))


def _alone(grid: Grid) -> np.ndarray:
    """Cells to which one person alone contributes anything but 0."""
    return _floats(grid, "negative") + _floats(grid, "positive") == 1


def _own(cell: int, alone: np.ndarray, structure: Structure) -> np.ndarray:
    """A cell's only contributor is alone in these: the cell and totals that no other adds to."""
    own = np.arange(structure.size) == cell
    sums = structure.relations
    while True:
        holding = (sums.maximum(0) @ own.astype(float)) > 0
        totals = (-sums.minimum(0)).T @ holding.astype(float) > 0
        more = totals & alone & ~own
        if not more.any():
            return own
        own |= more


def _same(one: Attack, other: Attack) -> bool:
    return one.small == other.small and all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("values", "lower", "upper", "width", "up", "down")
    )


def _on_grid(
    grid: Grid, structure: Structure, policy: Policy, sensitive: np.ndarray | None
) -> Iterator[Attack]:
    for attack in _of_grid(grid, structure, policy):
        if grid.overlaps and attack.small:
            unknown = attack.values < policy.threshold if sensitive is None else sensitive
            most = np.minimum(attack.upper, _least_total(structure, attack.values, unknown))
            least = np.minimum(_largest_part(structure, attack.values, unknown), most - 1)
            # One below what is known of it: a cell with equal bounds is one that needs no hiding.
            least = np.where(unknown, np.maximum(least, attack.lower), attack.lower)
            apart = _apart(grid, structure.to_grid(attack.values))
            yield replace(attack, lower=least, upper=most, overlaps=True, apart=apart)
        else:
            yield attack


def _apart(grid: Grid, counts: np.ndarray) -> np.ndarray:
    """Which sums are along a dimension where everybody is in one cell: in the structure's order."""
    marks = [
        np.full((len(one.groups) + grid.margins) * grid.size // length, not is_loose)
        for one, length, is_loose in zip(
            grid.dimensions, grid.shape, overlapping_axes(grid, counts), strict=True
        )
    ]
    return np.concatenate(marks)


def _of_grid(grid: Grid, structure: Structure, policy: Policy) -> Iterator[Attack]:
    threshold = policy.threshold
    yield _on_people(grid, structure, grid.counts, threshold)
    if grid.kind is Kind.COUNT and grid.weight is not None:
        yield _on_weights(grid, structure, threshold)
    if grid.kind is Kind.PROPORTION or _has_two_values(grid):
        yield _on_people(grid, structure, "numerator_units", threshold)
        yield _on_people(grid, structure, "denominator_units", threshold, without="numerator_units")
    if _has_three_values(grid):
        for column in ("units_with_lowest", "units_with_middle", "units_with_highest"):
            yield _on_people(grid, structure, column, threshold)
    if grid.kind in _ADDED_UP:
        yield on_sums(grid, structure, policy)
    if grid.kind is Kind.SPREAD:
        yield _on_squares(grid, structure)
    if grid.kind is Kind.RATIO:
        per = grid.frame["per_total_absolute"].fill_null(0.0).to_numpy()
        largest = grid.frame["per_largest"].fill_null(0.0).to_numpy()
        far = _needed(grid, DIVIDED_BY, policy)
        yield _on_amounts(grid, structure, per, largest, far)


def _has_two_values(grid: Grid) -> bool:
    """Whether its variable has just two values, as codes for yes and no: a sum counts both."""
    is_known = grid.frame["numerator_units"].null_count() < grid.size
    return grid.kind in _SUMMED and is_known


def _has_three_values(grid: Grid) -> bool:
    """Whether a spread beside a sum or mean tells how many people have each of three values.

    How many they are, their sum and their squares are three equations; all three add up.
    """
    beside = {statistic(name).kind for name in grid.beside}
    is_known = grid.frame["units_with_lowest"].sum() or grid.frame["units_with_highest"].sum()
    return grid.kind is Kind.SPREAD and bool(beside & {Kind.SUM, Kind.MEAN}) and bool(is_known)


def _on_people(
    grid: Grid, structure: Structure, column: str, threshold: int, without: str = ""
) -> Attack:
    counts = _floats(grid, column)
    if without:
        counts = counts - _floats(grid, without)
    values = structure.from_grid(counts)
    fixed = structure.from_grid(grid.frame["structural_zero"].to_numpy())
    return Attack(
        structure=structure,
        values=values,
        lower=np.zeros(len(values)),
        upper=np.where(fixed, 0.0, np.inf),
        width=np.full(len(values), float(max(threshold, 1))),
        up=np.zeros(len(values)),
        down=np.zeros(len(values)),
        small=max(threshold, 1),
    )


def _least_total(structure: Structure, values: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    """The smallest known total that every cell is part of; infinite for those that are in none.

    Where people are in several cells, sums do not limit a part: that it cannot be more than its
    total does. unknown: totals that fail a rule, and are withheld; they are no more than what they
    are part of. Any other is taken for known, withheld or not: a reader then knows more, not less.
    """
    most = np.full(len(values), np.inf)
    above, parts = structure.parts
    while True:
        known = np.where(unknown, most, values)
        before = most.copy()
        np.minimum.at(most, parts, known[above])
        if (before == most).all():
            return most


def _largest_part(structure: Structure, values: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    """The most that a known part of every total says of it: it is no less; 0 for what has none.

    unknown: as for `_least_total`; a part that fails a rule says what its own parts say of it.
    """
    least = np.zeros(len(values))
    above, parts = structure.parts
    while True:
        known = np.where(unknown, least, values)
        before = least.copy()
        np.maximum.at(least, above, known[parts])
        if (before == least).all():
            return least


def _on_weights(grid: Grid, structure: Structure, threshold: int) -> Attack:
    """Weighted people; their width is that of the threshold with the cell's usual weight.

    It is no less than the largest weight in the cell, as that of a sum is no less than its largest
    contribution: otherwise a reader could tell whether somebody who weighs much is in it.
    """
    weights, units = _floats(grid, "weight"), np.maximum(_floats(grid, "units"), 1)
    usual = np.where(weights > 0, weights / units, weights.max(initial=1.0) / units.max())
    widths = np.maximum(usual * max(threshold, 1), _floats(grid, "largest_weight"))
    return _on_amounts(grid, structure, weights, widths)


def sums_of(grid: Grid) -> np.ndarray:
    """The variable's sum behind every cell.

    Raises ProtectionError where one is not known: what cannot be audited is not protected.
    """
    if grid.frame["sum"].null_count():
        raise ProtectionError(
            "the sums behind the cells are not known; make the table from the data (Data.table)"
        )
    return _floats(grid, "sum")


def on_sums(grid: Grid, structure: Structure, policy: Policy) -> Attack:
    """Readers who add up the variable: a withheld sum must hide its largest contribution.

    Where few contributors dominate it, it must also be possible that it is so much larger that
    they would not. A spread shows no sum, and dominance in it is of squares.
    Where several people contribute and all of them the same, as with zeros and ones, the sum is
    as good as a count of them, and must hide as many as a count does.
    """
    largest = _floats(grid, "largest")
    having = _floats(grid, "negative") + _floats(grid, "positive")
    total = _floats(grid, "total_absolute")
    counts = (having > 1) & (np.abs(total - having * largest) <= 1e-9 * total)
    widths = np.where(counts, largest * max(policy.threshold, 1), largest)
    far = _needed(grid, SUMMED[:3], policy) if grid.kind in QUANTITIES else None
    return _on_amounts(grid, structure, sums_of(grid), widths, far)


def _needed(grid: Grid, columns: tuple[str, ...], policy: Policy) -> np.ndarray:
    first, second, total = (_floats(grid, name) for name in columns)
    return needed_above(first, second, total, policy)


def _on_squares(grid: Grid, structure: Structure) -> Attack:
    """Readers who know people and means besides add up squares, which variances give away."""
    records = _floats(grid, "records_with_value")
    exact = np.nan_to_num(_floats(grid, "exact"))
    variance = exact**2 if grid.statistic == "std" else exact
    mean = _floats(grid, "sum") / np.maximum(records, 1)
    squares = variance * np.maximum(records - 1, 0) + records * mean**2
    return _on_amounts(grid, structure, squares, _floats(grid, "largest") ** 2, signed=False)


def _on_amounts(
    grid: Grid,
    structure: Structure,
    amounts: np.ndarray,
    widths: np.ndarray,
    far: np.ndarray | None = None,
    *,
    signed: bool = True,
) -> Attack:
    """far: how far above the truth each must be able to be; below it too, where sums can fall."""
    values, largest = structure.from_grid(amounts), structure.from_grid(widths)
    unit = float(max(np.abs(values).max(), largest.max())) / 1000 or 1.0
    has_negative = signed and bool((grid.frame["negative"] > 0).any())
    counts = structure.from_grid(_floats(grid, grid.counts))
    empty = counts == 0
    impossible = structure.from_grid(grid.frame["structural_zero"].to_numpy())
    typical = float(np.abs(values).max()) / max(counts.max(), 1.0)
    # An empty cell that is withheld is not known to be empty, and there is nobody in it to hide.
    width = np.where(empty, 0.0, np.where(largest > 0, largest, typical))
    up = np.zeros(len(values)) if far is None else structure.from_grid(far) / unit
    return Attack(
        structure=structure,
        values=values / unit,
        lower=np.where(impossible, 0.0, -np.inf if has_negative else 0.0),
        upper=np.where(impossible, 0.0, np.inf),
        width=width / unit,
        up=up,
        down=up if has_negative else np.zeros(len(values)),
        small=0,
        unit=unit,
    )


def _floats(grid: Grid, column: str) -> np.ndarray:
    return grid.frame[column].fill_null(0).to_numpy().astype(float)
