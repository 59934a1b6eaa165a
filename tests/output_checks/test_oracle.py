"""output_checks and the oracle, a slow and simple engine, say the same of made-up data."""

from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from output_checks import Data, OutputCheckError
from tests.output_checks.oracle.agreement import disagreements
from tests.output_checks.oracle.made_up import LETTERS, one_record_each, policies, records
from tests.output_checks.oracle.question import Question, everybody, text
from tests.output_checks.oracle.without_value import without_value

quickly = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
WHERES = [
    ("", everybody),
    ("k > 0", lambda row: row["k"] is not None and row["k"] > 0),
    ("k IS NULL OR flag", lambda row: row["k"] is None or row["flag"] is True),
]
NESTED = {"p": "front", "q": "front", "front": "upper", "r": "upper", "s": "back"}


@quickly
@given(
    made=records(),
    policy=policies(),
    dimensions=st.sampled_from([("a",), ("a", "b"), ("a", "b", "c")]),
    where=st.sampled_from(WHERES),
    margins=st.booleans(),
    unit=st.sampled_from(["id", "id", None]),
)
def test_counts_with_all_margins_agree(made, policy, dimensions, where, margins, unit):
    asked = Question(dimensions=dimensions, unit=unit, where=where[1], margins=margins)
    assert disagreements(made, asked, policy, where[0]) == []


@quickly
@given(
    made=records(),
    policy=policies(),
    dimensions=st.sampled_from([("a",), ("b", "a"), ("c", "a")]),
    of=st.sampled_from(["x", "k", "flag"]),
    statistic=st.sampled_from(["sum", "mean"]),
    margins=st.booleans(),
    unit=st.sampled_from(["id", "id", None]),
)
def test_sums_and_means_agree(made, policy, unit, margins, **question):
    asked = Question(unit=unit, margins=margins, **question)
    assert disagreements(made, asked, policy) == []


OTHERS: list[dict[str, Any]] = [
    *({"statistic": name, "of": "x"} for name in ("median", "p25", "p90", "min", "max")),
    *({"statistic": name, "of": "x"} for name in ("std", "var")),
    *({"statistic": "mode", "of": name} for name in ("k", "c", "flag")),
    {"statistic": "proportion", "of": "flag", "times": 100},
    *({"statistic": name, "of": "k", "per": "y", "times": 10} for name in ("rate", "ratio")),
    {"statistic": "count", "weight": "w"},
    *({"statistic": name, "of": "x", "weight": "w"} for name in ("sum", "mean")),
    {"statistic": "proportion", "of": "flag", "weight": "w"},
    {"statistic": "ratio", "of": "x", "per": "y", "weight": "w"},
]


@pytest.mark.parametrize("others", OTHERS, ids=lambda one: " ".join(map(str, one.values())))
def test_every_other_statistic_agrees(others):
    @settings(quickly, max_examples=10)
    @given(made=records(), policy=policies(), margins=st.booleans())
    def agrees(made, policy, margins):
        asked = Question(dimensions=("a", "c"), margins=margins, **others)
        assert disagreements(made, asked, policy) == []

    agrees()


@quickly
@given(
    made=records(),
    policy=policies(),
    within=st.sampled_from([(), ("c",), ("a",), ("a", "c")]),
    weight=st.sampled_from([None, "w"]),
)
def test_per_cents_of_the_table_itself_agree(made, policy, within, weight):
    assume(weight is None or all(row["w"] for row in made[0]))
    asked = Question(
        dimensions=("a", "c"), statistic="proportion", within=within, times=100, weight=weight
    )
    assert disagreements(made, asked, policy) == []


@quickly
@given(
    made=records(),
    policy=policies(),
    asked=st.sampled_from([{}, {"statistic": "sum", "of": "x"}, {"statistic": "mean", "of": "k"}]),
    margins=st.booleans(),
)
def test_hierarchies_of_codes_agree(made, policy, asked, margins):
    rows, frame = made
    letters = sorted({row["c"] for row in rows})
    parents = NESTED
    if "t" in letters:  # which is in no group: then others that nobody has are refused
        known = {one: NESTED[one] for one in letters if one in NESTED}
        parents = known | {one: NESTED[one] for one in known.values() if one in NESTED}
        parents = parents or dict.fromkeys(letters, "all")
    question = Question(dimensions=("c", "b"), hierarchies={"c": parents}, margins=margins, **asked)
    assert disagreements((rows, frame), question, policy) == []


