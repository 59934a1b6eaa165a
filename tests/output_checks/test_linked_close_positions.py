"""Percentiles of the same people in several outputs are a list of values, as those of one are."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from output_checks import Data, Policy
from output_checks.book import ReleaseBook
from output_checks.linked import check_together
from output_checks.words import Verdict

SIZE = 120
FRAME = pl.DataFrame(
    {
        "id": range(SIZE),
        "g": ["a"] * 60 + ["b"] * 60,
        "sex": ["F", "M"] * 60,
        "cost": np.round(np.random.default_rng(2).lognormal(8, 1, SIZE)).astype(int),
    }
)
DATA = Data.read(FRAME, unit="id", name="p")


def percentile(name, *rows, of="cost", **more):
    return DATA.table(*(rows or ["g"]), statistic=name, of=of, margins=False, **more)


def test_one_percentile_in_each_of_several_outputs_is_found():
    # From the p40 to the p45 there are 0.05 * 59 + 1 = 3.95 people in each group.
    report = check_together([percentile(name) for name in ("p40", "p45", "p50")])
    assert report.verdict == "fail"
    assert len(report.findings) == 2
    assert "there are 3.9 people" in report.findings[0].message
    assert "and so in 1 more cell;" in report.findings[0].message


def test_quartiles_in_three_outputs_may_be_shown():
    # 0.25 * 59 + 1 = 15.75.
    assert check_together([percentile(name) for name in ("p25", "p50", "p75")]).verdict == "pass"


@pytest.mark.parametrize(
    "other",
    [
        {"of": "twice", "derive": {"twice": "cost * 2"}},
        {"where": "g = 'a' AND cost > 0"},
        {"merges": {"g": {"b": "c"}}},
    ],
)
def test_the_same_people_and_values_by_other_words_are_the_same(other):
    report = check_together([percentile("p50"), percentile("p53", **other)])
    assert report.verdict == "fail"


def test_other_people_are_others():
    report = check_together([percentile("p50"), percentile("p53", where="sex = 'F'")])
    assert not any("from the" in one.message.lower() for one in report.findings)


def test_the_median_of_a_total_is_that_of_everybody():
    totals = DATA.table("g", statistic="p55", of="cost")
    everybody = DATA.table("sex", statistic="p50", of="cost")
    # 0.05 * 119 + 1 = 6.95.
    (found,) = check_together({"g": totals, "sex": everybody}).findings
    assert found.cells == (("sex", {"sex": "Total"}), ("g", {"g": "Total"}))


def test_means_beside_percentiles_make_no_difference():
    both = DATA.table("g", statistic=["mean", "p50"], of="cost", margins=False)
    report = check_together([both, percentile("p53")])
    assert sum("there are 2.8 people" in one.message for one in report.findings) == 1


def test_what_one_output_shows_of_its_own_is_found_there():
    alone = DATA.table("g", statistic=["p50", "p53"], of="cost", margins=False)
    assert check_together([alone, percentile("p50")]).findings == ()


def test_what_is_all_released_already_is_not_found_again():
    old = [percentile("p50"), percentile("p53")]
    assert check_together([percentile("p80")], released=old).findings == ()


def test_a_released_percentile_is_asked_as_well(tmp_path):
    book = ReleaseBook(tmp_path / "released.jsonl")
    book.add(percentile("p50"), name="middle", on=date(2027, 3, 1))
    report = book.ask([percentile("p53")])
    assert [(one.rule, str(one.severity)) for one in report.findings] == [("differencing", "fail")]


def test_a_policy_that_lets_positions_pass_lets_these_pass():
    lax = replace(Policy.named("srs"), name="lax", positions=Verdict.PASS)
    assert check_together([percentile("p50"), percentile("p53")], lax).findings == ()
