"""A sum, mean or share of a variable that is a dimension too is a count in disguise."""

from datetime import date
from itertools import product

import polars as pl
import pytest

from output_checks import Data, ReleaseBook, check_together, protect_together

CHILDREN = {
    "d1": (40, 20, 15, 12),
    "d2": (31, 25, 14, 11),
    "d3": (33, 4, 16, 13),
    "d4": (45, 22, 3, 30),
}
SMOKERS = {
    # district: region, smokers, others
    "d1": ("N", 20, 40),
    "d2": ("N", 25, 31),
    "d3": ("N", 4, 33),
    "e1": ("E", 30, 50),
    "e2": ("E", 6, 45),
    "e3": ("E", 22, 41),
}


@pytest.fixture(scope="module")
def families():
    rows = [
        (district, "N" if district in ("d1", "d2") else "S", children)
        for district, counts in CHILDREN.items()
        for children, count in enumerate(counts)
        for _ in range(count)
    ]
    frame = pl.DataFrame(rows, ["district", "half", "children"], orient="row").with_row_index("id")
    return Data.read(frame, unit="id", name="families")


@pytest.fixture(scope="module")
def smokers():
    rows = [
        (district, region, int(at < smoking), 95 if (district, at) == ("d1", 3) else 18 + at)
        for district, (region, smoking, others) in SMOKERS.items()
        for at in range(smoking + others)
    ]
    frame = pl.DataFrame(rows, ["district", "region", "smoker", "age"], orient="row")
    frame = frame.with_row_index("id").with_columns(
        weight=pl.lit(2.0), visits=(pl.col("id") * 7) % 11
    )
    return Data.read(frame, unit="id", name="smokers")


def suppressed(data, *dimensions, **asked):
    return data.table(*dimensions, **asked).protect("suppress")


def test_sum_of_a_dimension_tells_two_withheld_counts(families):
    counts = suppressed(families, "district", "children")
    shown = counts.released().filter(district="d3")["value"].to_list()
    # The attacker: x people with one child and y with two, x + y = 66 - 33 - 13 and
    # x + 2y + 3 * 13 = 75, which only one pair of whole numbers is.
    assert shown == [33, None, None, 13, 66]
    total = sum(number * count for number, count in enumerate(CHILDREN["d3"]))
    pairs = [
        (x, y)
        for x, y in product(range(67), repeat=2)
        if x + y == 66 - 33 - 13 and x + 2 * y + 3 * 13 == total
    ]
    assert pairs == [(4, 16)]
    for statistic in ("sum", "mean"):
        other = families.table("district", statistic=statistic, of="children")
        report = check_together({"A": counts, "B": other})
        assert report.together == "fail"
        assert "has 4 people" in " ".join(one.message for one in report.findings)


def test_spread_of_a_dimension_goes_to_a_person(families):
    counts = suppressed(families, "district", "children")
    spread = families.table("district", statistic="std", of="children")
    assert check_together({"A": counts, "B": spread}).together == "review"


def test_sum_of_two_districts_leaves_their_counts_open(families):
    """Both have withheld counts of the same two values, whose totals are shown anyway."""
    counts = suppressed(families, "district", "children")
    total = families.table("half", statistic="sum", of="children")
    assert check_together({"A": counts, "B": total}).together == "pass"


@pytest.mark.parametrize(
    "asked",
    [
        {"statistic": "sum", "of": "smoker"},
        {"statistic": "mean", "of": "smoker"},
        {"statistic": "proportion", "of": "smoker"},
        {"statistic": "mean", "of": "smoker", "weight": "weight"},
        {"statistic": "ratio", "of": "smoker", "per": "weight"},
        {"statistic": "sum", "of": "z", "derive": {"z": "CASE WHEN smoker = 1 THEN 5 ELSE 0 END"}},
        {"statistic": "sum", "of": "z", "derive": {"z": "smoker * 2 + 1"}},
    ],
    ids=str,
)
def test_sum_of_zeros_and_ones_is_a_count(smokers, asked):
    counts = suppressed(smokers, "district", "smoker")
    other = smokers.table("region", **asked)
    # Of the 49 smokers in the north 20 and 25 are shown by district.
    assert sum(n for _, (r, n, _) in SMOKERS.items() if r == "N") == 20 + 25 + 4
    report = check_together({"A": counts, "B": other})
    assert report.together == "fail"
    assert "has 4 people" in " ".join(one.message for one in report.findings)


def test_sum_of_another_variable_passes_beside_withheld_counts(smokers):
    counts = suppressed(smokers, "district", "smoker")
    other = smokers.table("region", statistic="sum", of="visits")
    assert check_together({"A": counts, "B": other}).together == "pass"


