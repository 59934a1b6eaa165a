"""Conditions that choose the only category of a dimension, and those that fit others too."""

from datetime import date

import polars as pl
import pytest

from output_checks import choosing
from output_checks.choosing import chooses

SCHEMA = pl.Schema(
    {
        "sex": pl.String(),
        "age": pl.Int64(),
        "score": pl.Float64(),
        "ill": pl.Boolean(),
        "born": pl.Date(),
        "size": pl.Enum(["small", "large"]),
        "area": pl.Categorical(),
        "parts": pl.List(pl.String()),
        "month": pl.Int8(),
    }
)


@pytest.mark.parametrize(
    ("where", "dimension", "label", "expected"),
    [
        # texts
        ("sex = 'F'", "sex", "F", True),
        ("sex IN ('F')", "sex", "F", True),
        ("sex IN ('F', 'M')", "sex", "F", False),
        ("sex = 'F' OR sex = 'it''s'", "sex", "F", False),
        ("lower(sex) = 'f'", "sex", "F", False),
        ("sex = 'F' AND age > 50 AND score * 7 > 100", "sex", "F", True),
        ("sex = 'F' OR age > 50", "sex", "F", False),
        ("sex IS NOT NULL", "sex", "F", False),
        ("", "sex", "F", False),
        ("age = 30", "sex", "F", False),
        # what leaves out a few texts fits those that nobody names
        ("sex <> 'unknown'", "sex", "F", False),
        ("sex <> ''", "sex", "F", False),
        ("length(sex) > 0", "sex", "F", False),
        ("length(sex) = 1", "sex", "F", False),
        ("trim(sex) <> ''", "sex", "F", False),
        ("sex NOT IN ('refused', 'unknown')", "sex", "F", False),
        ("NOT sex LIKE 'u%'", "sex", "F", False),
        ("sex > ''", "sex", "F", False),
        ("sex < 'unknown'", "sex", "F", False),
        ("sex LIKE 'po%'", "sex", "pos", False),
        ("sex LIKE '%s'", "sex", "pos", False),
        ("sex LIKE 'p_s'", "sex", "pos", False),
        ("substr(sex, 1, 1) = 'p'", "sex", "pos", False),
        ("sex > 'poo' AND sex < 'pot'", "sex", "pos", False),
        ("area <> 'unknown' AND age > 50", "area", "North", False),
        ("sex = 'pos' AND length(area) > 3", "sex", "pos", True),
        # null is a category as well
        ("sex = 'F' OR sex IS NULL", "sex", "F", False),
        # numbers
        ("age = 30", "age", 30, True),
        ("age BETWEEN 30 AND 31", "age", 30, False),
        ("age > 29", "age", 30, False),
        ("score = 0.5", "score", 0.5, True),
        ("score >= 0.5", "score", 0.5, False),
        ("score > 0.4 AND score < 0.6", "score", 0.5, False),
        ("age <> 99", "age", 30, False),
        ("age = -30", "age", -30, True),
        ("month = 1", "month", 1, True),
        # truths and days
        ("ill", "ill", True, True),
        ("ill OR NOT ill", "ill", True, False),
        ("born = CAST('2020-01-31' AS DATE)", "born", date(2020, 1, 31), True),
        (
            "born >= CAST('2020-01-31' AS DATE) AND sex <> 'no day'",
            "born",
            date(2020, 1, 31),
            False,
        ),
        # categories that are declared, and others
        ("size = 'small'", "size", "small", True),
        ("size <> 'small'", "size", "large", True),
        ("area = 'North'", "area", "North", True),
        ("area IN ('North', 'South')", "area", "North", False),
        # what cannot be tried is not taken for chosen
        ("parts IS NULL OR length(sex) = 3", "sex", "F", False),
        ("sex = 'F' AND parts = parts", "sex", "F", False),
        ("age = 30 AND sex = 5", "age", 30, False),
        ("sex = 'F' AND age * 0 > 1", "sex", "F", False),
    ],
)
def test_a_condition_chooses_where_it_fits_one_value_only(where, dimension, label, expected):
    assert chooses(where, dimension, label, {}, SCHEMA) is expected


@pytest.mark.parametrize(
    ("where", "derive", "expected"),
    [
        ("age > 60", {"d": "CASE WHEN age > 60 THEN 'old' ELSE 'young' END"}, True),
        ("age > 50", {"d": "CASE WHEN age > 60 THEN 'old' ELSE 'young' END"}, False),
        ("d = 'old'", {"d": "CASE WHEN age > 60 THEN 'old' ELSE 'young' END"}, True),
        ("sex = 'F'", {"d": "CASE WHEN age > 60 THEN 'old' ELSE 'young' END"}, False),
        ("", {"d": "'everybody'"}, True),
        ("high", {"high": "score > 1", "d": "CASE WHEN high THEN 'x' ELSE 'y' END"}, True),
    ],
)
def test_a_derived_category_is_chosen_where_all_that_fits_has_it(where, derive, expected):
    assert chooses(where, "d", "old", derive, SCHEMA) is expected


def test_what_is_too_much_to_try_is_not_taken_for_chosen(monkeypatch):
    monkeypatch.setattr(choosing, "_MOST_TRIED", 1)
    assert not chooses("sex = 'F'", "sex", "F", {}, SCHEMA)
