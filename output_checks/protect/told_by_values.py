"""What shown amounts tell of withheld people where a dimension tells everybody's value.

A price that follows from the drug, or a score by score: everybody in a category has the same value,
which a reader knows. A shown mean times its people, or a sum, is then each value times the people
who have it: 11·0 + 3·1 + 40·100 = 4003 beside 11 + 3 + 40 = 54 has no other solution.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import log

import numpy as np
from scipy.sparse import csr_matrix, kron, vstack

from output_checks.grid import Dimension, Grid
from output_checks.protect.attack import Attack
from output_checks.statistics import Kind, statistic

_BY_CHANCE = log(1e-6)
_NEAR, _NOISE = 1e-9, 1e-12
_SHARP = 1e3
"""How large an equation is, so that the solver's tolerance is a thousandth of what it is else."""


def knowing_values(
    attacks: Sequence[Attack], grids: Sequence[Grid], withheld: np.ndarray
) -> tuple[Attack, ...]:
    """The same readers, of whom those who count people know everybody's value by a dimension.

    withheld: the pattern, in the structure's order; all other cells show their amounts. Where no
    dimension tells the value, nothing changes.
    """
    return tuple(
        one if one.insider is not None or not one.small else _knowing(one, grids, withheld)
        for one in attacks
    )


def told_by_values(attack: Attack, before: Sequence[Attack], grids: Sequence[Grid]) -> str:
    """Why a table whose people this reader can tell is given to nobody, and what to do.

    before: the readers who do not know values; of one of them there is nothing to say ("").
    """
    if any(attack is one for one in before):
        return ""
    names = [f"{one.statistic} of “{one.of}”" for one in grids if next(_values(one), None)]
    figures = " and ".join(names)
    return (
        f"a dimension of the table tells everybody's value, so that the {figures} in its totals "
        "gives away how many people withheld cells have. Leave it out (statistic='count'), as it "
        "follows from the counts; or give it in a table without that dimension, and ask "
        "check_together() of both."
    )


def _knowing(attack: Attack, grids: Sequence[Grid], withheld: np.ndarray) -> Attack:
    rows = [row for grid in grids for row in _equations(grid, attack, withheld)]
    if not rows:
        return attack
    relations = csr_matrix(vstack([attack.structure.relations, *rows]))
    return replace(attack, structure=replace(attack.structure, relations=relations, flat=False))


def _equations(grid: Grid, attack: Attack, withheld: np.ndarray) -> Iterator[csr_matrix]:
    """What every shown cell says of the people in the cells that it adds up."""
    structure = attack.structure
    members = csr_matrix(_members(grid)[structure.order][:, structure.order])
    for values, amounts in _values(grid):
        each = structure.from_grid(values)
        known = structure.from_grid(amounts)
        added = members @ (each * attack.values)
        if not np.allclose(added, known, rtol=_NEAR, atol=_NEAR * np.abs(known).max(initial=0.0)):
            continue  # these are other people than those whose values are added up
        for cell in np.flatnonzero(~withheld & structure.margin):
            row = _row(members[[cell]], each)
            if row.nnz:
                yield row


def _row(members: csr_matrix, each: np.ndarray) -> csr_matrix:
    """One equation, less the least value times all: how many they are is known of a shown cell."""
    inside = members.indices
    above = each[inside] - each[inside].min(initial=np.inf)
    above[above <= _NOISE * np.abs(each[inside]).max(initial=0.0)] = 0.0
    columns, above = inside[above > 0], above[above > 0]
    scaled = _SHARP * above / above.max(initial=1e-300)
    return csr_matrix((scaled, (np.zeros(len(columns), dtype=int), columns)), (1, members.shape[1]))


