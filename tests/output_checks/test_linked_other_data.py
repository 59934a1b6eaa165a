"""Two data of one name of which a record was corrected: only their amounts tell them apart."""

import numpy as np
import polars as pl
import pytest

from output_checks import Data, check_together

SIZES = {"d1": 40, "d2": 31, "e1": 35}


def frame_of():
    chance = np.random.default_rng(1)
    rows = [
        (district, "N" if district[0] == "d" else "E", int(chance.integers(100, 900)))
        for district, size in SIZES.items()
        for _ in range(size)
    ]
    return pl.DataFrame(rows, ["district", "region", "cost"], orient="row").with_row_index("id")


def data_of(frame):
    return Data.read(frame, unit="id", name="patients")


def corrected(frame):
    return frame.with_columns(pl.when(pl.col("id") == 3).then(4444).otherwise("cost").alias("cost"))


@pytest.mark.parametrize("statistic", ["sum", "mean", "std"])
def test_a_corrected_amount_goes_to_a_person(statistic):
    before, now = frame_of(), corrected(frame_of())
    # The attacker: the region of now less its districts of then is what was corrected.
    totals = [one.filter(region="N")["cost"].sum() for one in (before, now)]
    assert totals[1] - totals[0] == 4444 - before["cost"][3]
    one = data_of(before).table("region", statistic="sum", of="cost")
    other = data_of(now).table("district", statistic=statistic, of="cost")
    report = check_together({"one": one, "other": other})
    assert report.together == "review"
    assert "“other” could not be compared" in report.findings[0].message


@pytest.mark.parametrize("statistic", ["sum", "mean", "median", "mode", "count"])
def test_the_same_data_read_twice_pass(statistic):
    of = {} if statistic == "count" else {"of": "cost"}
    one = data_of(frame_of()).table("region", statistic="sum", of="cost")
    other = data_of(frame_of()).table("region", statistic=statistic, **of)
    assert check_together({"one": one, "other": other}).together == "pass"


def test_another_order_of_rows_passes():
    one = data_of(frame_of()).table("region", statistic="sum", of="cost")
    other = data_of(frame_of().reverse()).table("district", statistic="sum", of="cost")
    assert check_together({"one": one, "other": other}).together == "pass"
