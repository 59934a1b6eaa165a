"""Rounding: midpoints, controlled rounding in any shape, and what a reader can still tell."""

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from output_checks import Data, ProtectionError
from output_checks.grid import Grid
from output_checks.protect import readable as reading
from output_checks.protect import rounded
from output_checks.protect.readable import readable
from output_checks.protect.rounded import controlled, midpoint_bounds, midpoints
from output_checks.protect.structure import structure_of, sums
from tests.output_checks.drawing import data, means

SMALL = """
     F   M   X
a   30   3  41
b   25  33  27
c   60  35  18
"""


def table_of(counts: np.ndarray, **asked):
    """A table of people with these inner counts, of any number of dimensions."""
    numbers = np.repeat(np.arange(counts.size), counts.reshape(-1))
    places = np.unravel_index(numbers, counts.shape)
    frame = pl.DataFrame(
        {"id": np.arange(len(numbers))}
        | {f"d{axis}": [f"v{one}" for one in at] for axis, at in enumerate(places)}
    )
    return Data.read(frame, unit="id").table([f"d{i}" for i in range(counts.ndim)], **asked)


# Midpoints


def test_a_count_is_shown_as_the_middle_of_its_band():
    counts = np.array([0, 1, 3, 6, 7, 12, 13, 18, 19])
    assert midpoints(counts, 6).tolist() == [0, 3, 3, 3, 9, 9, 15, 15, 21]
    # A band of 5 has a middle of its own: 1 to 5 is 3, 6 to 10 is 8.
    assert midpoints(np.array([1, 5, 6]), 5).tolist() == [3, 3, 8]


@given(st.integers(0, 10_000), st.integers(1, 30))
def test_a_midpoint_tells_its_band_and_no_more(count, base):
    shown = midpoints(np.array([count]), base)
    below, above = midpoint_bounds(shown, base)
    assert below[0] <= count <= above[0]
    assert above[0] - below[0] == (base - 1 if count else 0)
    for edge in (below[0], above[0]):
        assert midpoints(np.array([edge]), base) == shown


def test_midpoint_tables_say_what_a_reader_can_tell():
    table = data("F\na 2\nb 14\nc 40").table("group").protect("midpoint")
    assert table.released()["value"].to_list() == [3, 15, 39, 57]
    assert table.declaration.protection == {"method": "midpoint", "base": 6}
    # b is 13 to 18, c is 37 to 42 and the total 55 to 60: a is at most 6, and not less than 1.
    spans = table.cells.select("lower", "upper").rows()
    assert spans == [(1.0, 6.0), (13.0, 18.0), (37.0, 42.0), (55.0, 60.0)]
    (finding,) = (one for one in table.report().findings if one.rule == "threshold")
    assert "1 to 6" in finding.message
    assert table.protect("midpoint") is table


def test_a_zero_among_midpoints_is_a_true_zero():
    table = data("F M\na 20 0\nb 15 30").table("group", "sex").protect("midpoint")
    row = table.cells.filter(group="a", sex="M")
    assert row.select("value", "lower", "upper").row(0) == (0, 0.0, 0.0)
    assert "zeros" in {one.rule for one in table.report().findings}


def test_only_counts_of_people_have_midpoints():
    with pytest.raises(ProtectionError, match="counts, not a mean"):
        means().protect("midpoint")
    with pytest.raises(ProtectionError, match="counts, not a mean"):
        means(["count", "mean"]).protect("midpoint")
    frame = pl.DataFrame({"id": [1, 2], "group": ["a", "b"], "w": [1.5, 2.0]})
    with pytest.raises(ProtectionError, match="not a weighted count"):
        Data.read(frame, unit="id").table("group", weight="w").protect("midpoint")


# Controlled rounding


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([(4,), (3, 3), (2, 3, 2)]).flatmap(
        lambda shape: st.lists(
            st.integers(0, 23), min_size=int(np.prod(shape)), max_size=int(np.prod(shape))
        ).map(lambda counts: np.array(counts).reshape(shape))
    ),
    st.sampled_from([3, 5, 10]),
    st.integers(0, 1000),
)
def test_controlled_rounding_adds_up_within_a_base_of_the_truth(inner, base, seed):
    counts = inner
    for axis in range(inner.ndim):
        counts = np.concatenate([counts, counts.sum(axis=axis, keepdims=True)], axis=axis)
    relations, flat = sums(counts.shape), counts.reshape(-1)
    shown = controlled(relations, flat, base, np.random.default_rng(seed).random(len(flat)))
    assert not (relations @ shown).any()
    assert (np.abs(shown - flat) < base).all()
    assert (shown % base == 0).all()
    assert (shown[flat % base == 0] == flat[flat % base == 0]).all()


