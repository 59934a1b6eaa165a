"""Expressions give the same answers whatever kind of whole number a column is stored in."""

import datetime as dt

import numpy as np
import polars as pl
import pytest
from diffprivlib import BudgetAccountant

from output_checks import (
    Data,
    DeclarationError,
    private_count,
    private_histogram,
    rebuild,
)
from output_checks.whole_numbers import widened

PEOPLE = 400
KINDS = [pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64]
AGES = [18 + at % 67 for at in range(PEOPLE)]


def people(kind, values=AGES, **more):
    group = ["a" if at % 2 else "b" for at in range(PEOPLE)]
    age = pl.Series(values, dtype=kind)
    frame = pl.DataFrame({"id": range(PEOPLE), "g": group, "age": age, **more})
    return Data.read(frame, unit="id", name="people")


def total(table):
    return table.cells.filter(pl.col("g") == "Total")["value"].item()


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize(
    ("text", "of_one"),
    [
        ("age - 50", lambda age: age - 50),
        ("age * 12", lambda age: age * 12),
        ("-age", lambda age: -age),
        ("POW(age, 2)", lambda age: age**2),
        ("POWER(age, 3) - age", lambda age: age**3 - age),
        ("age * age * age", lambda age: age**3),
        ("abs(age - 50)", lambda age: abs(age - 50)),
        ("(age - 50) % 7", lambda age: int(np.fmod(age - 50, 7))),
        ("(age - 53) * 1.5", lambda age: (age - 53) * 1.5),
        ("CASE WHEN age - 50 < 0 THEN age * 4 ELSE -1 END", lambda a: a * 4 if a < 50 else -1),
        ("COALESCE(age, 0) - 60", lambda age: age - 60),
        ("GREATEST(age - 60, -5)", lambda age: max(age - 60, -5)),
        ("CAST(age AS SMALLINT) * 1000", lambda age: age * 1000),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_an_expression_gives_what_arithmetic_gives(kind, text, of_one):
    table = people(kind).table("g", statistic="sum", of="x", derive={"x": text})
    assert total(table) == sum(map(of_one, AGES))


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_condition_chooses_whom_it_says(kind):
    table = people(kind).table("g", where="age - 50 > 0 AND age * 4 < 300")
    assert total(table) == sum(50 < age < 75 for age in AGES)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_sums_weights_ratios_and_bins_do_not_hang_on_the_kind(kind):
    data, wide = people(kind), people(pl.Int64)
    asked = [
        {"statistic": ["sum", "mean", "std", "median"], "of": "age"},
        {"statistic": "count", "weight": "age"},
        {"statistic": "ratio", "of": "age", "per": "age"},
        {"statistic": "mode", "of": "age"},
    ]
    for one in asked:
        assert data.table("g", **one).cells.equals(wide.table("g", **one).cells)
    bins = [
        private_histogram(
            one,
            "age",
            [18, 200, 300],
            epsilon=1,
            accountant=BudgetAccountant(10),
            random_state=1,
        )
        for one in (data, wide)
    ]
    assert bins[0].cells.equals(bins[1].cells)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("length(name) - 10", -9),
        ("EXTRACT(MONTH FROM day) * 100", 1200),
        ("yes + yes + yes - 5", -2),
        ("200 * 200 * 200 * 200 * 200", 320_000_000_000),
        ("CAST(real AS TINYINT) * 100", 200),
        ("strpos(name, 'z') - 1", -1),
    ],
)
def test_what_functions_give_is_computed_wide_too(text, expected):
    more = {
        "name": ["x"] * PEOPLE,
        "day": [dt.date(2020, 12, 1)] * PEOPLE,
        "yes": [True] * PEOPLE,
        "real": [2.0] * PEOPLE,
    }
    table = people(pl.UInt8, **more).table("g", statistic="mean", of="x", derive={"x": text})
    assert total(table) == expected


BIG = [4_000_000_000] * PEOPLE


@pytest.mark.parametrize("text", ["age * age * 4", "POW(age, 3)", "age * age * age / 4"])
def test_numbers_beyond_64_bits_are_refused(text):
    data = people(pl.Int64, BIG)
    with pytest.raises(DeclarationError, match="makes whole numbers beyond"):
        data.table("g", statistic="mean", of="x", derive={"x": text})
    with pytest.raises(DeclarationError, match="makes whole numbers beyond"):
        data.table("g", where=f"{text} > 0")


def test_numbers_with_decimals_have_room():
    derive = {"x": "CAST(age AS DOUBLE) * age * age"}
    table = people(pl.Int64, BIG).table("g", statistic="mean", of="x", derive=derive)
    assert total(table) == pytest.approx(6.4e28)


def test_one_person_beyond_64_bits_is_not_overlooked():
    values = [1] * (PEOPLE - 1) + [4_000_000_000]
    with pytest.raises(DeclarationError, match="beyond"):
        people(pl.Int64, values).table("g", where="age * age * age > 0")


def test_a_private_table_says_nothing_of_a_person_whose_numbers_have_no_room():
    values = [1] * (PEOPLE - 1) + [4_000_000_000]
    shown, others = (
        private_count(
            people(pl.Int64, values),
            "g",
            where=where,
            epsilon=1,
            accountant=BudgetAccountant(10),
            categories={"g": ["a", "b"]},
            random_state=1,
        )
        for where in ("age * age * age > 0", "age = 1")
    )
    assert shown.cells.equals(others.cells)


def test_large_names_of_people_stay_apart_and_can_be_counted_off():
    ids = pl.Series([2**63 + at for at in range(PEOPLE)], dtype=pl.UInt64)
    frame = pl.DataFrame({"id": ids, "g": ["a"] * PEOPLE, "code": ids})
    data = Data.read(frame, unit="id")
    assert total(data.table("g", where="code % 2 = 0")) == PEOPLE / 2


def test_a_table_is_made_again_of_data_stored_otherwise():
    asked = {"where": "age - 50 > 0", "derive": {"old": "age - 60 > 0"}}
    table = people(pl.UInt8).table("g", "old", **asked)
    assert rebuild(table.declaration, people(pl.Int64)).cells.equals(table.cells)


@pytest.mark.parametrize("text", ["age > 30", "age IN (20, 300)", "g = 'a'"])
def test_without_arithmetic_an_expression_stays_as_it_is(text):
    expression = pl.sql_expr(text)
    made = widened(expression, people(pl.UInt8).frame.collect_schema())
    assert made.expression is expression
    assert not made.too_large


def test_narrow_numbers_are_compared_with_others_as_they_are():
    data = people(pl.UInt8)
    for where, count in (("age > -5", PEOPLE), ("age < 300", PEOPLE), ("age >= 18.0", PEOPLE)):
        assert total(data.table("g", where=where)) == count


def test_an_expression_nested_too_deeply_is_refused_in_words():
    text = "+".join(["age"] * 1200)
    with pytest.raises(DeclarationError):
        people(pl.UInt8).table("g", statistic="mean", of="x", derive={"x": text})