def test_count_of_some_smokers_beside_a_sum_leaves_one(smokers):
    some = smokers.table("region", where="smoker = 1 AND age < 95")
    # 107 smokers in all, of whom one is 95.
    report = check_together({"A": some, "B": smokers.table("region", statistic="sum", of="smoker")})
    assert report.together == "fail"
    assert "107 - 106 = 1" in [one.arithmetic for one in report.findings]
    for statistic in ("mean", "proportion"):
        other = smokers.table("region", statistic=statistic, of="smoker")
        assert check_together({"A": some, "B": other}).together == "review"
        people = smokers.table("region")
        assert check_together({"A": some, "B": other, "C": people}).together == "fail"


def test_count_of_all_smokers_beside_their_sum_passes(smokers):
    some = smokers.table("region", where="smoker = 1")
    other = smokers.table("region", statistic="sum", of="smoker")
    assert check_together({"A": some, "B": other}).together == "pass"


def test_withheld_share_beside_counts(smokers):
    share = suppressed(smokers, "district", statistic="proportion", of="smoker")
    people = smokers.table("district")
    regions = smokers.table("region", "smoker")
    report = check_together({"P": share, "C": people, "R": regions})
    assert report.together == "fail"
    assert "49 - 25 - 20 = 4" in [one.arithmetic for one in report.findings]


def test_shares_of_districts_beside_counts_pass(smokers):
    some = "district IN ('d1', 'd2', 'e1', 'e3')"
    share = smokers.table("district", statistic="proportion", of="smoker", where=some)
    people = smokers.table("district", where=some)
    assert check_together({"P": share, "C": people}).together == "pass"


def test_book_asks_for_sums_of_what_it_counted(smokers, tmp_path):
    book = ReleaseBook(tmp_path / "book")
    book.add(suppressed(smokers, "district", "smoker"), name="first", on=date(2026, 5, 4))
    report = book.ask({"new": smokers.table("region", statistic="mean", of="smoker")})
    assert report.together == "fail"


@pytest.mark.parametrize("statistic", ["sum", "mean"])
def test_outputs_that_are_tied_are_protected_together(smokers, statistic):
    counts = smokers.table("district", "smoker")
    other = smokers.table("region", statistic=statistic, of="smoker")
    done = protect_together({"A": counts, "B": other})
    assert check_together({"A": done[0], "B": done[1]}).verdict != "fail"


# Small groups that no table shows


def families_of(counts):
    rows = [
        (district, children)
        for district, numbers in counts.items()
        for children, count in enumerate(numbers)
        for _ in range(count)
    ]
    frame = pl.DataFrame(rows, ["district", "children"], orient="row").with_row_index("id")
    return Data.read(frame, unit="id", name="families")


def by_district_and_children(counts, *, statistic="sum"):
    data = families_of(counts)
    return {
        "districts": data.table("district"),
        "children": data.table("children"),
        "sums": data.table("district", statistic=statistic, of="children"),
    }


@pytest.mark.parametrize("statistic", ["sum", "mean"])
def test_sums_of_three_values_single_out_groups_that_no_table_shows(statistic):
    # d1: x + y + z = 47 and y + 2z = 85, so that (x, y, z) is (2, 5, 40) + k (1, -2, 1), and x is
    # 0 to 4; without the sum x could be all 32 of whom there are with no children.
    tables = by_district_and_children({"d1": (2, 5, 40), "d2": (30, 20, 10)}, statistic=statistic)
    assert check_together({name: tables[name] for name in ("districts", "children")}).findings == ()
    (found,) = check_together(tables).findings
    assert found.severity == "review"
    assert "leave 0 to 4 people of a kind that none of them shows" in found.message
    assert "district = d1" in found.message
    assert "children = 0" in found.message
    new = {"sums": tables.pop("sums")}
    assert check_together(new, released=tables).findings[0].rule == "differencing"
    again = {"again": tables["districts"]}
    assert check_together(again, released=tables | new).together == "pass"


def test_a_group_that_sums_of_three_values_pin_fails():
    # d1 is (0, 1, 46) + k (1, -2, 1), of which one is below 0 either way: one has one child
    tables = by_district_and_children({"d1": (0, 1, 46), "d2": (32, 25, 13)})
    (found,) = check_together(tables).findings
    assert found.severity == "fail"
    assert "leave 1 people of a kind that none of them shows" in found.message


def test_sums_of_three_values_that_leave_enough_open_pass():
    tables = by_district_and_children({"d1": (20, 35, 40), "d2": (30, 30, 30)})
    assert check_together(tables).findings == ()