def test_a_count_goes_to_the_nearer_multiple_the_more_often():
    # 7 + 6 = 13 to base 5: where all numbers are 1/2, whatever changes least in all: 5 + 5 = 10
    # (2 + 1 + 3 = 6) or 10 + 5 = 15 (3 + 1 + 2 = 6); 10 + 10 = 20 is no neighbour of 13.
    shown = controlled(sums((3,)), np.array([7, 6, 13]), 5, np.full(3, 0.5))
    assert np.abs(shown - [7, 6, 13]).sum() == 6
    # Alone, 3 of 10 is 10 for three numbers in ten, so that it is 3 on average.
    alone = csr_matrix((0, 1))
    some = [controlled(alone, np.array([3]), 10, np.array([at / 20]))[0] for at in range(1, 20, 2)]
    assert some == [10, 10, 10, 0, 0, 0, 0, 0, 0, 0]


def test_every_table_that_a_reader_cannot_exclude_may_have_been_rounded_to_the_one_shown():
    """Shown are 10 + 15 = 25 to base 5: every table next to it is rounded to it by some numbers.

    By the least change in all 6 + 15 = 21 would always be 5 + 15 = 20, and a reader who knows that
    can exclude it, although 6 and 21 are next to 10 and 25.
    """
    shown = np.array([10, 15, 25])
    for one, other in product(range(6, 15), range(11, 20)):
        counts = np.array([one, other, one + other])
        if (np.abs(counts - shown) < 5).all():
            chosen = np.where(shown > counts, 0.0, 1.0)
            assert controlled(sums((3,)), counts, 5, chosen).tolist() == shown.tolist()


def test_who_is_in_the_cells_decides_how_they_are_rounded():
    counts = np.random.default_rng(3).integers(1, 40, (6, 5))
    table = table_of(counts)
    frame = table.source.frame.collect()
    others = [
        frame.sample(fraction=1.0, shuffle=True, seed=1),  # in another order
        frame.with_columns(pl.col("id").cast(pl.Float64)),
        frame.with_columns(pl.col("d0").replace({f"v{one}": f"w{one}" for one in range(6)})),
    ]
    shown = table.protect("round", base=10).released()["value"]
    for other in others:
        same = Data.read(other, unit="id").table(["d0", "d1"]).protect("round", base=10)
        assert same.released()["value"].equals(shown)
    strangers = frame.with_columns(pl.col("id") + 10_000)
    another = Data.read(strangers, unit="id").table(["d0", "d1"]).protect("round", base=10)
    assert not another.released()["value"].equals(shown)


def test_without_a_unit_what_the_rows_say_decides():
    frame = table_of(np.array([[31, 17], [12, 26]])).source.frame.collect()
    frame = frame.with_columns(list=pl.lit([1]), bytes=pl.lit(b"\xff"), nothing=pl.lit(None))
    named = [frame.with_columns(one=pl.lit(text)) for text in ("a", "b", "c", "d")]
    tables = [Data.read(one, unit=None).table("d0", "d1") for one in (*named, named[0].reverse())]
    shown = [one.protect("round", base=10).released()["value"].to_list() for one in tables]
    assert shown[0] == shown[-1]
    assert len({tuple(one) for one in shown}) > 1


def test_groups_of_a_hierarchy_add_up_too():
    table = data(SMALL).table("group", "sex", hierarchies={"group": {"a": "ab", "b": "ab"}})
    shown = table.protect("round", base=10).grid.column("value")
    a, b, c, ab, total = shown
    assert (ab == a + b).all()
    assert (total == ab + c).all()
    assert (shown[:, :-1].sum(axis=1) == shown[:, -1]).all()


