"""Every kind of table together with others: groups, means, roundings, people with many rows."""

import numpy as np
import polars as pl
import pytest

from output_checks import Data
from output_checks.linked import check_together, protect_together


def people(cells, names=("sex", "region"), **more):
    rows = [labels for labels, count in cells.items() for _ in range(count)]
    columns = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    return pl.DataFrame({"id": range(len(rows))} | columns | more)


def data_of(frame, **more):
    return Data.read(frame, unit=more.pop("unit", "id"), name="people")


CELLS = {("F", "N"): 40, ("F", "S"): 60, ("M", "N"): 50, ("M", "S"): 70}
PAY = [10.0 + number % 7 for number in range(220)]


def arithmetic(report):
    return sorted(one.arithmetic for one in report.findings if one.severity == "fail")


def test_a_town_is_part_of_its_country_by_what_the_data_say():
    towns = {("a", "X"): 30, ("b", "X"): 40, ("c", "Y"): 50, ("d", "Y"): 60}
    data = data_of(people(towns, names=("town", "country")))
    # 180 people; x = 70; towns a and b without person 3: 29 and 40
    report = check_together(
        {
            "countries": data.table("country", margins=False),
            "towns": data.table("town", where="id <> 3", margins=False),
        }
    )
    assert arithmetic(report) == ["70 - 40 - 29 = 1"]


def test_a_cell_that_nobody_can_be_in_is_nobody():
    towns = {("a", "X"): 30, ("b", "X"): 40, ("c", "Y"): 50, ("d", "Y"): 60}
    data = data_of(people(towns, names=("town", "country")))
    crossed = data.table("town", "country")
    assert check_together([crossed, data.table("country"), data.table("town")]).together == "pass"
    # a town has one country: to withhold (a, X) is in vain
    report = check_together({"crossed": crossed.protect("suppress"), "towns": data.table("town")})
    assert "town = a shows it" in str([one.message for one in report.findings])


def test_groups_of_a_hierarchy_are_subtracted_from_a_table_of_their_own():
    data = data_of(people(CELLS))
    one = data.table("region", hierarchies={"region": {"N": "land", "S": "land"}}, margins=False)
    other = data.table("sex", where="id <> 3", margins=False)
    # land: 220; women without one: 99, men: 120
    assert arithmetic(check_together({"land": one, "sex": other})) == ["220 - 120 - 99 = 1"]


def test_coarser_columns_of_the_data_are_one_trait_with_their_dimension():
    towns = {("a", "X"): 30, ("b", "X"): 40, ("c", "Y"): 50}
    data = data_of(people(towns, names=("town", "country")))
    table = data.table("town", hierarchies={"town": ["country"]})
    assert check_together([table, data.table("country")]).verdict == "pass"
    report = check_together({"t": table, "c": data.table("country", where="id <> 3")})
    assert arithmetic(report) == ["120 - 119 = 1"]  # the same person as 70 - 69


def test_merged_labels_are_the_sum_of_what_they_merge():
    cells = {("F", "N"): 40, ("F", "S"): 4, ("F", "W"): 60}
    data = data_of(people(cells))
    merged = data.table("region", merges={"region": {"S": "S or W", "W": "S or W"}}, margins=False)
    west = data.table("region", where="region = 'W'", margins=False)
    assert arithmetic(check_together({"merged": merged, "west": west})) == ["64 - 60 = 4"]


def test_means_sums_and_medians_of_one_variable_are_compared_by_their_people():
    data = data_of(people(CELLS, pay=PAY))
    mean = data.table("sex", statistic="mean", of="pay")
    median = data.table("sex", statistic="median", of="pay", where="id <> 3")
    report = check_together({"mean": mean, "median": median})
    assert arithmetic(report) == ["220 - 219 = 1"]
    assert "as if their numbers were published" in report.notes[0]


