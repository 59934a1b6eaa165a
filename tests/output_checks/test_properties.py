"""What must hold of every protected table, tried on whatever tables hypothesis makes up."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from output_checks import Data, Policy, ProtectionError
from tests.output_checks.enumeration import TooManyError, attainable, leaves_of

THRESHOLD = 3
SMALL = replace(Policy.named("srs"), name="small", threshold=THRESHOLD)
quickly = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
count = st.sampled_from([0, 0, 1, 2, 2, 3, 4, 6])


def tables(*shape):
    return st.lists(count, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))).map(
        lambda values: np.array(values).reshape(shape)
    )


def people(counts, names="abc"):
    places = np.repeat(np.argwhere(counts >= 0), counts.reshape(-1), axis=0)
    columns = {
        name: [f"{name}{place}" for place in places[:, axis]]
        for axis, name in enumerate(names[: counts.ndim])
    }
    return pl.DataFrame({"id": range(len(places)), **columns})


def suppressed(frame, **more):
    names = sorted(name for name in frame.columns if name in "abc")
    table = Data.read(frame, unit="id").table(names[:-1], names[-1], policy=SMALL, **more)
    try:
        return table, table.protect("suppress")
    except ProtectionError:
        assume(False)
        raise


def by_cell(table, column="value"):
    names = list(table.dimensions)
    return {tuple(row[name] for name in names): row[column] for row in table.cells.to_dicts()}


def is_safe(least, most):
    """Nobody learns more than that a small cell is small."""
    return most - least >= THRESHOLD or (least <= 1 and most >= max(THRESHOLD - 1, least + 1))


def nobody_can_pin(table, safe, groups=None):
    """Try every table that fits; skip where there are too many."""
    taken = groups or {}
    axes = [[text for text in one.texts if text not in taken] for one in safe.grid.dimensions]
    shown = {cell: int(value) for cell, value in by_cell(safe).items() if value is not None}
    truth = by_cell(table)
    assume(len(shown) < len(truth))
    try:
        found = attainable(shown, leaves_of(axes, taken), 3 * THRESHOLD)
    except TooManyError:
        assume(False)
    for cell, (least, most) in found.items():
        assert least <= truth[cell] <= most
        assert is_safe(least, most), (cell, least, most, shown)


@quickly
@given(counts=tables(3, 3))
def test_no_withheld_cell_of_two_dimensions_can_be_pinned(counts):
    assume(counts.sum())
    nobody_can_pin(*suppressed(people(counts)))


@quickly
@given(counts=tables(4, 2))
def test_no_withheld_cell_of_a_narrow_table_can_be_pinned(counts):
    assume(counts.sum())
    nobody_can_pin(*suppressed(people(counts)))


@quickly
@given(counts=tables(2, 2, 2))
def test_no_withheld_cell_of_three_dimensions_can_be_pinned(counts):
    assume(counts.sum())
    nobody_can_pin(*suppressed(people(counts)))


@quickly
@given(counts=tables(4, 2))
def test_no_withheld_cell_under_a_hierarchy_can_be_pinned(counts):
    frame = people(counts)
    labels = frame["a"].unique().to_list()
    parents = {label: "front" if label in ("a0", "a1") else "back" for label in labels}
    assume(len(set(parents.values())) == 2)
    groups = {
        name: [label for label, group in parents.items() if group == name]
        for name in ("front", "back")
    }
    nobody_can_pin(*suppressed(frame, hierarchies={"a": parents}), groups)


@quickly
@given(counts=tables(3, 4))
def test_what_is_published_of_a_suppressed_table_stays_true(counts):
    assume(counts.sum())
    table, safe = suppressed(people(counts))
    truth, shown = by_cell(table), by_cell(safe)
    assert all(value is None or value == truth[cell] for cell, value in shown.items())
    assert all(value is None or value == 0 or value >= THRESHOLD for value in shown.values())
    lower, upper = by_cell(safe, "people_lower"), by_cell(safe, "people_upper")
    for cell, value in shown.items():
        if value is None:
            assert (lower[cell] or 0) <= truth[cell]
            assert upper[cell] is None or truth[cell] <= upper[cell]


@quickly
@given(counts=tables(3, 4), base=st.sampled_from([2, 3, 5]))
def test_controlled_rounding_keeps_every_margin_the_sum_of_its_cells(counts, base):
    assume(counts.sum())
    table = Data.read(people(counts), unit="id").table("a", "b", policy=SMALL)
    rounded = by_cell(table.protect("round", base=base))
    truth = by_cell(table)
    assert all(value % base == 0 for value in rounded.values())
    assert all(abs(value - truth[cell]) < base for cell, value in rounded.items())
    for axis in (0, 1):
        for margin in [cell for cell in rounded if cell[axis] == "Total"]:
            inner = [
                value
                for cell, value in rounded.items()
                if cell[axis] != "Total" and cell[1 - axis] == margin[1 - axis]
            ]
            assert sum(inner) == rounded[margin]


STATISTICS = [
    {"statistic": "count"},
    {"statistic": "mean", "of": "x"},
    {"statistic": ["sum", "median"], "of": "x"},
    {"statistic": "proportion", "of": "yes"},
]


def with_numbers(frame, seed):
    chance = np.random.default_rng(seed)
    return frame.with_columns(
        x=pl.Series(np.round(chance.lognormal(2, 1, frame.height), 1)),
        yes=pl.Series(chance.random(frame.height) < 0.5),
    )


@pytest.mark.parametrize("asked", STATISTICS, ids=lambda one: str(one["statistic"]))
def test_protection_is_idempotent_and_its_result_is_made_again(asked):
    @settings(quickly, max_examples=5)
    @given(counts=tables(3, 3), seed=st.integers(0, 100))
    def holds(counts, seed):
        assume(counts.sum())
        data = with_numbers(people(counts), seed)
        _, safe = suppressed(data, **asked)
        assert safe.protect("suppress") is safe
        _, again = suppressed(data, **asked)
        assert again.released().equals(safe.released())
        assert again.report().to_dict() == safe.report().to_dict()
        assert safe.report().verdict != "fail"

    holds()


@pytest.mark.parametrize("asked", STATISTICS, ids=lambda one: str(one["statistic"]))
def test_the_order_of_rows_and_columns_changes_nothing(asked):
    @settings(quickly, max_examples=5)
    @given(counts=tables(3, 3), seed=st.integers(0, 100), chance=st.randoms(use_true_random=False))
    def holds(counts, seed, chance):
        assume(counts.sum())
        frame = with_numbers(people(counts), seed)
        rows = list(range(frame.height))
        chance.shuffle(rows)
        table, safe = suppressed(frame, **asked)
        other, other_safe = suppressed(frame[rows].select(reversed(frame.columns)), **asked)
        assert all(
            one.frame.equals(same.frame) for one, same in zip(table.grids, other.grids, strict=True)
        )
        assert table.report().to_dict() == other.report().to_dict()
        assert safe.released().equals(other_safe.released())

    holds()


@settings(quickly, max_examples=5)
@given(counts=tables(3, 3))
def test_the_type_of_labels_changes_nothing_but_how_they_are_written(counts):
    assume(counts.sum())
    frame = people(counts)
    number = pl.col("a").str.slice(1).cast(pl.Int64)
    kinds = {
        "text": pl.col("a"),
        "whole": number,
        "float": number / 2,
        "category": pl.col("a").cast(pl.Categorical),
        "date": pl.date(2020, 1, 1) + pl.duration(days=number),
    }
    made = {name: suppressed(frame.with_columns(a=kind)) for name, kind in kinds.items()}
    plain, safe = made["text"]
    for other, other_safe in made.values():
        assert other.cells.drop("a").equals(plain.cells.drop("a"))
        assert other_safe.cells.drop("a").equals(safe.cells.drop("a"))
        assert other.report().verdict == plain.report().verdict


@settings(quickly, max_examples=10)
@given(counts=tables(3, 4), order=st.permutations(range(3)))
def test_other_names_for_the_categories_cost_the_same(counts, order):
    assume((counts.sum(axis=1) > 0).all() and (counts.sum(axis=0) > 0).all())
    table, safe = suppressed(people(counts))
    other, other_safe = suppressed(people(counts[list(order)]))
    renamed = {f"a{new}": f"a{old}" for new, old in enumerate(order)} | {"Total": "Total"}
    assert by_cell(table, "units") == {
        (renamed[a], b): units for (a, b), units in by_cell(other, "units").items()
    }
    rules = [sorted(one.rule for one in made.report().findings) for made in (table, other)]
    assert rules[0] == rules[1]
    done, other_done = safe.grid.protection, other_safe.grid.protection
    assume(done.optimal and other_done.optimal)
    assert done.cost == pytest.approx(other_done.cost)


@quickly
@given(counts=tables(3, 3), names=st.permutations(["srs", "ukllc", "hes", "opensafely", "abs"]))
def test_the_strictest_of_several_policies_finds_all_that_each_of_them_fails(counts, names):
    assume(counts.sum())
    several = [Policy.named(name) for name in names[:3]]
    table = Data.read(people(counts), unit="id").table("a", "b")
    strictest = failing(table, Policy.strictest(several))
    for policy in several:
        assert failing(table, policy) <= strictest


def failing(table, policy):
    return {
        (one.rule, tuple(sorted(cell.items())))
        for one in table.report(policy).findings
        for cell in one.cells
        if one.severity == "fail" and one.rule != "rounding"
    }
