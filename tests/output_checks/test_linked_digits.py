"""Counts that one output changes and the digits of another's means tell."""

import pytest

from output_checks import check_together
from tests.output_checks.drawing import valued

# 13 people with a sum of 37, 14 with 35 (5/2, so that 12 and 16 can have it too), 40 with 100.
DATA = {
    "a": [1.0] * 3 + [2.0] * 3 + [3.0] * 3 + [4.0] * 2 + [5.0, 6.0],
    "b": [1.0] * 4 + [2.0] * 3 + [3.0] * 4 + [4.0] * 2 + [5.0],
    "c": [1.0, 2.0, 3.0, 4.0] * 10,
}


def both(method, data=DATA, **options):
    made = valued(data)
    changed = made.table("group", margins=False).protect(method, **options)
    means = made.table("group", statistic="mean", of="x", margins=False)
    return {"counts": changed, "means": means}


@pytest.mark.parametrize(
    ("method", "options"),
    [
        ("round", {"base": 10, "controlled": False}),  # 13 is shown as 10: 5 to 14
        ("midpoint", {"base": 6}),  # as 15: 13 to 18
        ("suppress", {"base": 5}),  # as 15: 13 to 17
        ("cell-key", {"secret": "any"}),
    ],
)
def test_the_digits_of_a_mean_tell_what_a_count_was_before_it_was_changed(method, options):
    tables = both(method, **options)
    assert [one.report().verdict for one in tables.values()] == ["pass", "pass"]
    (found,) = check_together(tables).findings
    assert (found.rule, found.severity) == ("linked_tables", "review")
    assert found.cells == (("counts", {"group": "a"}), ("means", {"group": "a"}))
    assert "tell 1 count of it exactly" in found.message


def test_as_many_counts_as_are_told_are_said():
    tables = both("round", DATA | {"d": DATA["a"]}, base=10, controlled=False)
    (found,) = check_together(tables).findings
    assert "tell 2 counts of it exactly" in found.message


def test_counts_that_are_not_changed_and_means_of_some_tell_nothing():
    made = valued(DATA)
    counts = made.table("group", margins=False)
    means = made.table("group", statistic="mean", of="x", margins=False)
    assert check_together({"counts": counts, "means": means}).verdict == "pass"
    with_gaps = {name: [*some, *[None] * 12] for name, some in DATA.items()}
    tables = both("round", with_gaps, base=10, controlled=False)
    assert [
        one for one in check_together(tables).findings if "digits of the means" in one.message
    ] == []


def test_what_is_out_is_not_told_anew():
    tables = both("round", base=10, controlled=False)
    new = valued(DATA).table("group", statistic="median", of="x", margins=False)
    found = check_together({"new": new}, released=tables).findings
    assert not [one for one in found if "digits of the means" in one.message]
    (found,) = check_together(
        {"means": tables["means"]}, released={"counts": tables["counts"]}
    ).findings
    assert found.rule == "differencing"