@quickly
@given(made=records(), policy=policies(), data=st.data())
def test_structural_zeros_agree(made, policy, data):
    rows, frame = made
    taken = {(row["c"], row["flag"]) for row in rows}
    pairs = [(letter, flag) for letter in LETTERS for flag in (True, False)]
    shown = [letter for letter in LETTERS if any(row["c"] == letter for row in rows)]
    flags = {row["flag"] for row in rows}
    empty = [one for one in pairs if one not in taken and one[0] in shown and one[1] in flags]
    chosen = data.draw(st.lists(st.sampled_from(empty), unique=True)) if empty else []
    zeros = tuple({"c": letter, "flag": str(flag).lower()} for letter, flag in chosen)
    asked = Question(dimensions=("c", "flag"), zeros=zeros)
    assert disagreements((rows, frame), asked, policy) == []


BESIDE: list[tuple[str, list[str]]] = [
    *(("x", some) for some in (["mean"], ["sum"], ["sum", "mean"], ["std"], ["mean", "var"])),
    *(("k", some) for some in (["mean"], ["sum", "mean"], ["var"], ["sum", "std"], ["ratio"])),
    *(("k", some) for some in (["sum", "ratio"], ["rate"])),
    *(
        ("flag", some)
        for some in (["proportion"], ["sum", "proportion"], ["mean"], ["mean", "std"])
    ),
    *(("flag", some) for some in (["proportion", "std"], ["std"], ["sum", "var"])),
]


@pytest.mark.parametrize(("of", "some"), BESIDE, ids=str)
def test_how_many_have_no_value_is_told_in_the_same_cells(of, some):
    @settings(quickly, max_examples=30)
    @given(
        made=st.one_of(one_record_each(), records()),
        policy=policies(),
        dimensions=st.sampled_from([("a",), ("b", "a")]),
        unit=st.sampled_from(["id", None]),
        margins=st.booleans(),
    )
    def agrees(made, policy, dimensions, unit, margins):
        rows, frame = made
        per = "y" if {"rate", "ratio"} & set(some) else None
        asked = Question(dimensions=dimensions, of=of, per=per, unit=unit, margins=margins)
        try:
            table = Data.read(frame, unit=unit).table(
                dimensions[0],
                dimensions[1:],
                statistic=["count", *some],
                of=of,
                per=per,
                margins=margins,
                policy=policy,
            )
        except OutputCheckError:
            return  # nothing is shown
        shown = {
            (tuple(text(place[name]) for name in dimensions), str(one.severity))
            for one in table.report().findings
            if one.rule == "without_value"
            for place in one.cells
        }
        assert shown == without_value(rows, asked, set(some), policy)

    agrees()


# What the oracle found, each as small as it became.


def test_minus_zero_is_written_as_zero():
    frame = pl.DataFrame({"id": [0, 1, 2], "a": [-0.0, -0.0, 1.0]})
    table = Data.read(frame, unit="id").table("a")
    assert table.cells["a"].to_list() == ["0.0", "1.0", "Total"]


def test_a_share_of_a_whole_without_weight_is_of_nobody():
    frame = pl.DataFrame({"id": [0, 1], "a": ["x", "y"], "w": [0.0, 0.0]})
    data = Data.read(frame, unit="id")
    table = data.table("a", statistic="proportion", within=[], weight="w")
    assert table.cells["value"].to_list() == [None, None, None]


def test_a_table_of_sums_and_means_shows_its_cells():
    frame = pl.DataFrame({"id": [0, 1], "a": ["x", "y"], "w": [3.0, 1.0]})
    table = Data.read(frame, unit="id").table("a", statistic=["sum", "mean"], of="w")
    assert table.cells["mean"].to_list() == [3.0, 1.0, 2.0]
