"""Shares and means beside counts of other dimensions, for who knows of how many people they are."""

from dataclasses import replace

import polars as pl
import pytest

from output_checks import Data
from output_checks.linked import check_together, protect_together

PEOPLE = {
    # area: age: (people, of them ill)
    "East": {"old": (25, 3), "young": (30, 1)},
    "North": {"old": (40, 12), "young": (40, 11)},
    "South": {"old": (45, 17), "young": (35, 14)},
    "West": {"old": (30, 13), "young": (35, 12)},
}
TOTAL_OF_ILL = 83


def data(**more):
    rows = [
        (area, age, at < ill)
        for area, ages in PEOPLE.items()
        for age, (people, ill) in ages.items()
        for at in range(people)
    ]
    frame = pl.DataFrame(rows, ["area", "age", "ill"], orient="row").with_row_index("id")
    return Data.read(frame.with_columns(**more), unit="id", name="patients")


def marked(table, *labels):
    """The table with these cells withheld, by all their labels."""
    places = [tuple(table.grid.place(cell).values()) for cell in range(table.grid.size)]
    withheld = pl.Series([place in labels for place in places])
    grids = []
    for grid in table.grids:
        shown = pl.select(pl.when(~withheld).then(grid.frame["value"])).to_series()
        grids.append(grid.with_columns(withheld=withheld, value=shown))
    return replace(table, grids=tuple(grids))


def shares(**options):
    return data().table("area", statistic="proportion", of="ill", **options)


def told(report):
    return {
        (str(one.severity), name, tuple(cell.values()))
        for one in report.findings
        for name, cell in one.cells[:1]
    }


def test_a_withheld_share_follows_from_counts_of_another_dimension():
    # 83 ill by age; 23 + 31 + 25 of them are in the other areas: 4 are in the East
    withheld = marked(shares(), ("East",), ("Total",))
    ill = data().table("age", where="ill")
    assert check_together([withheld]).together == "pass"
    report = check_together({"shares": withheld, "ill": ill})
    assert told(report) == {("fail", "shares", ("East",)), ("fail", "shares", ("Total",))}
    (east,) = [one for one in report.findings if "area = East" in one.message[:40]]
    assert "has 4 people whom it counts, as whoever knows how many people are" in east.message
    assert east.arithmetic == "83 - 31 - 25 - 23 = 4"


def test_the_same_without_a_total_of_shares_and_with_what_is_out_already():
    withheld = marked(shares(margins=False), ("East",))
    ill = data().table("age", where="ill")
    for new, old in (({"s": withheld}, {"i": ill}), ({"i": ill}, {"s": withheld})):
        (found,) = check_together(new, released=old).findings
        assert (found.rule, found.severity, found.cells[0][0]) == ("differencing", "fail", "s")
    again = check_together({"again": ill}, released={"s": withheld, "i": ill})
    assert again.together == "pass"


def test_those_whom_a_share_does_not_count_must_stay_unknown_too():
    # nearly all: 225 - 4 … of the East 51 of 55 are healthy, and 4 are not
    healthy = data(fine=~pl.col("ill"))
    table = healthy.table("area", statistic="proportion", of="fine", margins=False)
    report = check_together(
        {"fine": marked(table, ("East",)), "healthy": healthy.table("age", where="fine")}
    )
    assert ("fail", "fine", ("East",)) in told(report)


def test_shown_shares_tell_withheld_counts_to_who_knows_their_people():
    # the shares of all areas are of 83 ill; by age 44 or 39 of them are withheld
    ill = marked(data().table("age", where="ill"), ("old",), ("Total",))
    report = check_together({"shares": shares(), "ill": ill})
    assert {one[0] for one in told(report)} == {"review"}
    assert ("review", "ill", ("old",)) in told(report)


def test_zeros_and_ones_are_shares_whatever_they_are_called():
    numbers = data(sick=pl.col("ill").cast(pl.Int64))
    ill = numbers.table("age", where="ill")
    for statistic in ("mean", "sum"):
        table = numbers.table("area", statistic=statistic, of="sick", margins=False)
        report = check_together({"x": marked(table, ("East",)), "ill": ill})
        assert ("fail", "x", ("East",)) in told(report)


def test_how_many_people_means_are_of_is_no_finding_by_itself():
    two = data(cost=pl.col("id") % 17 + 1.5, days=pl.col("id") % 13 + 1.0)
    costs = two.table("area", statistic="mean", of="cost", margins=False)
    days = two.table("age", statistic="mean", of="days")
    assert check_together({"c": marked(costs, ("East",)), "d": days}).together == "pass"


def test_what_stays_open_passes():
    # two areas withheld: 4 and 23 ill between them, and nothing else is known of either
    withheld = marked(shares(margins=False), ("East",), ("North",))
    assert check_together([withheld, data().table("age", where="ill")]).together == "pass"


@pytest.mark.parametrize("margins", [True, False])
def test_shares_are_protected_beside_counts_of_another_dimension(margins):
    tables = {"shares": shares(margins=margins), "ill": data().table("age", where="ill")}
    done = protect_together(tables)
    withheld = done[0].cells.filter("withheld")["area"].to_list()
    assert "East" in withheld
    assert len(withheld) > 1
    assert check_together(dict(zip(tables, done, strict=True))).verdict == "pass"
