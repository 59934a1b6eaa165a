"""Outputs that reveal together what none of them reveals alone, with the arithmetic by hand."""

import polars as pl

from output_checks import Data
from output_checks.linked import check_together


def people(cells, **more):
    """Data with so many people for each combination of labels: {("F", "N"): 20, …}."""
    names = more.pop("names", ["sex", "region"])
    rows = [labels for labels, count in cells.items() for _ in range(count)]
    columns = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    frame = pl.DataFrame({"id": range(len(rows))} | columns | more)
    return Data.read(frame, unit="id", name="people")


FOUR_REGIONS = {
    ("F", "N"): 1_000,
    ("F", "S"): 1_160,
    ("M", "N"): 1_100,
    ("M", "S"): 1_060,
}


def arithmetic(report):
    return [one.arithmetic for one in report.findings]


def test_two_tables_that_differ_by_two_people_fail_with_the_subtraction():
    data = people(FOUR_REGIONS)  # 1000 + 1160 + 1100 + 1060 = 4320 people
    report = check_together(
        {"all": data.table("sex"), "most": data.table("region", where="id > 1")}
    )
    (found,) = report.findings
    assert report.verdict == "fail"
    assert found.arithmetic == "4,320 - 4,318 = 2"
    assert found.rule == "linked_tables"
    assert found.outputs == ("all", "most")
    assert [(term.output, dict(term.cell), term.times) for term in found.terms] == [
        ("all", {"sex": "Total"}, 1),
        ("most", {"region": "Total"}, -1),
    ]


def test_a_suppressed_table_beside_its_margin_gives_the_withheld_cell_away():
    data = people({("F", "N"): 2, ("F", "S"): 4_318, ("M", "N"): 30, ("M", "S"): 40})
    shown = data.table("sex", "region", margins=False).protect("suppress")
    assert shown.released().filter(pl.col("value").is_null()).height == 1  # nothing adds up to it
    report = check_together({"inner": shown, "margin": data.table("sex", margins=False)})
    (found,) = report.findings
    assert found.arithmetic == "4,320 - 4,318 = 2"
    assert found.cells == (("inner", {"sex": "F", "region": "N"}),)
    assert "is withheld, but it has 2 people" in found.message


def test_the_same_table_twice_reveals_nothing():
    data = people(FOUR_REGIONS)
    report = check_together([data.table("sex"), data.table("sex")])
    assert report.verdict == "pass"
    assert report.outputs == ("output 1", "output 2")


def test_tables_of_one_population_reveal_nothing():
    data = people(FOUR_REGIONS)
    assert check_together([data.table("sex", "region"), data.table("region")]).verdict == "pass"


def test_bands_that_begin_at_different_ages_are_subtracted_across_cells():
    ages = {("F", 12): 50, ("F", 16): 4, ("M", 25): 60, ("M", 40): 70}
    data = people(ages, names=["sex", "age"])
    one = {"band": "CASE WHEN age < 15 THEN 'a' WHEN age < 30 THEN 'b' ELSE 'c' END"}
    other = {"band": "CASE WHEN age < 20 THEN 'a' WHEN age < 30 THEN 'b' ELSE 'c' END"}
    report = check_together(
        {"one": data.table("band", derive=one), "other": data.table("band", derive=other)}
    )
    # 12 and 16 years: 54; 12 years: 50; the four of 16 years are left
    assert arithmetic(report) == ["54 - 50 = 4"]


def test_parts_published_one_by_one_are_subtracted_from_the_whole():
    data = people({("F", "N"): 50, ("F", "S"): 60, ("M", "N"): 70, ("M", "S"): 80})
    report = check_together(
        {
            "all": data.table("sex"),
            "north": data.table("sex", where="region = 'N'"),
            "south": data.table("sex", where="region = 'S' AND id <> 50"),
        }
    )
    (found,) = report.findings
    # women: 110 in all, 50 in the north, 59 of 60 in the south
    assert found.arithmetic == "110 - 59 - 50 = 1"
    assert report.verdict == "fail"
