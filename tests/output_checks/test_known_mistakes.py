"""Mistakes measured on acro 1.0.2, each as a test that we do not make it."""

import polars as pl
import pytest

from output_checks import Data, OutputCheckError
from tests.output_checks.drawing import found, valued


def people_with(label_of):
    counts = {1: 2, 2: 40, 3: 50}
    rows = [(label, sex) for label, n in counts.items() for sex in "FM" for _ in range(n)]
    return Data.read(
        pl.DataFrame(
            {
                "id": range(len(rows)),
                "band": [label_of(label) for label, _ in rows],
                "sex": [sex for _, sex in rows],
            }
        ),
        unit="id",
    )


@pytest.mark.parametrize("label_of", [int, float, str])
def test_labels_of_numbers_with_margins_release_no_unsafe_cell(label_of):
    table = people_with(label_of).table("band", "sex").protect("suppress")
    shown = table.cells.filter(pl.col("value").is_not_null())
    assert shown["units"].min() >= 10
    assert table.report().verdict == "pass"


def test_the_type_of_labels_does_not_change_the_pattern():
    patterns = {
        tuple(people_with(kind).table("band", "sex").protect("suppress").cells["withheld"])
        for kind in (int, float, str)
    }
    assert len(patterns) == 1


def test_one_negative_value_does_not_switch_dominance_off():
    table = valued({"a": [900.0, *[1.0] * 20, -1.0]}).table("group", statistic="sum", of="x")
    assert ("fail") in [severity for _, severity in found(table, "dominance")]


def test_a_mean_of_three_values_in_a_cell_of_twenty_rows_fails():
    table = valued({"a": [1.0, 2.0, 4.0, *[None] * 17]}).table("group", statistic="mean", of="x")
    assert table.report().verdict == "fail"


def test_a_suppressed_table_does_not_give_the_cell_back_beside_its_margin():
    # 4320 - 4318 = 2: with the margin shown, a second cell of the column is withheld too.
    frame = pl.DataFrame({"id": range(4320), "g": ["a"] * 4000 + ["b"] * 318 + ["c"] * 2})
    table = Data.read(frame, unit="id").table("g").protect("suppress")
    withheld = table.released().filter(pl.col("value").is_null())["g"].to_list()
    assert withheld == ["b", "c"]
    assert table.intervals()["upper"].to_list() == [320.0, 320.0]


def test_labels_with_quotes_are_labels():
    frame = pl.DataFrame({"id": range(30), "g": ["it's"] * 12 + ['say "x"'] * 18})
    assert Data.read(frame, unit="id").table("g").report().verdict == "pass"


def test_a_misspelt_mitigation_is_not_none():
    with pytest.raises(OutputCheckError):
        people_with(str).table("band").protect("supppress")


def test_the_verdict_cannot_be_edited():
    report = people_with(str).table("band", "sex").report()
    with pytest.raises(AttributeError):
        report.findings = ()
    with pytest.raises((AttributeError, TypeError)):
        report.verdict = "pass"


def test_numbers_that_are_no_counts_are_not_judged_as_counts():
    table = valued({"a": [3.0 + i / 10 for i in range(20)]}).table(
        "group", statistic="mean", of="x"
    )
    assert table.released()["value"][0] < 10
    assert table.report().verdict == "pass"
