"""Outputs of the same people that differ by one person's amount, which no count shows."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from output_checks import Data
from output_checks.linked import (
    amount_pairs,
    by_amounts,
    check_together,
    protect_together,
    relations,
)

SIZE = 400
CHANCE = np.random.default_rng(5)
REGION = [("N", "S", "E", "W")[number % 4] for number in range(SIZE)]
A = [50.0 + number % 97 for number in range(SIZE)]
A[7] = 90_000.0
B = np.round(CHANCE.uniform(1000, 1500, SIZE), 2)
FRAME = pl.DataFrame(
    {
        "id": range(SIZE),
        "r": REGION,
        "sex": ["F" if number % 3 else "M" for number in range(SIZE)],
        "a": A,
        "b": B,
        "w": np.round(CHANCE.uniform(0.5, 2, SIZE), 2),
        "smoker": [number % 5 < 2 for number in range(SIZE)],
    }
)
DATA = Data.read(FRAME, unit="id", name="p")
ALONE = "a > 80000"


def verdict(*tables, **more):
    return check_together(list(tables), **more).verdict


def left_out(otherwise, instead="0"):
    return {"b2": f"CASE WHEN {ALONE} THEN {instead} ELSE {otherwise} END"}


@pytest.mark.parametrize("statistic", ["sum", "mean"])
@pytest.mark.parametrize("instead", ["0", "NULL", "1000000"])
def test_a_derived_variable_leaves_one_person_out(statistic, instead):
    plain = DATA.table("r", statistic=statistic, of="b")
    derived = DATA.table("r", statistic=statistic, of="b2", derive=left_out("b", instead))
    report = check_together({"plain": plain, "derived": derived})
    assert report.verdict == "fail"
    assert report.findings[0].outputs == ("plain", "derived")
    assert "1 person" in report.findings[0].message
    assert verdict(derived, released={"old": plain}) == "fail"


def test_the_difference_is_shown_with_its_numbers():
    plain = DATA.table("r", statistic="sum", of="b")
    derived = DATA.table("r", statistic="sum", of="b2", derive=left_out("b"))
    said = {one.arithmetic.split(" = ")[1] for one in check_together([plain, derived]).findings}
    assert said == {f"{B[7]:,.10g}"}


def test_large_cells_are_told_apart_by_some_of_their_people(monkeypatch):
    monkeypatch.setattr(amount_pairs, "ENOUGH", 200)
    plain = DATA.table("r", statistic="sum", of="b")
    derived = DATA.table("r", statistic="sum", of="b2", derive=left_out("b"))
    assert len(check_together([plain, derived]).findings) == 2
    assert verdict(plain, DATA.table("sex", statistic="sum", of="w")) == "pass"


@pytest.mark.parametrize("way", ["multiple", "added", "fewer"])
def test_a_multiple_of_a_variable_is_no_other_variable(way):
    plain = DATA.table("r", statistic="sum", of="b")
    more: dict[str, Any]
    if way == "fewer":
        more = {"derive": {"b2": "b * 2"}, "where": f"NOT ({ALONE})"}
    else:
        more = {"derive": left_out("b * 2" if way == "multiple" else "b + 5")}
    assert verdict(plain, DATA.table("r", statistic="sum", of="b2", **more)) == "fail"


def test_shares_ratios_and_weights_are_amounts_too():
    share = DATA.table("r", statistic="proportion", of="smoker")
    more = {"s2": f"CASE WHEN {ALONE} THEN NOT smoker ELSE smoker END"}
    assert verdict(share, DATA.table("r", statistic="proportion", of="s2", derive=more)) == "fail"
    ratio = DATA.table("r", statistic="ratio", of="w", per="b")
    other = DATA.table("r", statistic="ratio", of="w", per="b2", derive=left_out("b", "1000"))
    assert verdict(ratio, other) == "fail"
    heavy = DATA.table("r", weight="w")
    other = DATA.table("r", weight="b2", derive=left_out("w", "0.0"))
    assert verdict(heavy, other) == "fail"
    other = DATA.table("r", statistic="sum", of="b2", derive=left_out("1"))
    assert verdict(DATA.table("r"), other) == "fail"


def test_other_variables_and_the_same_one_tell_nothing():
    tables = [
        DATA.table("r", statistic="sum", of="b"),
        DATA.table("sex", statistic="mean", of="b"),
        DATA.table("r", statistic="sum", of="w"),
        DATA.table("r"),
        DATA.table("r", statistic="proportion", of="smoker"),
        DATA.table("r", statistic="sum", of="c", derive={"c": "b + w"}),
    ]
    assert check_together(tables).findings == ()


def test_a_withheld_sum_is_not_told_by_two_others():
    withheld = DATA.table("r", statistic="sum", of="a").protect("suppress", reviews=True)
    other = DATA.table("r", statistic="sum", of="b")
    both = DATA.table("r", statistic="sum", of="c", derive={"c": "a + b"})
    assert verdict(withheld, other) == "pass"
    report = check_together({"a": withheld, "b": other, "c": both})
    assert report.verdict == "fail"
    assert "is withheld, but it" in report.findings[0].message
    assert {"a", "b", "c"} == set(report.findings[0].outputs)


def records():
    rows = [
        (one, drug, cost)
        for one in range(80)
        for drug, cost in (("x", 20 + one % 9), ("x", 31 + one % 11), ("y", 40 + one % 7))
    ]
    return pl.DataFrame([*rows, (5, "x", 170)], schema=["id", "drug", "cost"], orient="row")


def test_one_record_of_a_person_with_several_is_found():
    data = Data.read(records(), unit="id", name="drugs")
    plain = data.table("drug", statistic="sum", of="cost")
    fewer = data.table("drug", statistic="sum", of="cost", where="cost <> 170")
    report = check_together({"all": plain, "fewer": fewer})
    assert report.verdict == "fail"
    assert any(one.arithmetic.endswith(" = 170") for one in report.findings)


def test_a_set_that_is_too_large_is_left_to_a_person(monkeypatch):
    tables = [DATA.table("r", statistic="sum", of=one) for one in ("b", "w")]
    monkeypatch.setattr(relations, "MOST_TRIED", 0)
    assert "only two by two" in check_together(tables).findings[0].message
    monkeypatch.setattr(by_amounts, "MOST_PAIRS", 0)
    assert "not compared by what each person adds" in check_together(tables).findings[0].message
    assert verdict(*tables) == "review"


def test_a_derived_weight_keeps_no_book_from_being_asked():
    heavy = DATA.table("r", weight="w2", derive={"w2": "w * 2"})
    unused = DATA.table("r", derive={"c": "b + 1", "d": "c * 2"})
    assert verdict(DATA.table("sex"), heavy, unused) == "pass"
    assert len(protect_together([DATA.table("sex"), heavy])) == 2
