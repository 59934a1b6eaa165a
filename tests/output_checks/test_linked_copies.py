"""A variable in another unit, or made of others, tells what the variable itself tells."""

import numpy as np
import polars as pl
import pytest

from output_checks import Data, check_together

SIZES = {"d1": 30, "d2": 40, "d3": 4, "e1": 50, "e2": 33, "e3": 28}


@pytest.fixture(scope="module")
def patients():
    chance = np.random.default_rng(3)
    rows = [
        (district, "N" if district[0] == "d" else "E", *map(int, chance.integers(100, 900, 3)))
        for district, size in SIZES.items()
        for _ in range(size)
    ]
    names = ["district", "region", "cost", "days", "other"]
    frame = pl.DataFrame(rows, names, orient="row").with_row_index("id")
    return Data.read(frame.with_columns(pence=pl.col("cost") * 100), unit="id", name="patients")


def made(formula):
    return {"of": "made", "derive": {"made": formula}}


@pytest.mark.parametrize(
    "asked",
    [
        {"statistic": "sum", **made("cost / 1000")},
        {"statistic": "mean", **made("cost + 1")},
        {"statistic": "sum", **made("5 - cost * 3")},
        {"statistic": "sum", "of": "pence"},
    ],
    ids=str,
)
def test_sum_in_another_unit_tells_a_withheld_one(patients, asked):
    sums = patients.table("district", statistic="sum", of="cost").protect("suppress")
    thousands = patients.table("region", statistic="sum", **made("cost / 1000"))
    # The attacker: a thousand times the region's, less the districts that are shown.
    released = {one["district"]: one["value"] for one in sums.released().to_dicts()}
    region = {one["region"]: one["value"] for one in thousands.released().to_dicts()}
    north = patients.frame.filter(pl.col("district") == "d3").collect()["cost"].sum()
    assert released["d3"] is None
    assert round(1000 * region["N"] - released["d1"] - released["d2"]) == north
    report = check_together({"A": sums, "B": patients.table("region", **asked)})
    assert report.together == "fail"
    assert "74 - 40 - 30 = 4" in [one.arithmetic for one in report.findings]


def test_means_in_two_units_beside_counts(patients):
    means = patients.table("district", statistic="mean", of="cost").protect("suppress")
    others = patients.table("region", statistic="mean", **made("cost / 1000"))
    counts = patients.table("region")
    assert check_together({"A": means, "B": others, "n": counts}).together == "fail"


def test_means_in_two_units_tell_withheld_counts(patients):
    """n1 m1 + n2 m2 = N M also where M is in another unit."""
    where = "district IN ('d1', 'd2', 'd3')"
    counts = patients.table("district", where=where).protect("suppress")
    means = patients.table("district", statistic="mean", of="cost", where=where)
    rescaled = patients.table("region", statistic="mean", where=where, **made("cost / 1000 + 2"))
    plain = patients.table("region", statistic="mean", where=where, of="cost")
    told = [
        check_together({"A": counts, "B": means, "C": one}).together for one in (plain, rescaled)
    ]
    assert told[0] == told[1]


def test_sum_of_both_beside_one_tells_the_other(patients):
    sums = patients.table("district", statistic="sum", of="cost").protect("suppress")
    both = patients.table("region", statistic="sum", **made("cost + days"))
    days = patients.table("region", statistic="sum", of="days")
    ratio = patients.table("region", statistic="ratio", of="cost", per="days")
    assert check_together({"A": sums, "B": both, "C": days}).together == "fail"
    assert check_together({"A": sums, "B": ratio, "C": days}).together == "fail"


def test_variables_of_their_own_pass(patients):
    sums = patients.table("district", statistic="sum", of="cost").protect("suppress")
    days = patients.table("region", statistic="sum", of="days")
    both = patients.table("region", statistic="sum", **made("cost + days"))
    made_of_three = patients.table("region", statistic="sum", **made("cost + other"))
    assert check_together({"A": sums, "B": days}).together == "pass"
    assert check_together({"A": sums, "B": both}).together == "pass"
    assert check_together({"A": sums, "B": days, "C": made_of_three}).together == "pass"


def test_copies_of_the_same_cells_pass(patients):
    sums = patients.table("region", statistic="sum", of="cost")
    others = patients.table("region", statistic="sum", **made("cost / 1000"))
    assert check_together({"A": sums, "B": others}).together == "pass"