def test_people_in_several_cells_are_not_added_up():
    frame = pl.DataFrame({"id": [1, 1, 2], "group": ["a", "b", "b"]})
    table = Data.read(frame, unit="id").table("group")
    with pytest.raises(ProtectionError, match="controlled=False"):
        table.protect("round", base=5)
    assert table.protect("round", base=5, controlled=False).released()["value"].sum() == 0


class Solver:
    """A solver that answers what it is told to."""

    def __init__(self, status, columns):
        self.status = status
        self.columns = np.array(columns, dtype=float)

    def __call__(self, *args, **kwargs):
        return self

    def set_costs(self, costs):
        """Nothing depends on costs here."""

    def minimise(self):
        """The answer."""
        return self


@pytest.mark.parametrize(
    ("status", "columns"),
    [
        ("infeasible", []),
        ("optimal", [1, 1, 0]),  # 10 + 10 is not 10
        ("optimal", [2, 0, 2]),  # 15 is not next to 7
    ],
)
def test_a_wrong_answer_of_the_solver_is_no_rounding(monkeypatch, status, columns):
    monkeypatch.setattr(rounded, "Model", Solver(status, columns))
    with pytest.raises(ProtectionError, match="no rounding to 5"):
        controlled(sums((3,)), np.array([7, 6, 13]), 5, np.zeros(3))


def test_a_rounding_that_is_not_known_to_be_the_best_is_taken(monkeypatch):
    monkeypatch.setattr(rounded, "Model", Solver("limited", [1, 0, 1]))
    assert controlled(sums((3,)), np.array([7, 6, 13]), 5, np.zeros(3)).tolist() == [10, 5, 15]


# What a reader can tell


def possible(grid: Grid, bounds) -> list[tuple[int, ...]]:
    """Every table of whole numbers within bounds that adds up, tried one by one."""
    relations = structure_of(grid)
    inner = [cell for cell in range(grid.size) if not grid.frame["margin"].to_list()[cell]]
    found = []
    for values in product(*(range(int(bounds[0][i]), int(bounds[1][i]) + 1) for i in inner)):
        shape = tuple(len(one.labels) for one in grid.dimensions)
        full = np.array(values).reshape(shape)
        for axis in range(len(shape)):
            full = np.concatenate([full, full.sum(axis=axis, keepdims=True)], axis=axis)
        flat = full.reshape(-1)
        assert not (relations.relations @ relations.from_grid(flat)).any()
        if ((flat >= bounds[0]) & (flat <= bounds[1])).all():
            found.append(tuple(flat.tolist()))
    return found


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from([(2, 2), (2, 2, 2)]).flatmap(
        lambda shape: st.lists(
            st.integers(0, 9), min_size=int(np.prod(shape)), max_size=int(np.prod(shape))
        ).map(lambda counts: np.array(counts).reshape(shape))
    )
)
def test_what_a_reader_can_tell_is_what_trying_all_tables_finds(inner):
    inner[(0,) * inner.ndim] += 1  # every category has somebody
    inner[(1,) * inner.ndim] += 1
    grid = table_of(inner).plain
    counts = grid.frame["exact"].to_numpy()
    if len(counts) != np.prod([one + 1 for one in inner.shape]):
        return
    shown = (counts + 1) // 3 * 3
    bounds = (np.maximum(shown - 1, 0), shown + 1)
    tables = np.array(possible(grid, bounds))
    lower, upper, is_all = readable(grid, bounds, threshold=3)
    assert (lower[is_all] == tables.min(axis=0)[is_all]).all()
    assert (upper[is_all] == tables.max(axis=0)[is_all]).all()
    # Never wider than the truth; in two dimensions the truth.
    assert (lower >= tables.min(axis=0)).all()
    assert (upper <= tables.max(axis=0)).all()
    if inner.ndim == 2:
        assert is_all.all()
        assert (lower == tables.min(axis=0)).all()
        assert (upper == tables.max(axis=0)).all()


def test_without_totals_there_is_nothing_to_add_up():
    table = data(SMALL).table("group", "sex", margins=False)
    rounded_table = table.protect("round", base=10, controlled=False)
    row = rounded_table.cells.filter(group="a", sex="M")  # 3 became 0: 0 to 4
    assert row.select("lower", "upper").row(0) == (0.0, 4.0)


