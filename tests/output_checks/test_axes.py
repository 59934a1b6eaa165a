"""Hierarchies, merges, shares within dimensions and several statistics of one table."""

import datetime as dt

import polars as pl
import pytest

from output_checks import Data, Declaration, rebuild

AREAS = {"Lambeth": "London", "Southwark": "London", "Leeds": "North", "York": "North"}
PEOPLE = {
    ("Lambeth", "F"): 20,
    ("Lambeth", "M"): 30,
    ("Southwark", "F"): 40,
    ("Southwark", "M"): 3,
    ("Leeds", "F"): 15,
    ("Leeds", "M"): 25,
    ("York", "F"): 35,
    ("York", "M"): 12,
}


def people(areas=AREAS):
    rows = [(area, sex) for (area, sex), count in PEOPLE.items() for _ in range(count)]
    frame = pl.DataFrame(
        {
            "id": range(len(rows)),
            "area": [area for area, _ in rows],
            "sex": [sex for _, sex in rows],
        }
    )
    return Data.read(
        frame.with_columns(region=pl.col("area").replace(areas)), unit="id", name="areas"
    )


def value(table, *labels):
    (found,) = [row[-1] for row in table.released().rows() if row[:-1] == labels]
    return found


@pytest.mark.parametrize("hierarchy", [AREAS, ["region"], "region"])
def test_groups_of_a_code_list_and_of_a_column_are_counted_alike(hierarchy):
    table = people().table("area", "sex", hierarchies={"area": hierarchy})
    # Lambeth 20 + 30, Southwark 40 + 3
    assert value(table, "London", "Total") == 93
    assert value(table, "London", "M") == 33
    assert value(table, "North", "F") == 50
    assert value(table, "Total", "Total") == 180
    assert table.cells.filter(area="London")["margin"].all()


def test_a_code_list_may_have_codes_in_codes_of_any_depth():
    code_list = AREAS | {"London": "South", "South": "England", "North": "England"}
    table = people().table("area", hierarchies={"area": code_list})
    (areas,) = table.grid.dimensions
    assert [group.label for group in areas.groups] == ["London", "North", "South", "England"]
    assert value(table, "South") == 93
    assert value(table, "England") == 180
    # London and North are in the groups above them, and England alone makes up the total
    assert [areas.texts[at] for at in areas.tops] == ["England"]


def test_a_label_outside_the_code_list_stands_beside_its_groups():
    table = people().table("area", hierarchies={"area": {"Leeds": "North", "York": "North"}})
    (areas,) = table.grid.dimensions
    assert [areas.texts[at] for at in areas.tops] == ["Lambeth", "Southwark", "North"]


def test_a_person_in_two_areas_of_a_group_is_once_in_the_group():
    frame = pl.DataFrame({"id": [1, 1, 2], "area": ["Leeds", "York", "York"]})
    table = Data.read(frame, unit="id").table("area", hierarchies={"area": AREAS})
    assert value(table, "York") == 2
    assert value(table, "North") == 2


def test_suppression_keeps_a_small_cell_unknown_through_its_groups():
    table = people().table("area", "sex", hierarchies={"area": AREAS})
    protected = table.protect("suppress")
    assert protected.report().verdict == "pass"
    held = set(protected.intervals().select("area", "sex").rows())
    # Southwark M is 3; London M less Lambeth M, or Southwark's total less F, would give it away
    assert ("Southwark", "M") in held
    assert ("Lambeth", "M") in held or ("London", "M") in held
    assert protected.released()["value"].null_count() == len(held)


def test_a_structural_zero_of_a_group_is_one_of_all_its_labels():
    data = people()
    where = "NOT (region = 'North' AND sex = 'M')"
    table = data.table(
        "area",
        "sex",
        where=where,
        hierarchies={"area": ["region"]},
        structural_zeros=[{"area": "North", "sex": "M"}],
    )
    marked = table.cells.filter("structural_zero").select("area", "sex").rows()
    assert marked == [("Leeds", "M"), ("York", "M"), ("North", "M")]


def test_merged_labels_are_one_category_in_the_place_of_the_first():
    frame = pl.DataFrame({"id": range(60), "age": [9, 10, 11] * 20})
    table = Data.read(frame, unit="id").table("age", merges={"age": {"9": "9-10", "10": "9-10"}})
    assert table.released().rows() == [("9-10", 40), ("11", 20), ("Total", 60)]


def test_the_missing_can_be_merged_and_stay_apart_otherwise():
    frame = pl.DataFrame({"id": range(60), "group": ["a", None, "b"] * 20})
    data = Data.read(frame, unit="id")
    merged = data.table("group", merges={"group": {"Missing": "b or missing", "b": "b or missing"}})
    assert merged.released().rows() == [("a", 20), ("b or missing", 40), ("Total", 60)]
    apart = data.table("group", merges={"group": {"a": "a or b", "b": "a or b"}})
    assert apart.released().rows() == [("a or b", 40), ("Missing", 20), ("Total", 60)]


def test_shares_within_a_dimension_add_up_in_its_categories():
    table = people().table("area", "sex", statistic="proportion", within="sex", times=100)
    # F: 20 + 40 + 15 + 35 = 110
    assert value(table, "Lambeth", "F") == pytest.approx(100 * 20 / 110)
    assert value(table, "Total", "F") == 100
    row = table.cells.row(
        by_predicate=pl.col("area").eq("Leeds") & pl.col("sex").eq("M"), named=True
    )
    assert (row["numerator_units"], row["denominator_units"]) == (25, 70)


def test_shares_of_the_whole_table_are_of_everybody():
    table = people().table("area", "sex", statistic="proportion", within=[])
    assert value(table, "Lambeth", "F") == pytest.approx(20 / 180)


def test_several_statistics_have_a_column_each_and_are_withheld_together():
    data = people()
    table = data.table("area", "sex", statistic=["count", "proportion"], within="area")
    assert table.released().columns == ["area", "sex", "count", "proportion"]
    assert {one.statistic for one in table.report().findings} == {"count", "proportion"}
    protected = table.protect("suppress")
    held = protected.released().select(pl.col("count", "proportion").is_null())
    assert held["count"].to_list() == held["proportion"].to_list()
    assert held["count"].sum() >= 4
    assert protected.report().verdict == "pass"


def test_everything_that_was_asked_is_in_the_declaration_and_built_again():
    data = people()
    table = data.table(
        "area",
        "sex",
        statistic=["count", "proportion"],
        within=["area"],
        times=100,
        hierarchies={"area": AREAS},
        merges={"sex": {"F": "Female", "M": "Male"}},
    ).protect("suppress")
    declaration = Declaration.from_json(table.declaration.to_json())
    assert declaration == table.declaration
    assert rebuild(declaration, data).released().equals(table.released())


def test_dates_and_truth_can_be_structural_zeros():
    frame = pl.DataFrame(
        {
            "id": range(40),
            "day": [dt.date(2026, 1, 1 + i % 2) for i in range(40)],
            "ill": [i % 2 == 0 for i in range(40)],
        }
    )
    table = Data.read(frame, unit="id").table(
        "day", "ill", structural_zeros=[{"day": dt.date(2026, 1, 1), "ill": False}]
    )
    marked = table.cells.filter("structural_zero").select("day", "ill").rows()
    assert marked == [("2026-01-01", "false")]
