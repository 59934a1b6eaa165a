"""Whom a pattern must withstand: what each statistic lets a reader add up."""

import numpy as np
import polars as pl
import pytest
from scipy.optimize import linprog

from output_checks import Data, Policy, ProtectionError
from output_checks.protect.attackers import attacks_on, sums_of
from output_checks.protect.structure import structure_of

SRS = Policy.named("srs")
FRAME = pl.DataFrame(
    {
        "id": range(6),
        "group": ["a", "a", "a", "b", "b", "b"],
        "x": [1.0, 2, 6, 4, 4, 7],
        "hours": [2.0, 2, 4, 1, 1, 2],
        "ill": [True, False, False, True, True, None],
        "w": [2.0, 1, 1, 3, 3, 3],
    }
)


def added_up(**asked):
    """What the readers of a table add up, in the order a, b, Total."""
    table = Data.read(FRAME, unit="id").table("group", **asked)
    structure = structure_of(table.grid)
    return [
        (np.round(one.values * one.unit, 9).tolist(), one.small)
        for one in attacks_on(table.grids, structure, SRS)
    ]


PEOPLE = ([3, 3, 6], 10)
SUMS = ([9, 15, 24], 0)


@pytest.mark.parametrize(
    ("asked", "quantities"),
    [
        ({}, [PEOPLE]),
        ({"weight": "w"}, [PEOPLE, ([4, 9, 13], 0)]),
        ({"statistic": "sum", "of": "x"}, [PEOPLE, SUMS]),
        ({"statistic": "mean", "of": "x"}, [PEOPLE, SUMS]),
        ({"statistic": ["count", "sum", "mean"], "of": "x"}, [PEOPLE, SUMS]),
        # 2·1 + 1·2 + 1·6 = 10; 3·4 + 3·4 + 3·7 = 45
        ({"statistic": "mean", "of": "x", "weight": "w"}, [PEOPLE, ([10, 45, 55], 0)]),
        # 1 + 4 + 36 = 41; 16 + 16 + 49 = 81
        ({"statistic": "std", "of": "x"}, [PEOPLE, SUMS, ([41, 81, 122], 0)]),
        ({"statistic": "var", "of": "x"}, [PEOPLE, SUMS, ([41, 81, 122], 0)]),
        ({"statistic": ["median", "min"], "of": "x"}, [PEOPLE]),
        ({"statistic": "mode", "of": "ill"}, [([3, 2, 5], 10)]),
        # with a value 3 and 2, of them ill 1 and 2, not ill 2 and 0
        (
            {"statistic": "proportion", "of": "ill"},
            [([3, 2, 5], 10), ([1, 2, 3], 10), ([2, 0, 2], 10)],
        ),
        # two values, 1 and 2 hours: both groups have a value, two of each 2 hours, one of each 1
        (
            {"statistic": "sum", "of": "hours", "where": "hours < 4"},
            [([2, 3, 5], 10), ([2, 1, 3], 10), ([0, 2, 2], 10), ([4, 4, 8], 0)],
        ),
        ({"statistic": "ratio", "of": "x", "per": "hours"}, [PEOPLE, SUMS, ([8, 4, 12], 0)]),
    ],
)
def test_a_reader_adds_up_what_the_statistic_lets_them(asked, quantities):
    assert added_up(**asked) == quantities


def test_times_changes_what_is_shown_and_not_who_is_protected():
    plain = added_up(statistic="rate", of="x", per="hours")
    assert added_up(statistic="rate", of="x", per="hours", times=1000) == plain


def test_sums_that_are_not_known_are_never_taken_for_safe():
    grid = Data.read(FRAME, unit="id").table("group", statistic="sum", of="x").grid
    with pytest.raises(ProtectionError, match="not known"):
        sums_of(grid.with_columns(sum=[9.0, None, 24.0]))


@pytest.mark.parametrize("statistic", ["std", "var", "median", "mode", "proportion", "ratio"])
def test_any_statistic_can_be_protected_and_passes_again(statistic):
    rng = np.random.default_rng(5)
    sizes = {("a", "F"): 40, ("a", "M"): 3, ("b", "F"): 60, ("b", "M"): 50, ("c", "F"): 45}
    sizes[("c", "M")] = 55
    rows = [(g, s) for (g, s), count in sizes.items() for _ in range(count)]
    # four values, each with many people, and half of everybody ill: only the small cell fails
    frame = pl.DataFrame(
        {
            "id": range(len(rows)),
            "group": [g for g, _ in rows],
            "sex": [s for _, s in rows],
            "x": rng.permutation(np.resize([1.0, 2.0, 3.0, 4.0], len(rows))),
            "hours": rng.permutation(np.resize([1.0, 2.0], len(rows))),
            "ill": rng.permutation(np.resize([True, False], len(rows))),
        }
    )
    of = {"proportion": "ill"}.get(statistic, "x")
    table = Data.read(frame, unit="id").table(
        "group", "sex", statistic=statistic, of=of, per="hours" if statistic == "ratio" else None
    )
    assert table.report().verdict == "fail"
    protected = table.protect("suppress")
    assert protected.report().verdict == "pass"
    held = protected.grid.frame.filter("withheld")
    assert ("a", "M") in held.select("group", "sex").rows()
    assert held["value"].null_count() == held.height >= 4
    assert protected.protect("suppress") is protected