def _values(grid: Grid) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For every cell that adds nothing up what each person adds, and for all what is added up.

    Nothing where people have several records or weights, or no dimension tells their value.
    """
    if grid.overlaps or grid.weight is not None or grid.kind not in _KINDS:
        return
    people, records = _column(grid, "units_with_value"), _column(grid, "records_with_value")
    if not np.array_equal(people, records):
        return
    inner = _is_inner(grid)
    amounts = _column(grid, "numerator_units" if grid.kind is Kind.PROPORTION else "sum")
    each = np.where(people > 0, amounts / np.maximum(people, 1), np.nan)
    same = (amounts == 0) | (amounts == people)
    if grid.kind is not Kind.PROPORTION:
        same = grid.frame["all_equal"].fill_null(value=False).to_numpy()
    if not (same | (people == 0))[inner].all():
        return
    found = _by_dimension(grid, each, people)
    if found is None:
        return
    if grid.kind is not Kind.SPREAD:
        yield found, amounts
    elif {statistic(one).kind for one in grid.beside} & {Kind.SUM, Kind.MEAN}:
        yield found**2, _members(grid) @ (np.where(inner, found, 0.0) ** 2 * people)


def _by_dimension(grid: Grid, each: np.ndarray, people: np.ndarray) -> np.ndarray | None:
    """Everybody's value by the category of one dimension, or by all categories."""
    inner = np.flatnonzero(_is_inner(grid))
    places = np.array(np.unravel_index(inner, grid.shape))
    ways = [*places, np.arange(len(inner))]
    for number, way in enumerate(ways):
        _, codes = np.unique(way, return_inverse=True)
        values = _told(codes, each[inner], people[inner])
        # That all people of each category agree is taken for known; that those of a cell do may be
        # chance, where cells are few people each.
        if values is not None and (number < len(places) or not _is_chance(values, people[inner])):
            found = np.zeros(grid.size)
            found[inner] = values
            return found
    return None


def _told(codes: np.ndarray, each: np.ndarray, people: np.ndarray) -> np.ndarray | None:
    """The value by the code where each has one, shared by some; None otherwise."""
    size = int(codes.max(initial=-1)) + 1
    low, high = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(low, codes, np.where(np.isnan(each), np.inf, each))
    np.maximum.at(high, codes, np.where(np.isnan(each), -np.inf, each))
    having = np.bincount(codes, people, minlength=size)
    # Of a category in which nobody has a value the value is not known, or nobody adds anything.
    if (having == 0).any() or (high - low > _NEAR * np.maximum(np.abs(high), np.abs(low))).any():
        return None
    return low[codes] if having.sum() > size else None


def _is_chance(values: np.ndarray, people: np.ndarray) -> bool:
    """Whether values drawn independently could agree within all cells once in a million times."""
    _, kind = np.unique(values, return_inverse=True)
    share = np.bincount(kind, people).max() / people.sum()
    return bool((people.sum() - len(people)) * log(share) >= _BY_CHANCE)


def _is_inner(grid: Grid) -> np.ndarray:
    """Cells that add nothing up."""
    return ~grid.frame["margin"].to_numpy()


def _members(grid: Grid) -> csr_matrix:
    """For every cell the inner cells that it adds up, in the grid's order."""
    along = [_along(one, margins=grid.margins) for one in grid.dimensions]
    found = csr_matrix(along[0])
    for one in along[1:]:
        found = csr_matrix(kron(found, csr_matrix(one)))
    return found


def _along(one: Dimension, *, margins: bool) -> np.ndarray:
    size, count = len(one.texts) + margins, len(one.labels)
    inside = np.zeros((size, size))
    inside[range(count), range(count)] = 1.0
    for at, group in enumerate(one.groups, count):
        inside[at] = inside[list(group.members)].sum(axis=0)
    if margins:
        inside[-1, :count] = 1.0
    return inside


def _column(grid: Grid, name: str) -> np.ndarray:
    return grid.frame[name].fill_null(0).to_numpy().astype(float)


_KINDS = frozenset({Kind.SUM, Kind.MEAN, Kind.PROPORTION, Kind.SPREAD})
