"""Every report of every protection is JSON, and says of a search what it came to."""

import json
from typing import Any

import polars as pl
import pytest

from output_checks import (
    Data,
    OutputCheckError,
    PrivacyBudget,
    example_people,
    intervals,
    protect_together,
)
from output_checks.errors import UnreadableDataError

COUNTS = Data.read(example_people(), unit="id", name="people")
AMOUNTS = pl.DataFrame(
    {
        "id": range(96),
        "g": ["A"] * 6 + ["B"] * 30 + ["C"] * 30 + ["D"] * 30,
        "x": [100.0 + i % 7 for i in range(96)],
    }
)
SUMS = Data.read(AMOUNTS, unit="id", name="amounts")
METHODS = ("suppress", "round", "midpoint", "cell-key")


def plain(table):
    """The report as JSON gives it back."""
    return json.loads(json.dumps(table.report().to_dict()))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dimensions", [["district"], ["diagnosis", "region"]])
def test_the_report_of_a_protection_is_json(method, dimensions):
    options = {"secret": "xyzzy plugh"} if method == "cell-key" else {}
    told = plain(COUNTS.table(*dimensions).protect(method, **options))
    assert told["protection"]["method"] == method


def test_the_report_of_a_coarser_table_is_json():
    assert plain(COUNTS.table("diagnosis", "region").protect("coarsen"))["verdict"] != "fail"


def test_the_report_of_a_table_with_noise_is_json():
    options = {
        "epsilon": 1.0,
        "accountant": PrivacyBudget(5.0),
        "categories": {"region": ["North", "South"]},
    }
    assert plain(COUNTS.table("region").protect("noise", **options))["protection"]


def test_the_reports_of_outputs_protected_together_are_json():
    tables = [COUNTS.table("diagnosis", "district"), COUNTS.table("diagnosis", "region")]
    for one in protect_together(tables):
        assert plain(one)["protection"]["optimal"] in {True, False}


def test_the_reports_of_sums_protected_together_are_json():
    sums = SUMS.table("g", statistic="sum", of="x")
    for one in protect_together([sums, SUMS.table("g")]):
        assert plain(one)["protection"]["optimal"] in {True, False}


def test_what_costs_nothing_has_no_gap():
    """Two small cells in every line hide each other: nothing more is withheld."""
    sizes = {"A": 6, "B": 5, "C": 20}
    frame = pl.DataFrame({"g": [name for name, n in sizes.items() for _ in range(n)]})
    done = Data.read(frame.with_row_index("id"), unit="id").table("g").protect("suppress")
    told = plain(done)["protection"]
    assert (told["cost"], told["optimal"], told["gap"]) == (0.0, True, 0.0)


def test_progress_that_cannot_be_called_is_refused():
    no_function: Any = 3
    with pytest.raises(OutputCheckError, match="progress must be a function"):
        protect_together([COUNTS.table("region")], progress=no_function)


@pytest.mark.parametrize("ring", [{"x": "y", "y": "x"}, {"x": "x"}])
def test_a_hierarchy_that_goes_round_is_refused(ring):
    published = pl.DataFrame({"a": ["x", "y", "Total"], "value": [1, None, 9]})
    with pytest.raises(UnreadableDataError, match="goes round in a ring: 'x' in"):
        intervals(published, hierarchies={"a": ring})
