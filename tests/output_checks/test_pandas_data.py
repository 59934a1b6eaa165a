"""Frames that were handed over by way of pandas have the labels of the polars frame."""

from datetime import UTC, date, datetime, time

import pandas as pd
import polars as pl
import pytest

from output_checks import Data

CENTURY, DAY = date(1999, 12, 31), date(2000, 1, 1)
MIDNIGHT, HOUR = datetime.combine(DAY, time()), datetime.combine(DAY, time(4))


def read(labels):
    return Data.read(pd.DataFrame({"id": range(60), "on": labels}), unit="id")


def labels_of(data, **more):
    return data.table("on", **more).cells["on"].unique(maintain_order=True).to_list()


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([CENTURY, DAY], ["1999-12-31", "2000-01-01"]),
        ([CENTURY, None, DAY], ["1999-12-31", "2000-01-01", "Missing"]),
        ([1, 2, None], ["1", "2", "Missing"]),
        ([1.0, 2.0], ["1.0", "2.0"]),
        ([1.0, 2.5, None], ["1.0", "2.5", "Missing"]),
        ([MIDNIGHT, HOUR], ["2000-01-01T00:00:00", "2000-01-01T04:00:00"]),
    ],
)
def test_labels_by_way_of_pandas_are_those_of_the_polars_frame(labels, expected):
    frame = pl.DataFrame({"id": range(60), "on": labels * (60 // len(labels))})
    for one in (frame, frame.to_pandas(), frame.to_pandas().set_index(["id", "on"])):
        assert labels_of(Data.read(one, unit="id")) == [*expected, "Total"]


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        (pd.Series([CENTURY, None, DAY] * 20, dtype=object), pl.Date),
        (pd.Series(pd.to_datetime([CENTURY, None, DAY] * 20)), pl.Date),
        (pd.Series([pd.Timestamp(DAY), None] * 30, dtype=object), pl.Date),
        (pd.Series([DAY, HOUR] * 30, dtype=object), pl.Datetime("us")),
        (pd.Series([HOUR, None] * 30), pl.Datetime("ns")),
        (pd.Series([datetime(2000, 1, 1, tzinfo=UTC)] * 60), pl.Datetime("ns", "UTC")),
        (pd.Series([None] * 60, dtype="datetime64[ns]"), pl.Datetime("ns")),
        (pd.Series([2.0, None] * 30, dtype="Float64"), pl.Float64),
        (pd.Series([2.0, float("inf"), None] * 20), pl.Float64),
        (pd.Series([2.0**60, None] * 30), pl.Float64),
        (pd.Series([None] * 60, dtype="float64"), pl.Float64),
    ],
)
def test_only_days_and_whole_numbers_are_made_again(labels, kind):
    assert read(labels).frame.collect_schema()["on"] == kind


def test_days_and_times_in_one_column_keep_their_hours():
    shown = labels_of(read(pd.Series([DAY, HOUR] * 30, dtype=object)))
    assert shown == ["2000-01-01T00:00:00", "2000-01-01T04:00:00", "Total"]


def test_hierarchies_take_the_labels_of_the_data():
    groups = {"on": {"1999-12-31": "before", "2000-01-01": "after"}}
    frame = pl.DataFrame({"id": range(60), "on": [CENTURY, DAY] * 30})
    shown = labels_of(Data.read(frame.to_pandas(), unit="id"), hierarchies=groups)
    assert {"before", "after"} < set(shown)