@pytest.mark.parametrize(
    "statistic", [["count", "mean"], ["count", "sum"], "sum", "mean", ["count", "mean", "std"]]
)
def test_zeros_of_withheld_cells_stay_as_unknown_as_ones(statistic):
    answers = {
        ("a0", "b0"): (21, 20),
        ("a0", "b1"): (23, 0),
        ("a0", "b2"): (20, 1),
        ("a1", "b0"): (21, 23),
        ("a1", "b1"): (3, 35),
        ("a1", "b2"): (20, 14),
    }
    rows = [
        (group, part, int(at < yes))
        for (group, part), (yes, no) in answers.items()
        for at in range(yes + no)
    ]
    frame = pl.DataFrame(rows, schema=["a", "b", "z"], orient="row").with_row_index("id")
    table = Data.read(frame, unit="id").table("a", "b", statistic=statistic, of="z")
    held = table.protect("suppress").grid.column("withheld")
    # row a0 has 21 noes: with b0 shown (20 of them), b1 and b2 would have one between them
    assert held[0].tolist() == [True, True, True, False]


def test_a_withheld_sum_of_ones_hides_as_many_people_as_a_count():
    rng = np.random.default_rng(3)
    sizes = {("a", "F"): 60, ("a", "M"): 50, ("b", "F"): 70, ("b", "M"): 80, ("c", "F"): 55}
    ones = {("a", "F"): 5, ("a", "M"): 20, ("b", "F"): 30, ("b", "M"): 25, ("c", "F"): 22}
    sizes[("c", "M")], ones[("c", "M")] = 65, 28
    rows = [
        (group, sex, float(at < ones[group, sex]))
        for (group, sex), size in sizes.items()
        for at in range(size)
    ]
    names = ("group", "sex", "x")
    frame = pl.DataFrame(
        {"id": rng.permutation(len(rows))}
        | {name: [row[at] for row in rows] for at, name in enumerate(names)}
    )
    table = Data.read(frame, unit="id").table("group", "sex", statistic="sum", of="x")
    protected = table.protect("suppress")
    held = protected.intervals()
    assert ("a", "F") in held.select("group", "sex").rows()
    widths = held.select(pl.col("upper").fill_null(1e9) - pl.col("lower").fill_null(0.0))
    assert min(widths.to_series()) >= 10


def alone_in_a_square():
    """16 sums of 40 people each, but for four in a square that are one person's each."""
    rng = np.random.default_rng(1)
    few = {("a", "w"), ("a", "x"), ("b", "w"), ("b", "x")}
    rows = [
        (a, b, float(rng.integers(10, 100)))
        for a in "abcd"
        for b in "wxyz"
        for _ in range(1 if (a, b) in few else 40)
    ]
    frame = pl.DataFrame(rows, schema=["a", "b", "x"], orient="row").with_row_index("id")
    return Data.read(frame, unit="id").table("a", "b", statistic="sum", of="x"), few


def how_far(sums, known, place):
    """By a linear program: how little and how much a cell can be, the known ones being so.

    sums: the truth by place. known: places whose sums are published or somebody's own.
    """
    hidden = sorted(set(sums) - known)
    lines = [
        [one for one in hidden if one[axis] == label] for axis in (0, 1) for label in "abcdwxyz"
    ]
    lines = [line for line in lines if line]
    left = [sum(sums[one] for one in line) for line in lines]
    matrix = [[float(one in line) for one in hidden] for line in lines]
    ends = []
    for sign in (1, -1):
        cost = [sign * (one == place) for one in hidden]
        found = linprog(cost, A_eq=matrix, b_eq=left, bounds=(0, None))
        ends.append(sign * found.fun)
    return ends


def test_whoever_is_alone_in_a_sum_cannot_work_out_that_of_another():
    # With the four of the square alone withheld, each of the four would know the other three.
    table, few = alone_in_a_square()
    protected = table.protect("suppress")
    inner = protected.cells.filter((pl.col("a") != "Total") & (pl.col("b") != "Total"))
    sums = {(a, b): exact for a, b, exact in inner.select("a", "b", "exact").rows()}
    shown = set(inner.filter(~pl.col("withheld")).select("a", "b").rows())
    assert not shown & few
    assert any("one person is alone" in note for note in protected.report().protection["notes"])
    for own in few:
        for other in few - {own}:
            least, most = how_far(sums, shown | {own}, other)
            assert most - least >= sums[other]  # as wide as the one contribution in it
    assert protected.report().verdict == "pass"


def test_somebody_alone_is_a_reader_only_of_what_fails():
    table, _ = alone_in_a_square()
    structure = structure_of(table.grid)
    assert not [one for one in attacks_on(table.grids, structure, SRS) if one.insider is not None]
    sensitive = structure.from_grid((table.grid.frame["units"] == 1).to_numpy())
    insiders = [
        one for one in attacks_on(table.grids, structure, SRS, sensitive) if one.insider is not None
    ]
    assert {one.insider for one in insiders} == set(np.flatnonzero(sensitive).tolist())
    for one in insiders:
        assert one.insider is not None
        assert one.lower[one.insider] == one.upper[one.insider] == one.values[one.insider]
        assert (one.width > 0).sum() == 3


def test_somebody_alone_may_know_the_totals_that_are_theirs_too():
    # The one person with "p" is alone in its total as well: nothing can hide that from them.
    people = [("p", "m", 54.0)] + [
        (a, b, 40.0 + n % 7) for a in "qr" for b in "fm" for n in range(12)
    ]
    few = [("s", "f", 17.0 + n) for n in range(4)] + [("s", "m", 30.0 + n) for n in range(2)]
    frame = pl.DataFrame(
        [(str(n), *one) for n, one in enumerate(people + few)],
        schema=["id", "a", "b", "x"],
        orient="row",
    )
    table = Data.read(frame, unit="id").table("a", "b", statistic="mean", of="x")
    protected = table.protect("suppress")
    assert protected.report().verdict == "pass"
    assert not protected.cells["withheld"].all()
