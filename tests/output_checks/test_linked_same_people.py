"""Cells of two outputs that have the same people: who knows that is withstood, and a note says so.

The cheapest pattern is the cheapest against that reader. Against one who does not know it a
cheaper one may do, and the report does not claim otherwise.
"""

from dataclasses import replace
from itertools import product

import numpy as np
import polars as pl
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from output_checks import Data, Policy, protect_together
from output_checks.linked.check import outputs_of
from output_checks.linked.comparison import Comparison
from output_checks.linked.union import Union
from output_checks.rules.threshold import is_wide

NEVER = float("inf")
FIVE = replace(
    Policy.named("srs"),
    name="five",
    threshold=5,
    zeros="pass",
    class_disclosure_review=NEVER,
    class_disclosure_fail=NEVER,
)
KINDS = list(product(["a0", "a1"], ["b0", "b1"], ["c0", "c1", "c2"]))
COUNTS = (2, 4, 0, 4, 4, 0, 3, 3, 1, 1, 0, 0)
"""One person is in c2, and so the only one of (a1, c2) and of (c2, b0)."""
TABLES = (("a", "c"), ("c", "b"))


def tables_of(counts):
    rows = [kind for kind, count in zip(KINDS, counts, strict=True) for _ in range(count)]
    frame = pl.DataFrame(rows, schema=["a", "b", "c"], orient="row").with_row_index("id")
    data = Data.read(frame, unit="id", name="d", policy=FIVE)
    return [data.table(*names) for names in TABLES]


@pytest.fixture(scope="module")
def done():
    return protect_together(tables_of(COUNTS))


def members(names, cell):
    return np.array(
        [
            all(
                label in ("Total", kind["abc".index(one)])
                for one, label in zip(names, cell, strict=True)
            )
            for kind in KINDS
        ],
        dtype=float,
    )


def spans(hidden):
    """What whole people each withheld cell can be for who adds up what is shown."""
    rows = {True: [], False: []}
    for names, withheld in zip(TABLES, hidden, strict=True):
        labels = [[*sorted({kind["abc".index(one)] for kind in KINDS}), "Total"] for one in names]
        for cell in product(*labels):
            rows[cell in withheld].append(members(names, cell))
    shown = np.array(rows[False])
    right = shown @ np.array(COUNTS)
    rule = LinearConstraint(shown, right, right)
    ends = {"bounds": Bounds(0, np.inf), "integrality": np.ones(len(KINDS))}
    for row in rows[True]:
        yield [sign * milp(sign * row, constraints=rule, **ends).fun for sign in (1, -1)]


def withheld_of(done):
    return [{row[:-1] for row in table.released().rows() if row[-1] is None} for table in done]


def test_a_cheaper_pattern_does_against_who_does_not_know_the_same_people(done):
    hidden = withheld_of(done)
    assert ("c2", "b1") in hidden[1]
    assert all(is_wide(low, high, 5) for low, high in spans(hidden))
    cheaper = [hidden[0], hidden[1] - {("c2", "b1")}]
    assert all(is_wide(low, high, 5) for low, high in spans(cheaper))
    for table in done:
        assert table.report().protection["optimal"]
        assert "the same people, and a reader is withstood who knows which" in table.report().note


def test_it_does_not_against_who_knows(done):
    comparison = Comparison(outputs_of(tables_of(COUNTS), ()))
    union = Union(comparison.views, comparison.members, 5)
    marks = {
        f"output {number}": table.grid.frame["withheld"].to_numpy().copy()
        for number, table in enumerate(done, 1)
    }
    assert union.is_safe(marks)
    marks["output 2"][done[1].grid.cell_at({"c": "c2", "b": "b1"})] = False
    assert not union.is_safe(marks)


def test_no_note_where_no_cells_have_the_same_people():
    # every cell of either table is now of people who are in several cells of the other
    done = protect_together(tables_of((2, 4, 1, 4, 4, 2, 3, 3, 1, 1, 5, 1)))
    assert not any("the same people, and" in table.report().note for table in done)