def test_people_without_a_value_are_not_behind_a_mean():
    pay = [None, *PAY[1:]]
    data = data_of(people(CELLS, pay=pay))
    mean = data.table("sex", statistic="mean", of="pay")
    same = data.table("sex", statistic="sum", of="pay", where="pay IS NOT NULL")
    assert check_together([mean, same]).verdict == "pass"
    # the count of those with a value is not published, but all digits of a mean let one guess it
    assert check_together([mean, data.table("sex")]).verdict == "review"


def test_two_statistics_of_one_table_are_one_view():
    data = data_of(people(CELLS, pay=PAY))
    both = data.table("sex", statistic=["mean", "sum", "count"], of="pay")
    assert check_together([both, both]).verdict == "pass"


def test_who_counts_in_a_proportion_is_compared_too():
    sick = [number % 2 == 0 for number in range(220)]
    data = data_of(people(CELLS, sick=sick))
    one = data.table("sex", statistic="proportion", of="sick")
    other = data.table("sex", statistic="proportion", of="sick", where="id <> 2 AND id <> 3")
    # of the two one is sick; 110 - 109 as much as 220 - 218
    assert "110 - 109 = 1" in arithmetic(check_together({"one": one, "other": other}))
    rows = data.table("sex", "region", statistic="proportion", within=["sex"])
    assert arithmetic(check_together({"r": rows, "c": data.table("sex", where="id <> 3")})) == [
        "220 - 219 = 1"
    ]


def test_a_variable_of_words_has_a_mode():
    data = data_of(people(CELLS))
    one = data.table("sex", statistic="mode", of="region")
    other = data.table("sex", statistic="mode", of="region", where="id <> 3")
    assert arithmetic(check_together({"one": one, "other": other})) == ["220 - 219 = 1"]


def test_rates_are_compared_by_the_people_with_both_numbers():
    done = [None if number < 5 else 3.0 for number in range(220)]
    data = data_of(people(CELLS, pay=[None, *PAY[1:]], done=done))
    rate = data.table("sex", statistic="rate", of="pay", per="done")
    ratio = data.table("sex", statistic="ratio", of="pay", per="done", where="id <> 7")
    # 215 people have both
    assert arithmetic(check_together({"rate": rate, "ratio": ratio})) == ["215 - 214 = 1"]


def test_proportions_of_people_in_several_cells_are_left_to_their_own_report():
    sick = [number % 20 == 0 for number in range(160)]
    data = data_of(VISITS.with_columns(sick=pl.Series(sick)))
    table = data.table("ward", "old", statistic="proportion", of="sick", margins=False)
    assert check_together([table]).together == "pass"


def test_derived_columns_mean_what_they_are_derived_from():
    data = data_of(people(CELLS, age=[number % 50 for number in range(220)]))
    adult = {
        "old": "age - 10",
        "older": "old - age + age",
        "adult": "CASE WHEN old > 7 AND older > 7 THEN 'yes' ELSE 'no' END",
    }
    child = {"adult": "CASE WHEN age > 16 THEN 'yes' ELSE 'no' END", "not_used": "age + 1"}
    one, other = data.table("adult", derive=adult), data.table("adult", derive=child)
    # older than 17 and older than 16: those of 17 years, 17, 67, 117, 167, 217
    assert arithmetic(check_together({"one": one, "other": other})) == ["90 - 85 = 5"]
    assert check_together([one, data.table("adult", derive=adult)]).verdict == "pass"


def test_a_constant_is_a_column_too():
    frame = people(CELLS)
    for unit in ("id", None):
        data = data_of(frame, unit=unit)
        one = data.table("all", derive={"all": "'everybody'"})
        assert check_together([one, data.table("all", derive={"all": "'all'"})]).together == "pass"


def test_without_a_unit_each_row_is_a_person():
    data = data_of(people(CELLS), unit=None)
    report = check_together({"all": data.table("sex"), "most": data.table("sex", where="id <> 3")})
    assert arithmetic(report) == ["220 - 219 = 1"]


