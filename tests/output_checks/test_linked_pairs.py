"""Outputs of counts, shares, means and sums, against a reader who tries all that fits them.

The reader knows how many people are behind every figure that is shown, and works out the most and
the fewest people, and the largest and smallest sum, of every withheld cell that fit: programs in
whole numbers, written anew here.
"""

import random
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import polars as pl
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from output_checks import Data, Policy, Table
from output_checks.linked import check_together
from output_checks.rules.threshold import is_wide

TINY = replace(Policy.named("srs"), name="tiny", threshold=3)
PLACES = list(product(range(3), range(2), range(2)))  # a, b, y
NAMES = "aby"


@dataclass(frozen=True)
class Shown:
    """A table, what it is of, whom, and which of its cells it withholds."""

    table: Table
    kind: str
    where: dict
    withheld: list

    def atoms(self, cell, y=None):
        """The combinations of a, b and y of a cell, and of one side of its share."""
        wanted = {NAMES.index(name): value for name, value in self.where.items()}
        for name, label in self.table.grid.place(cell).items():
            if label != "Total":
                wanted[NAMES.index(name)] = int(label == "true" if name == "y" else label[1])
        if y is not None:
            wanted[2] = y
        return [at for at, one in enumerate(PLACES) if all(one[i] == v for i, v in wanted.items())]

    def split(self, *, withheld):
        return [cell for cell in range(self.table.grid.size) if self.withheld[cell] == withheld]


class World:
    """Random people of few combinations, each with an amount."""

    def __init__(self, chance):
        self.people = np.array([chance.choice([0, 1, 2, 3, 4, 5, 6, 8]) for _ in PLACES])
        self.amounts = [
            np.array([round(chance.uniform(10, 90), 1) for _ in range(count)])
            for count in self.people
        ]
        rows = [
            (f"a{a}", f"b{b}", bool(y), amount)
            for (a, b, y), amounts in zip(PLACES, self.amounts, strict=True)
            for amount in amounts
        ]
        frame = pl.DataFrame(rows, ["a", "b", "y", "x"], orient="row").with_row_index("id")
        self.data = Data.read(frame, unit="id", name="tiny", policy=TINY)

    def tables(self, chance):
        kinds = ["count", "proportion", "mean", "sum"]
        return [self._table(chance, chance.choice(kinds)) for _ in range(chance.choice([2, 2, 3]))]

    def _table(self, chance, kind):
        dimensions = chance.choice([["a"], ["b"], ["a"], ["b"], ["a", "b"], ["y"], ["a", "y"]])
        if kind == "proportion":
            dimensions = [name for name in dimensions if name != "y"] or ["a"]
        where = {}
        for name in "ab" if kind == "proportion" else "aby":
            if name not in dimensions and chance.random() < (0.6 if name == "y" else 0.2):
                where[name] = chance.choice([0, 1])
        said = {"y": ["NOT y", "y"]} | {
            name: [f"{name} = '{name}{i}'" for i in (0, 1)] for name in "ab"
        }
        of = {"count": None, "proportion": "y"}.get(kind, "x")
        table = self.data.table(
            *dimensions,
            statistic=kind,
            of=of,
            where=" AND ".join(said[name][value] for name, value in where.items()),
            margins=chance.random() < 0.85,
        )
        withheld = [chance.random() < 0.35 for _ in range(table.grid.size)]
        withheld[-1] &= not table.grid.margins or chance.random() < 0.3
        grid = table.grid.with_columns(withheld=pl.Series(withheld))
        value = pl.select(pl.when(~pl.Series(withheld)).then(grid.frame["value"])).to_series()
        return Shown(replace(table, grids=(grid.with_columns(value=value),)), kind, where, withheld)

    def too_well_known(self, tables):
        """The withheld cells of which a reader of all of these tables knows too much."""
        people, sums = [], []
        for one in tables:
            for cell in one.split(withheld=False):
                people.append(one.atoms(cell))
                if one.kind == "proportion":
                    people.append(one.atoms(cell, 1))
                if one.kind in {"mean", "sum"}:
                    sums.append(one.atoms(cell))
        return {
            (number, cell)
            for number, one in enumerate(tables)
            for cell in one.split(withheld=True)
            if self._is_known(one, cell, people, sums)
        }

    def _is_known(self, one, cell, people, sums):
        whole = one.atoms(cell)
        if one.kind in {"mean", "sum"}:
            amounts = np.concatenate([np.zeros(0), *(self.amounts[at] for at in whole)])
            totals = np.array([some.sum() for some in self.amounts])
            found = span(sums, totals, whole, whole_numbers=False)
            return len(amounts) > 0 and found[1] - found[0] < amounts.max() - 1e-4
        sides = [whole] if one.kind == "count" else [one.atoms(cell, 1), one.atoms(cell, 0)]
        spans = [span(people, self.people, side, whole_numbers=True) for side in sides if side]
        return any(not is_wide(*found, 3) for found in spans)


def span(known, truth, wanted, *, whole_numbers):
    """The least and the most of some combinations that fits all known sums."""

    def row(atoms):
        return np.isin(np.arange(len(PLACES)), atoms).astype(float)

    if not known:
        return [0.0, np.inf]
    right = np.array([truth[atoms].sum() for atoms in known])
    limits = []
    for sign in (1, -1):
        found = milp(
            sign * row(wanted),
            constraints=[
                LinearConstraint(np.array(list(map(row, known))), right - 1e-7, right + 1e-7)
            ],
            bounds=Bounds(0, 1e4),
            integrality=np.full(len(PLACES), int(whole_numbers)),
        )
        assert found.status == 0
        limits.append(round(sign * found.fun, 6))
    return limits


# All in which a reader knows too much, of the first 250. Thirteen of them passed while the people
# behind shares and means were not taken for known beside other outputs.
SEEDS = [17, 29, 31, 37, 42, 52, 57, 89, 92, 103, 104, 113, 114, 122, 130, 165, 191, 194, 202, 204]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_reader_of_several_outputs_knows_too_well_never_passes(seed):
    chance = random.Random(seed)
    world = World(chance)
    tables = world.tables(chance)
    assert not any(world.too_well_known([one]) for one in tables)
    assert world.too_well_known(tables)
    assert check_together([one.table for one in tables]).together != "pass"
