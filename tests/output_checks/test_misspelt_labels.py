"""Labels in merges and hierarchies that are misspelt, or that would be taken for no value."""

import polars as pl
import pytest

from output_checks import Data, UnknownColumnError, UnusableTableError

KNOWN = pl.DataFrame({"id": range(90), "g": ["a", "b", "c"] * 30})
WITH_MISSING = pl.DataFrame({"id": range(120), "g": ["a", "b", "c", None] * 30})


def table(frame, **asked):
    return Data.read(frame, unit="id").table("g", **asked)


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ({"a": "A", "bb": "A"}, 'leaves "b", "c" without a group.+"bb". Did you mean "b"'),
        ({"a": "A", "b": "A", "C": "A"}, 'leaves "c" without a group.+unknown label "C"'),
        ({"x": "A", "y": "A"}, 'none of its labels; unknown label "x"'),
        ({"a": "A", "A": "All", "bb": "All"}, 'unknown label "bb"'),
    ],
)
def test_a_code_that_nobody_has_is_refused_where_a_label_has_no_group(groups, said):
    for frame in (KNOWN, WITH_MISSING):
        with pytest.raises(UnknownColumnError, match=said):
            table(frame, hierarchies={"g": groups})


@pytest.mark.parametrize(
    "groups",
    [
        {"a": "A", "b": "A"},  # c is in no group
        {"a": "A", "b": "A", "c": "C", "d": "C", "e": "C"},  # a list of codes: nobody has d, e
        {"a": "A", "b": "A", "A": "All", "c": "All"},
    ],
)
def test_a_hierarchy_may_leave_labels_out_or_be_a_list_of_codes(groups):
    for frame in (KNOWN, WITH_MISSING):
        made = table(frame, hierarchies={"g": groups})
        assert made.cells.filter(pl.col("g") == "A")["value"].item() == 60


def test_people_of_a_category_are_not_shown_as_missing():
    for frame in (KNOWN, WITH_MISSING):
        with pytest.raises(UnusableTableError, match='"a" of "g" cannot be called "Missing"'):
            table(frame, merges={"g": {"a": "Missing"}})
        with pytest.raises(UnusableTableError, match='the group "Missing" has the name of'):
            table(frame, hierarchies={"g": {"a": "Missing", "b": "Missing"}})


def test_missing_ones_and_a_category_can_be_merged_under_another_name():
    made = table(WITH_MISSING, merges={"g": {"a": "unknown", "Missing": "unknown"}})
    assert made.cells.filter(pl.col("g") == "unknown")["value"].item() == 60
    kept = table(WITH_MISSING, merges={"g": {"Missing": "Missing"}})
    assert kept.cells.filter(pl.col("g") == "Missing")["value"].item() == 30
