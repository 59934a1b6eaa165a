"""Evidence against a slow evaluation by hand, for any rows, weights and statistics."""

from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from output_checks.evidence import gather
from output_checks.statistics import statistic
from tests.output_checks import slow_evidence

NUMBERS = st.one_of(
    st.none(),
    st.integers(-3, 3).map(float),
    st.integers(-(10**9), 10**9).map(lambda thousandths: thousandths / 1000),
    st.just(float("nan")),
    st.just(-0.0),
    st.just(0.1),
)
ROW = st.fixed_dictionaries(
    {
        "id": st.integers(0, 5),
        "a": st.sampled_from(["x", "y", None]),
        "b": st.integers(0, 2),
        "x": NUMBERS,
        "p": st.one_of(st.none(), st.integers(-2, 4)),
        "t": st.sampled_from([True, False, None]),
        "word": st.sampled_from(["é", "b", None]),
    }
)
ROWS = st.lists(ROW, min_size=1, max_size=25)
SCHEMA = {
    "id": pl.Int64,
    "a": pl.String,
    "b": pl.Int64,
    "x": pl.Float64,
    "p": pl.Int64,
    "t": pl.Boolean,
    "word": pl.String,
    "w": pl.Float64,
}
KEYSETS = [one for size in (2, 1, 0) for one in combinations(("a", "b"), size)]
QUESTIONS = {
    "counts": (None, None, ["count"]),
    "sums": ("x", None, ["sum", "mean", "count"]),
    "whole numbers": ("p", None, ["sum", "mean"]),
    "spread": ("x", None, ["std", "var", "mean"]),
    "positions": ("x", None, ["median", "min", "max", "p25", "p2.5"]),
    "modes": ("word", None, ["mode"]),
    "modes of numbers": ("p", None, ["mode", "median"]),
    "proportions": ("t", None, ["proportion"]),
    "ratios": ("x", "p", ["ratio"]),
}
WEIGHTED = ("counts", "sums", "whole numbers", "proportions", "ratios")
CLOSE = ("value of std", "value of var")


def weighed(rows):
    return [row | {"w": [0.5, 1.0, 0.1, 3.0, 0.0, 7.25][row["id"]]} for row in rows]


def question(name, *, weighted=False, unit="id"):
    of, per, names = QUESTIONS[name]
    return {
        "unit": unit,
        "of": of,
        "per": per,
        "weight": "w" if weighted else None,
        "statistics": [statistic(one) for one in names],
    }


def frame_of(rows):
    return pl.DataFrame(rows, schema=SCHEMA)


def agree(rows, asked, **options):
    frames, overlaps = gather(frame_of(rows).lazy(), keysets=KEYSETS, **asked, **options)
    for keys, frame in zip(KEYSETS, frames, strict=True):
        slow = slow_evidence.cells(rows, keys, **asked)
        fast = {tuple(row[key] for key in keys): row for row in frame.rows(named=True)}
        assert set(fast) == set(slow)
        for labels, expected in slow.items():
            for name, value in expected.items():
                # sums are kept in whole steps; one may be more than the last bit of a float
                close = isinstance(value, float)
                said = fast[labels][name]
                assert said == (pytest.approx(value, rel=1e-12, abs=1e-12) if close else value), (
                    name,
                    labels,
                )
    cells = [(row["id"], row["a"], row["b"]) for row in rows]
    several = len({cell[0] for cell in cells}) < len(set(cells))
    assert overlaps == (asked["unit"] is not None and several)


@pytest.mark.parametrize("name", QUESTIONS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS, unit=st.sampled_from(["id", None]))
def test_every_statistic_is_what_a_slow_evaluation_finds(name, rows, unit):
    agree(weighed(rows), question(name, unit=unit))


@pytest.mark.parametrize("name", WEIGHTED)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS)
def test_weighted_statistics_are_what_a_slow_evaluation_finds(name, rows):
    agree(weighed(rows), question(name, weighted=True))


@pytest.mark.parametrize("name", QUESTIONS)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS, order=st.randoms(use_true_random=False), unit=st.sampled_from(["id", None]))
def test_neither_parts_nor_the_order_of_rows_change_a_bit(name, rows, order, unit):
    rows = weighed(rows)
    asked = question(name, weighted=name in WEIGHTED, unit=unit)
    whole, overlaps = gather(frame_of(rows).lazy(), keysets=KEYSETS, **asked)
    shuffled = list(rows)
    order.shuffle(shuffled)
    for parts in (1, 3):
        again, also = gather(frame_of(shuffled).lazy(), keysets=KEYSETS, parts=parts, **asked)
        assert overlaps == also
        for one, other in zip(whole, again, strict=True):
            assert one.equals(other)


def test_a_small_amount_is_exact_beside_a_larger_one():
    # steps of 2^-62, so that the larger one has more than the 53 bits that a float holds
    rows = pl.DataFrame({"id": [1, 2], "a": ["x", "x"], "x": [-0.001, 0.065]})
    frames, _ = gather(
        rows.lazy(), keysets=[("a",)], unit="id", of="x", statistics=[statistic("sum")]
    )
    found = frames[0].row(0, named=True)
    assert (found["largest"], found["second_largest"]) == (0.065, 0.001)


@pytest.mark.parametrize("kind", [pl.Int8, pl.UInt64, pl.Int64, pl.Int128, pl.UInt128])
def test_units_may_be_whole_numbers_of_any_width(kind):
    most = {pl.Int8: 2**7, pl.UInt64: 2**64, pl.Int64: 2**63, pl.Int128: 2**100}.get(kind, 2**128)
    ids = [most - 1, most - 2, most - 3]  # three people, two records each
    rows = pl.DataFrame({"id": pl.Series(ids * 2, dtype=kind), "a": ["x"] * 6})
    frames, _ = gather(rows.lazy(), keysets=[("a",)], unit="id", statistics=[statistic("count")])
    assert frames[0]["units"].to_list() == [3]


@pytest.mark.parametrize("spread_of_units", [1, 2**40])
@pytest.mark.parametrize("people", [50, 40_000])
def test_people_are_told_apart_in_every_margin_of_a_larger_table(people, spread_of_units):
    # several pieces, cells that ascend with the finest ones and cells that do not
    random = np.random.default_rng(7)
    rows = pl.DataFrame(
        {
            "id": random.integers(0, people, 90_000) * spread_of_units,
            **{name: random.integers(0, size, 90_000) for name, size in (("a", 9), ("b", 4))},
            "c": random.geometric(0.3, 90_000),
        }
    )
    sets = [one for size in (3, 2, 1, 0) for one in combinations("abc", size)]
    frames, overlaps = gather(rows.lazy(), keysets=sets, unit="id", statistics=[statistic("count")])
    assert overlaps
    for keys, frame in zip(sets, frames, strict=True):
        counts = (pl.col("id").n_unique().cast(pl.Int64).alias("units"), pl.len().cast(pl.Int64))
        plain = rows.group_by(keys).agg(counts).sort(keys) if keys else rows.select(counts)
        assert frame.select(*keys, "units", "records").rows() == plain.rows()