def test_structural_zeros_are_known_to_be_nobody():
    data = data_of(people({("F", "N"): 40, ("F", "S"): 60, ("M", "N"): 50}))
    zeros = [{"sex": "M", "region": "S"}]
    crossed = data.table("sex", "region", structural_zeros=zeros).protect("suppress")
    assert check_together([crossed, data.table("sex")]).together == "pass"


def test_a_rounded_table_is_known_within_its_rounding():
    data = data_of(people(CELLS))
    most = data.table("region", where="id <> 3")
    assert check_together([data.table("sex").protect("round"), most]).verdict == "pass"
    rounded = data.table("sex").protect("suppress", base=5)
    # 220 is shown for 218 to 222: at most 3 are not among the 219
    report = check_together({"rounded": rounded, "most": most})
    assert [one.severity for one in report.findings] == ["review"]
    assert "0 to 3 people" in report.findings[0].message


def test_a_bound_that_hides_a_small_group_is_no_finding():
    data = data_of(people(CELLS))
    rounded = data.table("sex").protect("suppress", base=18)
    # 220 is shown for 207 to 224, and 215 are known: 0 to 9 are left, which covers 1 to 9
    assert check_together([rounded, data.table("region", where="id > 4")]).verdict == "pass"


def test_two_roundings_of_one_cell_that_leave_one_number_fail():
    cells = {"A": 100, "B": 150, "C": 150, "X": 9}
    regions = [region for region, count in cells.items() for _ in range(count)]
    table = data_of(pl.DataFrame({"id": range(409), "region": regions})).table("region")
    # X is shown as 0 to the base 20, so it is 0 to 9, and as 18 to the base 18: 9 to 26
    twenty = table.protect("round", base=20, controlled=False)
    eighteen = table.protect("round", base=18, controlled=False)
    for released, rule in [({}, "linked_tables"), ({"20": twenty}, "differencing")]:
        new = {"20": twenty, "18": eighteen}
        report = check_together(
            {name: one for name, one in new.items() if name not in released}, released=released
        )
        (found,) = report.findings
        assert (found.severity, found.rule) == ("fail", rule)
        assert "region = X is 9: a group of 9 people that no output shows" in found.message
        assert "leave one number where they meet" in found.message
        assert set(found.outputs) == {"20", "18"}
    both = {"20": twenty, "18": eighteen}
    assert check_together({"again": twenty}, released=both).verdict == "pass"
    assert check_together({"20": twenty}).verdict == "pass"


def test_one_number_of_a_part_that_is_known_to_be_one():
    data = data_of(people(CELLS))
    rounded = data.table("sex").protect("suppress", base=2)
    # 220 is shown for 219 or 220, 100 for 99 or 100, 120 for 119 or 120
    report = check_together({"rounded": rounded, "most": data.table("sex", where="id <> 3")})
    assert report.verdict == "review"


VISITS = pl.DataFrame(
    {
        # 100 people with one visit each, half of them to A; 30 more people went to both
        "id": [*range(130), *range(100, 130)],
        "ward": ["A", "B"] * 50 + ["A"] * 30 + ["B"] * 30,
        "old": [True] * 3 + [False] * 157,
    }
)


def test_people_in_several_cells_are_compared_pair_by_pair():
    data = data_of(VISITS)
    report = check_together(
        {"wards": data.table("ward"), "most": data.table("ward", where="id <> 3")}
    )
    assert arithmetic(report) == ["130 - 129 = 1"]
    assert "People are in several cells" in report.notes[0]


def test_of_people_in_several_cells_some_are_only_in_one():
    few = VISITS.filter(~((pl.col("ward") == "A") & (pl.col("id") < 100) & (pl.col("id") > 5)))
    data = data_of(few)  # A: 0, 2, 4 and the 30; B: 50 and the 30; 83 in all, so 3 only in A
    assert arithmetic(check_together({"wards": data.table("ward")})) == ["83 - 80 = 3"]


