"""A share that is 0 because nobody can be there tells of nobody, however few its row has."""

import polars as pl
import pytest

from output_checks import Data

ROWS = [("A", b) for b in "pqr" for _ in range(30)]
ROWS += [("B", b) for b in "pqr" for _ in range(25)]
ROWS += [("C", "p")] * 3 + [("C", "q")] * 4
NOBODY = {"a": "C", "b": "r"}


def asked(statistic):
    frame = pl.DataFrame(ROWS, schema=["a", "b"], orient="row").with_row_index("id")
    within = None if statistic == ["count"] else ["a"]
    return Data.read(frame, unit="id").table(
        "a", "b", statistic=statistic, structural_zeros=[NOBODY], within=within
    )


@pytest.mark.parametrize("statistic", [["count"], ["proportion"], ["count", "proportion"]])
def test_a_declared_zero_is_not_marked_and_the_rest_of_its_row_is(statistic):
    found = [finding.cells[0] for finding in asked(statistic).report().findings]
    assert NOBODY not in found
    assert {"a": "C", "b": "p"} in found


@pytest.mark.parametrize("statistic", [["count"], ["proportion"], ["count", "proportion"]])
def test_a_table_with_a_declared_zero_in_a_small_row_can_be_protected(statistic):
    made = asked(statistic).protect("suppress")
    assert made.report().verdict == "pass", made.report().findings
    for grid in made.grids:
        assert not grid.frame.filter(a="C", b="r")["withheld"].item()
        assert grid.frame.filter(a="C", b="p")["withheld"].item()
