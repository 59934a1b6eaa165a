"""People in several cells: no part is more than its total, and no total more than its parts."""

from dataclasses import replace
from itertools import product

import numpy as np
import polars as pl
import pytest
from scipy.optimize import linprog

from output_checks import Data, Policy
from output_checks.protect.attackers import attacks_on
from output_checks.protect.structure import structure_of
from output_checks.rules.threshold import is_wide

ROWS, COLUMNS = ("r1", "r2", "r3", "Total"), ("A", "B", "C", "Total")


def in_several_cells():
    """Of 10 people in A and 81 in B most are in every row: r1 has 9 and 81 of them, and 10 in C."""
    a = [f"a{number}" for number in range(10)]
    b = [f"b{number}" for number in range(81)]
    who = {
        ("r1", "A"): a[:9],
        ("r2", "A"): a,
        ("r3", "A"): a,
        ("r1", "B"): b,
        ("r2", "B"): b[:50],
        ("r3", "B"): b[:40],
        ("r1", "C"): [f"c{number}" for number in range(10)],
        ("r2", "C"): [f"d{number}" for number in range(60)],
        ("r3", "C"): [f"e{number}" for number in range(60)],
    }
    rows = [(person, r, c) for (r, c), people in who.items() for person in people]
    return pl.DataFrame(rows, schema=["id", "r", "c"], orient="row")


def lines():
    """Every sum: (total, parts)."""
    for row in ROWS:
        yield (row, "Total"), [(row, column) for column in COLUMNS[:-1]]
    for column in COLUMNS:
        yield ("Total", column), [(row, column) for row in ROWS[:-1]]


def reader_knows(shown, place):
    """What somebody can tell of a cell who knows no more than the two inequalities."""
    cells = [(row, column) for row in ROWS for column in COLUMNS]
    matrix = []
    for total, parts in lines():
        matrix += [
            [1.0 * (cell == part) - 1.0 * (cell == total) for cell in cells] for part in parts
        ]
        matrix.append([1.0 * (cell == total) - 1.0 * (cell in parts) for cell in cells])
    bounds = [(shown.get(cell, 0), shown.get(cell)) for cell in cells]
    ends = []
    for sign in (1, -1):
        cost = [sign * (cell == place) for cell in cells]
        found = linprog(cost, A_ub=matrix, b_ub=[0.0] * len(matrix), bounds=bounds)
        ends.append(sign * found.fun if found.status == 0 else None)
    return ends


@pytest.mark.parametrize("policy", ["srs", "ukllc", "abs"])
def test_a_part_is_hidden_from_who_knows_that_it_is_not_more_than_its_total(policy):
    # With A and B withheld alone: r1 has 100 people, 10 in C and at most 81 in B: 9 or 10 in A.
    table = Data.read(in_several_cells(), unit="id", policy=policy).table("r", "c")
    cells = table.protect("suppress").cells
    places = cells.select("r", "c", "value", "withheld").rows()
    shown = {(r, c): value for r, c, value, withheld in places if not withheld}
    hidden = [(r, c) for r, c, _, withheld in places if withheld]
    assert hidden
    for place in hidden:
        assert is_wide(*reader_knows(shown, place), 10), place


def test_no_interval_reaches_above_a_total_that_is_shown():
    frame = pl.DataFrame(
        {
            "id": [*range(40), *range(20), *range(20, 25)],
            "year": [2019] * 40 + [2020] * 20 + [2021] * 5,
        }
    )
    known = Data.read(frame, unit="id").table("year").protect("suppress").intervals()
    assert known["upper"].to_list()
    assert max(known["upper"].to_list()) <= 40  # so many people there are in all


def people_of(who):
    rows = [(person, *place) for place, people in who.items() for person in people]
    return pl.DataFrame(rows, schema=["id", "r", "c"], orient="row")


def attack_on(table, threshold, sensitive):
    structure = structure_of(table.grid)
    policy = replace(Policy.named("srs"), name="of a test", threshold=threshold)
    (attack,) = attacks_on(table.grids, structure, policy, structure.from_grid(sensitive))
    return structure, attack


