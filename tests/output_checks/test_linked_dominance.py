"""Two outputs whose difference is of enough people, but mostly of one or two of them."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from output_checks import Data, check_together
from output_checks.linked import dominated
from output_checks.linked.dominated import judged
from output_checks.policy import Policy
from output_checks.words import Verdict

SRS = Policy.named("srs")


def data_of(largest: float, second: float = 100.0, others: float = 100.0) -> Data:
    """40 people in each of two regions; 14 of the north are old, with one or two large amounts.

    Everybody else has `others`, and the young of the north 10,000 to 10,005, who hide the old.
    """
    old = [largest, second, *[others + at % 3 - 1 for at in range(12)]]  # twelve are 12 · others
    young = [10_000.0 + at % 6 for at in range(26)]
    south = [others + at % 7 for at in range(40)]
    frame = pl.DataFrame(
        {
            "id": range(80),
            "region": ["north"] * 40 + ["south"] * 40,
            "old": [True] * 14 + [False] * 26 + [at % 2 == 0 for at in range(40)],
            "pay": [*old, *young, *south],
        }
    )
    return Data.read(frame, unit="id", name="people")


def both(data: Data, statistic="sum", other="sum"):
    return {
        "all": data.table("region", statistic=statistic, of="pay", margins=False),
        "young": data.table("region", statistic=other, of="pay", where="NOT old", margins=False),
    }


@pytest.mark.parametrize(
    ("largest", "second", "verdict", "said"),
    [
        # The old have 900 + 100 + 12 · 100 = 2,200; the largest 41 %, both 45 %.
        (900.0, 100.0, "pass", ""),
        # 2,600 + 100 + 1,200 = 3,900: 2,600 / 3,900 = 67 %, both 69 %; 1,200 is 46 % of 2,600.
        (2600.0, 100.0, "review", "14 people, but one makes up 67 % of it"),
        # 9,000 + 3,000 + 1,200 = 13,200: both 91 %; 1,200 is 13 % of 9,000.
        (9000.0, 3000.0, "fail", "two make up 91 % of it"),
        # 9,900 + 100 + 1,200 = 11,200: 88 % and 89 %, and 1,200 is 12.1 % of 9,900.
        (9900.0, 100.0, "review", "one makes up 88 % of it"),
    ],
)
def test_a_difference_of_enough_people_is_judged_by_their_amounts(largest, second, verdict, said):
    tables = both(data_of(largest, second))
    assert {name: table.report().verdict for name, table in tables.items()} == {
        "all": "pass",
        "young": "pass",
    }
    report = check_together(tables)
    assert report.verdict == verdict
    assert [said in one.message for one in report.findings] == [True] * (verdict != "pass")


def test_the_second_largest_must_not_work_out_the_largest_of_a_difference():
    # 6,000 + 5,000 + 12 · 40 = 11,480: the rest, 480, is 8 % of 6,000, and both have 95.8 %.
    alone = replace(SRS, name="pairs aside", dominance_2_fail=100.0)
    tables = both(data_of(6000.0, 5000.0, others=40.0))
    (found,) = check_together(tables, alone).findings
    assert found.severity == "fail"
    assert "the second largest can work out the largest to within 8.0 %" in found.message
    (found,) = check_together(tables, SRS).findings
    assert "two make up 96 % of it" in found.message
    assert check_together(tables, replace(alone, p_percent=7.0)).verdict == "review"  # 52 %


def test_the_only_contributor_of_a_difference_makes_all_of_it():
    assert judged(np.array([5.0]), replace(SRS, name="ones aside", dominance_1_fail=100.0)) == (
        Verdict.FAIL,
        "one makes up 100 % of it",
    )


@pytest.mark.parametrize("statistics", [("mean", "sum"), ("mean", "mean"), ("sum", "mean")])
def test_means_tell_sums_to_whoever_knows_how_many_they_are(statistics):
    (found,) = check_together(both(data_of(2600.0), *statistics)).findings
    assert found.severity == "review"
    assert found.cells == (("all", {"region": "north"}), ("young", {"region": "north"}))


def test_a_spread_shows_no_amounts_so_that_a_person_looks():
    tables = both(data_of(9000.0, 3000.0), "std", "sum")
    severities = {one.severity for one in check_together(tables).findings}
    assert severities == {Verdict.REVIEW}


def test_a_difference_that_is_a_cell_of_its_own_is_judged_there():
    data = data_of(2600.0)
    tables = {
        "all": data.table("region", statistic="sum", of="pay", margins=False),
        "by age": data.table("region", "old", statistic="sum", of="pay", margins=False),
    }
    assert tables["by age"].report().verdict == "review"  # the old of the north: one has 67 %
    assert check_together(tables).findings == ()


def test_a_cell_of_as_many_others_with_the_same_sum_is_not_that_difference():
    frame = data_of(2600.0).frame.collect()
    sums = frame.filter(pl.col("region") == "north", "old")["pay"]  # 3,900 of 14 people
    equal = pl.DataFrame({"id": range(100, 114), "region": "west", "old": False})
    west = equal.with_columns(pay=pl.lit(sums.sum() / 14) + (pl.col("id") % 2 * 2 - 1))
    data = Data.read(pl.concat([frame, west]), unit="id", name="people")
    tables = both(data)
    assert tables["all"].cells.filter(region="west")["value"].item() == pytest.approx(3900.0)
    (found,) = check_together(tables).findings
    assert "one makes up 67 %" in found.message


def test_what_is_released_already_is_not_held_against_what_is_too():
    tables = both(data_of(2600.0))
    data = data_of(2600.0)
    new = data.table("old", margins=False)
    assert check_together({"new": new}, released=tables).findings == ()
    (found,) = check_together({"all": tables["all"]}, released={"young": tables["young"]}).findings
    assert found.rule == "differencing"


def test_of_one_person_only_the_smallest_difference_is_told_and_worse_ones():
    data = data_of(2600.0)
    tables = {
        "all": data.table("region", statistic="sum", of="pay"),
        "young": data.table("region", statistic="sum", of="pay", where="NOT old"),
    }
    (found,) = check_together(tables).findings
    assert "14 people" in found.message


def test_both_signs_are_said():
    # 2,600 + 100 - 1,200, absolutely 3,900: 67 %.
    frame = data_of(2600.0).frame.collect()
    less = frame.with_columns(
        pl.when(pl.col("id").is_between(2, 13)).then(-pl.col("pay")).otherwise("pay").alias("pay")
    )
    (found,) = (
        one
        for one in check_together(both(Data.read(less, unit="id", name="people"))).findings
        if "makes up" in one.message
    )
    assert "67 % of it (absolute values: there are both signs)" in found.message


def test_too_many_pairs_to_look_at_are_said(monkeypatch):
    monkeypatch.setattr(dominated, "MOST_LOOKED_AT", 10)
    (found,) = check_together(both(data_of(2600.0))).findings
    assert (found.rule, found.severity) == ("too_large", "review")


def test_amounts_of_nobody_in_common_are_not_compared():
    frame = data_of(2600.0).frame.collect().with_columns(other=pl.lit(0.0))
    data = Data.read(frame, unit="id", name="people")
    tables = {
        "pay": data.table("region", statistic="sum", of="pay", margins=False),
        "none": data.table("region", statistic="sum", of="other", margins=False),
    }
    assert [one.rule for one in check_together(tables).findings] == []


@pytest.mark.parametrize("entries", [2_000_000, 30])
def test_of_many_people_some_tell_which_cells_are_alike(monkeypatch, entries):
    monkeypatch.setattr(dominated, "_ENTRIES", entries)
    (found,) = check_together(both(data_of(2600.0))).findings
    assert "67 %" in found.message


# Positions


def test_medians_of_a_variable_that_leaves_one_person_out_go_to_a_person():
    data = data_of(900.0)
    derived = {"less": "CASE WHEN pay = 900 THEN 0 ELSE pay END"}
    tables = {
        "pay": data.table("region", statistic="median", of="pay", margins=False),
        "less": data.table("region", statistic="median", of="less", derive=derived, margins=False),
    }
    (found,) = check_together(tables).findings
    assert found.severity == "review"
    assert "Only 1 person tells the values of pay" in found.message
    assert found.cells == (("pay", {"region": "north"}), ("less", {"region": "north"}))


def test_medians_of_one_variable_and_of_quite_another_say_nothing_of_each_other():
    data = data_of(900.0)
    derived = {"other": "pay * pay + 1"}
    tables = {
        "pay": data.table("region", statistic="median", of="pay", margins=False),
        "again": data.table("region", statistic="p75", of="pay", margins=False),
        "sum": data.table("region", statistic="sum", of="pay", margins=False),
        "other": data.table(
            "region", statistic="median", of="other", derive=derived, margins=False
        ),
    }
    assert check_together(tables).findings == ()


RANK = list(Verdict)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from([1.0, 5.0, 40.0, 400.0, 1000.0]), min_size=10, max_size=16),
    st.sampled_from(["srs", "eurostat", "abs"]),
)
def test_a_difference_is_as_bad_as_a_table_of_those_people_would_be(old, policy):
    """The rules about amounts, asked of the table that nobody made: the old of the north."""
    young = [10_000.0 + at % 6 for at in range(26)]
    frame = pl.DataFrame(
        {
            "id": range(len(old) + 26),
            "region": "north",
            "old": [True] * len(old) + [False] * 26,
            "pay": [*old, *young],
        }
    )
    data = Data.read(frame, unit="id", name="people")
    alone = data.table("old", statistic="sum", of="pay", margins=False, policy=policy)
    wanted = [
        one.severity
        for one in alone.report().findings
        if one.rule in {"dominance", "p_percent"} and one.cells[0]["old"] is True
    ]
    report = check_together(both(data), policy)
    said = [one.severity for one in report.findings if "makes up" in one.message]
    said += [one.severity for one in report.findings if "largest to within" in one.message]
    said += [one.severity for one in report.findings if "two make up" in one.message]
    assert max(said, key=RANK.index, default=None) == max(wanted, key=RANK.index, default=None)
