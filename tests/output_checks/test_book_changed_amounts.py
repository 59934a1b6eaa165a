"""A sum of refreshed data beside a released count and sum: what the newcomer has."""

from datetime import date

import polars as pl
import pytest

from output_checks import Data
from output_checks.book import ReleaseBook

DAY = date(2027, 3, 1)
COSTS = [100 + 7 * at % 90 for at in range(90)]


def data_of(costs):
    frame = pl.DataFrame({"id": range(len(costs)), "cost": costs}).with_columns(
        region=pl.when(pl.col("id") < 40).then(pl.lit("N")).otherwise(pl.lit("S"))
    )
    return Data.read(frame, unit="id", name="patients")


def ask(tmp_path, then, now, *, before=("count", "sum"), after="sum"):
    book = ReleaseBook(tmp_path / "book")
    book.add(
        data_of(then).table("region", statistic=list(before), of="cost"),
        name="first",
        on=DAY,
        even_if_failing=True,
    )
    return book.ask({"new": data_of(now).table("region", statistic=after, of="cost")})


@pytest.mark.parametrize("before", ["sum", "mean"])
@pytest.mark.parametrize("after", ["sum", "mean"])
def test_a_newcomer_is_named_by_the_sums(tmp_path, before, after):
    report = ask(tmp_path, COSTS, [*COSTS, 4444], before=("count", before), after=after)
    south = sum(COSTS[40:])
    wanted = f"{south + 4444:,} - {south:,} = 4,444"
    (found,) = [one for one in report.findings if one.arithmetic == wanted]
    assert found.severity == "fail"
    assert "1 person came into the data since" in found.message


def test_who_left_is_named_too(tmp_path):
    report = ask(tmp_path, [*COSTS, 4444], COSTS)
    assert any("1 person left the data since" in one.message for one in report.findings)
    assert any(one.arithmetic.endswith(" = 4,444") for one in report.findings)


def test_many_newcomers_are_no_group(tmp_path):
    report = ask(tmp_path, COSTS, [*COSTS, *range(200, 212)])  # 12 people
    assert not any(one.arithmetic for one in report.findings)


def test_the_same_data_pass(tmp_path):
    assert ask(tmp_path, COSTS, COSTS).together == "pass"