def test_three_outputs_of_people_in_several_cells_are_added_up_by_ward():
    # person 0 is in A and in B, and neither among the women nor among the men that are asked for
    sexes = pl.DataFrame({"id": range(130), "sex": ["F", "F", "M", "M", "M"] * 26})
    data = data_of(VISITS.join(sexes, on="id").with_columns(old=pl.col("id") < 3))
    tables = {"all": data.table("ward", margins=False)} | {
        sex: data.table("ward", where=f"sex = '{sex}' AND NOT old", margins=False) for sex in "FM"
    }
    report = check_together(tables)
    # of 0, 1 and 2, whom neither asks for, two are in A and one in B
    assert [len(one.terms) for one in report.findings[:-1]] == [3, 3]
    assert {one.arithmetic[-4:] for one in report.findings[:-1]} == {" = 2", " = 1"}
    found = report.findings[-1]
    assert (report.verdict, found.severity, found.rule) == ("fail", "review", "too_large")
    assert "them is not searched for" in found.message
    assert found.outputs == ("all", "F", "M")
    two = {name: table for name, table in tables.items() if name != "M"}
    assert check_together(two).verdict == "pass"


def test_a_withheld_cell_of_people_in_several_cells_is_found():
    data = data_of(VISITS)
    table = data.table("ward", "old").protect("suppress")
    assert check_together([table]).together == "pass"
    old = data.table("ward", where="old")
    report = check_together({"crossed": table, "old": old})
    assert {cell["ward"] for one in report.findings for _, cell in one.cells} >= {"A", "B"}


def test_people_in_several_cells_are_protected_together():
    data = data_of(VISITS)
    tables = {"wards": data.table("ward"), "most": data.table("ward", where="id <> 3")}
    done = protect_together(tables)
    assert sum(int(one.cells["withheld"].sum()) for one in done) > 0
    assert check_together(done).verdict == "pass"
    crossed = protect_together([data.table("ward", "old"), data.table("ward")])
    assert check_together(crossed).verdict == "pass"


def test_what_only_the_data_show_goes_to_a_person():
    cells = {("F", "yes"): 200, ("F", "no"): 5, ("M", "no"): 300}
    data = data_of(people(cells, names=("sex", "pregnant")))
    report = check_together(
        {
            "sex": data.table("sex", margins=False),
            "pregnant": data.table("pregnant", where="pregnant = 'yes'", margins=False),
        }
    )
    (found,) = report.findings
    assert found.severity == "review"
    assert found.arithmetic == "205 - 200 = 5"
    assert "the definitions do not say so" in found.message


def test_categories_that_are_missing_are_categories():
    cells = {("F", None): 40, ("F", "S"): 60, ("M", "N"): 50, (None, "S"): 70}
    data = data_of(people(cells))
    report = check_together(
        {"one": data.table("sex", "region"), "other": data.table("region", where="id <> 3")}
    )
    assert arithmetic(report) == ["220 - 219 = 1"]


@pytest.mark.parametrize("kind", [pl.Categorical, pl.Enum(["F", "M"]), pl.String])
def test_labels_of_every_type_are_the_same(kind):
    frame = people(CELLS).with_columns(pl.col("sex").cast(kind))
    data = data_of(frame)
    report = check_together({"all": data.table("sex"), "most": data.table("sex", where="id <> 3")})
    assert arithmetic(report) == ["220 - 219 = 1"]


def test_numbers_as_labels_are_the_same():
    frame = people(CELLS).with_columns(level=np.arange(220) % 3 * 1.0, year=np.arange(220) % 2)
    data = data_of(frame)
    report = check_together(
        {"one": data.table("level"), "other": data.table("year", where="id <> 3")}
    )
    assert arithmetic(report) == ["220 - 219 = 1"]


def test_weighted_counts_are_compared_by_their_people():
    data = data_of(people(CELLS, w=[1.5 + number % 3 for number in range(220)]))
    one = data.table("sex", weight="w")
    assert arithmetic(
        check_together({"one": one, "other": data.table("sex", where="id <> 3")})
    ) == ["220 - 219 = 1"]