def test_a_withheld_total_is_not_below_a_part_that_is_shown():
    # r1 has 13 people, 12 of them in A, which is shown; with all 20 shown it is 12 to 20.
    who = {
        ("r1", "A"): range(12),
        ("r1", "B"): [0, 11, 12],
        ("r2", "A"): range(5, 20),
        ("r2", "B"): range(4, 20),
    }
    table = Data.read(people_of(who), unit="id").table("r", "c")
    places = [tuple(table.grid.place(cell).values()) for cell in range(table.grid.size)]
    hidden = np.array([one in {("r1", "B"), ("r1", "Total")} for one in places])
    structure, attack = attack_on(table, 10, hidden)
    total = structure.order.tolist().index(places.index(("r1", "Total")))
    assert attack.lower[total] == 12
    # B and the columns' parts stay withheld too, so that no sum gives the total back at once.
    withheld = np.array([one[1] in {"B", "Total"} and one != ("Total", "Total") for one in places])
    found = attack.unsafe(structure.from_grid(withheld))
    assert total in found
    assert not attack.holds(structure.from_grid(withheld))


def test_a_total_that_its_part_and_a_total_above_pin_is_no_cell_that_needs_no_hiding():
    # All 20 are in A of r1 and in r1, which fails a rule: 20 is told by the part and by all.
    who = {("r1", "A"): range(20), ("r1", "B"): range(15), ("r2", "A"): range(12)}
    table = Data.read(people_of(who), unit="id").table("r", "c")
    places = [tuple(table.grid.place(cell).values()) for cell in range(table.grid.size)]
    structure, attack = attack_on(table, 10, np.array([one == ("r1", "Total") for one in places]))
    total = structure.order.tolist().index(places.index(("r1", "Total")))
    assert (attack.lower[total], attack.upper[total]) == (19, 20)
    assert not attack.is_safe(total, 20, 20)


SMALL = 2
LINES = [
    (total, parts)
    for one in ("x", "y", "Total")
    for total, parts in (
        ((one, "Total"), [(one, "x"), (one, "y")]),
        (("Total", one), [("x", one), ("y", one)]),
    )
]


def every_table(shown, hidden, most):
    """What is hidden in all tables that break neither of the two inequalities, a row each."""
    tried = np.indices([most + 1] * len(hidden)).reshape(len(hidden), -1)
    table = shown | dict(zip(hidden, tried, strict=True))
    fits = np.ones(tried.shape[1], dtype=bool)
    for total, parts in LINES:
        for part in parts:
            fits &= table[part] <= table[total]
        fits &= table[total] <= sum(table[part] for part in parts)
    return tried[:, fits]


def few_people(random):
    who = {}
    for place in product("xy", repeat=2):
        share = random.choice([0.1, 0.4, 0.9])
        who[place] = [person for person in range(8) if random.random() < share]
    return people_of(who)


def patterns(random, places, true):
    """Up to six cells, some of them totals: (those that fail a rule, all that are withheld)."""
    small = np.array([0 < true[one] < SMALL for one in places])
    above = np.array(["Total" in one for one in places])
    for _ in range(25):
        sensitive = small | (random.random(9) < 0.15)
        withheld = sensitive | (random.random(9) < 0.5)
        withheld[places.index(("Total", "Total"))] = False
        if (withheld & above).any() and withheld.sum() <= 6:
            yield sensitive & withheld, withheld


def test_no_withheld_total_can_be_pinned_by_who_tries_every_table():
    tried = told = 0
    for seed in range(80):
        random = np.random.default_rng(seed)
        table = Data.read(few_people(random), unit="id").table("r", "c")
        if not table.grid.overlaps or table.grid.size < 9:
            continue
        places = [tuple(table.grid.place(cell).values()) for cell in range(table.grid.size)]
        true = dict(zip(places, table.grid.frame["units"].to_list(), strict=True))
        for sensitive, withheld in patterns(random, places, true):
            structure, attack = attack_on(table, SMALL, sensitive)
            pattern = structure.from_grid(withheld)
            is_told = len(attack.unsafe_by_bounds(pattern)) > 0
            told += is_told
            if is_told or not attack.holds(pattern):
                continue
            tried += 1
            hidden = [one for one, is_hidden in zip(places, withheld, strict=True) if is_hidden]
            shown = {one: true[one] for one in places if one not in hidden}
            fitting = every_table(shown, hidden, true["Total", "Total"])
            for one, values in zip(hidden, fitting, strict=True):
                assert is_wide(min(values), max(values), SMALL), (seed, one)
    assert tried > 10
    assert told > 10
