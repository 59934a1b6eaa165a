"""A count, a sum and a mean in three outputs tell of whom a value is missing, as in one output."""

import polars as pl
import pytest

from output_checks import Data
from output_checks.linked import check_together

FRAME = pl.DataFrame(
    {
        "id": range(200),
        "g": ["a", "b"] * 100,
        "x": [None if one == 4 else float(one * 7 % 17 + 40) for one in range(200)],
    }
)
DATA = Data.read(FRAME, unit="id", name="p")


def table(statistic, **more):
    return DATA.table("g", statistic=statistic, of=None if statistic == "count" else "x", **more)


@pytest.mark.parametrize(
    "outputs", [("count", "sum", "mean"), (["count", "sum"], "mean"), ("count", ["sum", "mean"])]
)
def test_it_fails_as_within_one_output(outputs):
    tables = {str(one): table(one) for one in outputs}
    report = check_together(tables)
    assert report.verdict == "fail"
    found = [one for one in report.findings if one.severity == "fail"]
    assert {cell["g"] for one in found for _, cell in one.cells} == {"a", "Total"}
    assert "1 person has no value" in found[0].message
    assert set(found[0].outputs) == set(tables)


def test_it_is_held_against_what_is_released():
    old = {"count": table("count"), "sum": table("sum")}
    report = check_together({"mean": table("mean")}, released=old)
    assert [one.rule for one in report.findings if one.severity == "fail"] == ["differencing"] * 2
    mean, total = table("mean"), {"sum": table("sum")}
    assert (
        check_together({"sex": DATA.table("g")}, released={"mean": mean} | total).verdict == "fail"
    )


def test_other_cells_or_another_variable_do_not_tell_it():
    other = DATA.table("g", statistic="sum", of="y", derive={"y": "x * x"})
    same = DATA.table("g", statistic="sum", of="y", derive={"y": "x"})
    assert check_together([table("sum"), table("mean")]).verdict == "pass"
    assert check_together([table("count"), table("sum"), other]).verdict == "pass"
    assert check_together([table("sum", where="id > 30"), table("mean")]).verdict == "pass"
    assert check_together([table("count"), same]).verdict == "pass"


def test_a_mean_beside_a_count_is_for_a_person_as_within_one_output():
    assert check_together([table("count"), table("mean")]).verdict == "review"


def test_a_set_is_as_bad_as_its_worst_output():
    fine, small = table("count"), DATA.table("g", where="id < 3")
    report = check_together({"fine": fine, "small": small}, released={"old": small})
    assert (report.verdict, report.alone) == ("fail", {"fine": "pass", "small": "fail"})
    assert check_together([fine], released=[small]).alone == {"output 1": "pass"}
    alone = check_together({"small": small, "less": small})
    assert alone.headline.startswith("“small”, “less” fail by themselves; 2 outputs reveal no")
    assert "“less” fails by itself: see its own report." in alone._repr_html_()