def test_in_three_dimensions_most_counts_may_be_anything_that_rounds_to_them():
    generator = np.random.default_rng(5)
    table = table_of(generator.poisson(12, (4, 4, 4))).protect("round", base=5, controlled=False)
    cells = table.cells
    shown, exact, lower, upper = (
        cells[name].to_numpy() for name in ("value", "exact", "lower", "upper")
    )
    assert ((lower <= exact) & (exact <= upper)).all()
    assert ((lower >= np.maximum(shown - 2, 0)) & (upper <= shown + 2)).all()
    # The totals' own rounding excludes 25 of the 250 ends for certain.
    assert ((lower == np.maximum(shown - 2, 0)).sum() + (upper == shown + 2).sum()) >= 210


def test_with_many_categories_only_some_moves_are_tried(monkeypatch):
    monkeypatch.setattr(reading, "_MOST_ROUNDS", 1)
    counts = np.random.default_rng(2).poisson(12, (12, 3, 3))
    cells = table_of(counts).protect("round", base=10).cells
    assert (cells["upper"] - cells["lower"] >= 9).mean() > 0.9


def test_to_base_rounds_halves_up():
    assert rounded.to_base(pl.Series([2, 3, 5]), 5).to_list() == [0, 5, 5]
    assert rounded.to_base(pl.Series([4, 5]), 10).to_list() == [0, 10]


def test_what_moving_people_does_not_reach_is_searched(monkeypatch):
    monkeypatch.setattr(reading, "_MOST_ATTEMPTS", 0)  # moving reaches nothing but the truth
    table = table_of(np.array([[[3, 30], [31, 32]], [[33, 34], [35, 36]]]))
    row = table.protect("round", base=20, controlled=False).cells.row(0, named=True)
    # 3 became 0, which is 0 to 9; enough is known once it may be 1 to 9 or 0 to 9.
    assert row["lower"] <= 1
    assert row["upper"] == 9


def test_more_cells_than_can_be_searched_stay_as_they_are_known(monkeypatch):
    monkeypatch.setattr(reading, "_MOST_ATTEMPTS", 0)
    monkeypatch.setattr(reading, "_MOST_SEARCHED", 0)
    table = table_of(np.array([[[3, 30], [31, 32]], [[33, 34], [35, 36]]]))
    rounded_table = table.protect("round", base=20, controlled=False)
    row = rounded_table.cells.row(0, named=True)
    assert (row["lower"], row["upper"]) == (3.0, 3.0)  # taken for less safe than it is
    assert row["interval_exact"] is False
    (found,) = [one for one in rounded_table.report().findings if one.rule == "threshold"]
    assert found.message == (
        "The cell describes fewer than 10 people, and a reader of the rounded table can tell, as "
        "far as was searched, that they are at least 3 and at most 3."
    )


def test_a_table_too_large_to_be_worked_out_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "_MOST_CELLS", 15)
    table = data(SMALL).table("group", "sex")  # 16 cells
    with pytest.raises(ProtectionError, match="takes too long"):
        table.protect("round", base=10)
    alone = data(SMALL).table("group", "sex", margins=False)
    assert alone.protect("midpoint").grid.size == 9


def test_arithmetic_that_fails_is_no_traceback(monkeypatch):
    def contradict(*args):
        raise ValueError("the published values contradict each other")

    monkeypatch.setattr(reading, "work_out", contradict)
    with pytest.raises(ProtectionError, match="cannot be worked out"):
        data(SMALL).table("group", "sex").protect("round", base=10)


def test_without_margins_controlled_rounding_takes_the_nearest_multiple_and_says_so():
    frame = pl.DataFrame({"group": ["a"] * 3 + ["b"] * 15 + ["c"] * 30}).with_row_index("id")
    table = Data.read(frame, unit="id").table("group", margins=False)
    both = [table.protect("round", base=10, controlled=one) for one in (True, False)]
    for rounded_table in both:
        found = rounded_table.cells.select("value", "lower", "upper").rows()
        assert found == [(0, 0, 4), (20, 15, 24), (30, 25, 34)]
        # 3 people are 0 to 4 to a reader: they cannot be sure of less than the threshold of 10
        assert rounded_table.report().verdict == "review"
