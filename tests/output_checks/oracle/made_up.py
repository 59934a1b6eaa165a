"""Small data that hypothesis makes up: awkward labels, several rows a person, gaps, both signs."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
from hypothesis import strategies as st

from output_checks.policy import Policy
from output_checks.settings import NEVER
from output_checks.words import Verdict

TEXTS = ["a", "it's", 'say "x"', "Łódź", "日本", "", " ", "total", "1", "01", "null", "<b>"]
KINDS: dict[str, tuple[Any, list[Any]]] = {
    "texts": (pl.String, TEXTS),
    "whole numbers": (pl.Int64, [0, 1, -3, 10, 9]),
    "floats": (pl.Float64, [0.0, 1.5, 10.0, 9.0, float("nan")]),
    "truths": (pl.Boolean, [True, False]),
    "dates": (pl.Date, [date(2020, 2, 29), date(1999, 12, 31), date(2020, 3, 1)]),
}
LETTERS = ["p", "q", "r", "s", "t"]
NUMBERS = [0.0, 1.0, 2.5, -2.5, 7.0, 100.0, -40.25, 0.5, None, float("nan")]
PEOPLE = 9


@st.composite
def labels(draw: Any) -> tuple[Any, st.SearchStrategy[Any]]:
    """A kind of label, and what draws some of at most four of them, one of which may be none."""
    dtype, known = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    few = draw(st.lists(st.sampled_from(known), min_size=1, max_size=3))
    return dtype, st.sampled_from([*few, None] if draw(st.booleans()) else few)


@st.composite
def records(draw: Any) -> tuple[list[dict[str, Any]], pl.DataFrame]:
    """Rows as dicts and as a frame: id, a and b (labels of any kind), c (letters), numbers.

    x: any number or none. k: whole. flag: true, false or none. y: above 0, or none. w: a weight.
    """
    a_type, a_labels = draw(labels())
    b_type, b_labels = draw(labels())
    weights = draw(
        st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.25]), min_size=PEOPLE, max_size=PEOPLE)
    )
    row = st.fixed_dictionaries(
        {
            "id": st.integers(0, PEOPLE - 1),
            "a": a_labels,
            "b": b_labels,
            "c": st.sampled_from(LETTERS),
            "x": st.sampled_from(NUMBERS),
            "k": st.one_of(st.none(), st.integers(-2, 4)),
            "flag": st.one_of(st.none(), st.booleans()),
            "y": st.one_of(st.none(), st.integers(0, 5)),
        }
    )
    made = draw(st.lists(row, min_size=1, max_size=30))
    rows = [one | {"w": weights[one["id"]]} for one in made]
    schema = {
        "id": pl.Int64,
        "a": a_type,
        "b": b_type,
        "c": pl.String,
        "x": pl.Float64,
        "k": pl.Int64,
        "flag": pl.Boolean,
        "y": pl.Int64,
        "w": pl.Float64,
    }
    return rows, pl.DataFrame(rows, schema=schema)


@st.composite
def one_record_each(draw: Any) -> tuple[list[dict[str, Any]], pl.DataFrame]:
    """Rows of people with one record each, few of whom have no value.

    a, b: letters. x: a number, k: whole, often one of two; flag, y as `records` has them.
    """
    count = draw(st.integers(2, 25))
    pool = draw(st.sampled_from([[0, 1], [2, 5], [-1, 1], [0], [3], [1, 2, 4], [-2, 0, 2]]))
    missing = draw(st.sampled_from([0.05, 0.15, 0.4]))
    chance = draw(st.randoms(use_true_random=False))

    def one_of(values: list[Any]) -> Any:
        return None if chance.random() < missing else chance.choice(values)

    bases = draw(st.sampled_from([[2], [1, 2], [0, 3]]))
    rows = [
        {
            "id": number,
            "a": chance.choice("pq"),
            "b": chance.choice("st"),
            "x": one_of([one + 0.5 for one in pool]),
            "k": one_of(pool),
            "flag": one_of([True, False]),
            "y": one_of(bases),
        }
        for number in range(count)
    ]
    schema = {"id": pl.Int64, "a": pl.String, "b": pl.String, "x": pl.Float64, "k": pl.Int64}
    return rows, pl.DataFrame(rows, schema=schema | {"flag": pl.Boolean, "y": pl.Int64})


@st.composite
def policies(draw: Any) -> Policy:
    """A policy with limits that small data reach, every word among them."""
    words = st.sampled_from(list(Verdict))
    shares = st.sampled_from([50.0, 60.0, 75.0, 90.0, 100.0, NEVER])
    return replace(
        Policy.named("srs"),
        name="made up",
        threshold=draw(st.integers(1, 4)),
        degrees_of_freedom=draw(st.integers(1, 4)),
        p_percent=draw(st.sampled_from([0.0, 10.0, 50.0])),
        **{
            name: draw(words)
            for name in ("zeros", "all_equal", "negatives", "extremes", "any_extreme")
        },
        **{name: draw(words) for name in ("positions", "mode", "proportions")},
        **{
            name: draw(shares)
            for name in (
                "class_disclosure_review",
                "class_disclosure_fail",
                "dominance_1_review",
                "dominance_1_fail",
                "dominance_2_review",
                "dominance_2_fail",
            )
        },
    )
