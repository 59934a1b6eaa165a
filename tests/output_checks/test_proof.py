"""Properties: no withheld cell can be pinned, margins stay true, and order means nothing."""

from itertools import combinations, pairwise, product

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from output_checks import Data, Policy, ProtectionError, check_file
from output_checks.protect import intervals, solver
from output_checks.protect.attackers import attacks_on
from output_checks.protect.intervals import Published, attainable, work_out
from output_checks.protect.structure import structure_of, sums
from output_checks.rules.threshold import is_wide

quick = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
counts_3x2 = st.lists(st.integers(0, 14), min_size=6, max_size=6)


def table_of(counts, shape):
    rows = [
        place for place, count in zip(np.ndindex(*shape), counts, strict=True) for _ in range(count)
    ]
    names = "abcd"[: len(shape)]
    frame = pl.DataFrame(
        {"id": range(len(rows))} | {name: [row[i] for row in rows] for i, name in enumerate(names)}
    )
    return Data.read(frame, unit="id").table(list(names[:1]), list(names[1:]))


def protected(counts, shape):
    assume(sum(counts) > 0)
    table = table_of(counts, shape)
    try:
        return table.protect("suppress")
    except ProtectionError:
        assume(False)


def with_margins(inner):
    for axis in range(inner.ndim):
        inner = np.concatenate([inner, inner.sum(axis=axis, keepdims=True)], axis=axis)
    return inner


def tables_with_total(total, cells):
    """Every way of putting `total` people into some cells."""
    for bars in combinations(range(total + cells - 1), cells - 1):
        ends = (-1, *bars, total + cells - 1)
        yield [after - before - 1 for before, after in pairwise(ends)]


@pytest.mark.parametrize("seed", range(12))
def test_the_audit_finds_just_what_brute_force_finds(seed):
    chance = np.random.default_rng(seed)
    inner_shape = (2, 3) if seed % 2 else (2, 2, 2)
    cells = int(np.prod(inner_shape))
    truth = with_margins(
        np.bincount(chance.integers(0, cells, 5), minlength=cells).reshape(inner_shape)
    )
    seen = np.where(chance.random(truth.shape) < 0.7, np.nan, truth.astype(float))
    seen[tuple(slice(-1, None) for _ in truth.shape)] = 5  # the grand total is always known
    fitting = [
        table
        for counts in tables_with_total(5, cells)
        for table in [with_margins(np.array(counts).reshape(inner_shape))]
        if ((table == seen) | np.isnan(seen)).all()
    ]
    flat = seen.reshape(-1)
    relations = sums(truth.shape)
    lower, upper = attainable(
        Published(
            relations=relations,
            excess=np.zeros(relations.shape[0]),
            values=flat,
            lower=np.zeros(len(flat)),
            upper=np.full(len(flat), np.inf),
            whole=True,
            flat=len(inner_shape) == 2,
        )
    )
    assert lower.tolist() == np.min(fitting, axis=0).reshape(-1).tolist()
    assert upper.tolist() == np.max(fitting, axis=0).reshape(-1).tolist()


@quick
@given(counts_3x2)
def test_no_withheld_cell_can_be_pinned(counts):
    table = protected(counts, (3, 2))
    for lower, upper in table.intervals().select("lower", "upper").rows():
        assert is_wide(lower, upper, 10)
    assert not [one for one in table.report().findings if one.severity == "fail"]


@quick
@given(st.lists(st.integers(0, 12), min_size=8, max_size=8))
def test_no_withheld_cell_of_three_dimensions_can_be_pinned(counts):
    table = protected(counts, (2, 2, 2))
    for lower, upper in table.intervals().select("lower", "upper").rows():
        assert is_wide(lower, upper, 10)


@quick
@given(counts_3x2)
def test_what_is_published_stays_true(counts):
    table = protected(counts, (3, 2))
    shown = table.cells.filter(~pl.col("withheld"))
    assert shown["value"].to_list() == shown["exact"].to_list()
    withheld = table.cells.filter(pl.col("withheld"))
    assert withheld["value"].null_count() == withheld.height
    inside = withheld.filter(
        (pl.col("exact") >= pl.col("lower")) & (pl.col("exact") <= pl.col("upper").fill_null(1e9))
    )
    assert inside.height == withheld.height


@quick
@given(counts_3x2, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(counts, chance):
    assume(sum(counts) > 0)
    table = table_of(counts, (3, 2))
    rows = list(range(sum(counts)))
    chance.shuffle(rows)
    places = [p for p, c in zip(np.ndindex(3, 2), counts, strict=True) for _ in range(c)]
    frame = pl.DataFrame(
        {
            "id": rows,
            "a": [places[row][0] for row in rows],
            "b": [places[row][1] for row in rows],
        }
    )
    other = Data.read(frame, unit="id").table("a", "b")
    assert other.report() == table.report()
    try:
        first = table.protect("suppress").to_csv()
    except ProtectionError:
        with pytest.raises(ProtectionError):
            other.protect("suppress")
    else:
        assert other.protect("suppress").to_csv() == first


@quick
@given(counts_3x2)
def test_protecting_again_changes_nothing(counts):
    table = protected(counts, (3, 2))
    assert table.protect("suppress") is table


def safe_patterns(table):
    """Every safe pattern without margins, by trying all of them: (cost, pattern)."""
    grid = table.grid
    structure = structure_of(grid)
    (attack,) = attacks_on((grid,), structure, Policy.named("srs"))
    primary = {
        grid.cell_at(cell)
        for finding in table.report().findings
        if finding.severity == "fail"
        for cell in finding.cells
    }
    cost = structure.from_grid(grid.frame["units"].to_numpy()) + 1
    margin = structure.margin
    forced = np.isin(structure.order, list(primary))
    free = [int(cell) for cell in np.flatnonzero(~margin & ~forced)]
    for choice in product((False, True), repeat=len(free)):
        withheld = forced.copy()
        withheld[[cell for cell, taken in zip(free, choice, strict=True) if taken]] = True
        if not len(attack.unsafe(withheld)):
            yield float(cost[withheld & ~forced].sum())


@pytest.mark.parametrize(
    ("counts", "shape"),
    [
        ((3, 20, 30, 14, 25, 40, 16, 12, 11), (3, 3)),
        ((3, 20, 30, 14, 5, 40, 16, 12, 0), (3, 3)),
        ((1, 60, 70, 20, 30, 2, 90, 12), (2, 4)),
        ((12, 4, 33, 18, 25, 21, 17, 40), (2, 2, 2)),
    ],
)
def test_the_pattern_is_the_cheapest_of_all_safe_ones(counts, shape):
    table = table_of(counts, shape)
    done = table.protect("suppress").grid.protection
    assert done.optimal
    assert done.cost == min(safe_patterns(table))


def odd_cycle(right):
    """Three cells, each two of which add up to `right`, and a fourth that is free up to 20."""
    return Published(
        relations=csr_matrix(np.array([[1.0, 1, 0, 0], [0, 1, 1, 0], [1, 0, 1, 1]])),
        excess=np.array([right, right, 20.0]),
        values=np.full(4, np.nan),
        lower=np.zeros(4),
        upper=np.full(4, np.inf),
        whole=True,
        flat=False,
    )


def covered_edges():
    """Three corners of which any two are 1 or more, and their sum: 1.5 at least in fractions."""
    pairs = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
    return Published(
        relations=csr_matrix(np.hstack([pairs, -np.eye(4)])),
        excess=np.array([1.0, 1, 1, 0]),
        values=np.full(7, np.nan),
        lower=np.zeros(7),
        upper=np.array([3.0, 3, 3, 6, 6, 6, 9]),
        whole=True,
        flat=False,
    )


@pytest.mark.parametrize("enough", [False, True])
def test_whole_numbers_end_before_fractions_do_whatever_was_enough_before(enough):
    found = work_out(covered_edges(), first=lambda cell, lower, upper: enough)
    assert (found.lower[6], found.upper[6]) == (2, 9)
    assert found.is_exact(6)


def test_moving_all_cells_at_once_leaves_out_nothing():
    exact = attainable(covered_edges())
    told = []
    same = attainable(
        covered_edges(),
        lambda cell, lower, upper: False,
        lambda cell, lower, upper: told.append((cell, lower, upper)),
    )
    assert [side.tolist() for side in same] == [side.tolist() for side in exact]
    assert told == list(zip(range(7), *[side.tolist() for side in exact], strict=True))


def given_up(monkeypatch):
    """Have every search in whole numbers be needed, and end at its limit with nothing found."""
    solve = solver.Model.minimise

    def minimise(self, *, anew=False):
        found = solve(self, anew=anew)
        if self._whole_numbers:
            found.status = "limited"
            found.columns = np.array([])
        return found

    made = solver.Model.__init__

    def noted(self, *args, whole=False, **options):
        self._whole_numbers = whole
        made(self, *args, whole=whole, **options)

    monkeypatch.setattr(solver.Model, "__init__", noted)
    monkeypatch.setattr(solver.Model, "minimise", minimise)
    monkeypatch.setattr(intervals, "_is_whole", lambda values: False)


def test_a_search_that_is_given_up_claims_no_value_that_was_not_found(monkeypatch):
    exact = work_out(odd_cycle(5))
    assert (exact.lower[0], exact.upper[0]) == (0, 5)
    assert exact.is_exact(0)
    given_up(monkeypatch)
    found = work_out(odd_cycle(5))
    assert not is_wide(found.lower[0], found.upper[0], 2)  # nothing was found, nothing is shown
    assert (found.floor[0], found.ceiling[0]) == (0, 5)
    assert not found.is_exact(0)


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2)])
def test_a_table_whose_audit_is_given_up_is_refused_with_advice(monkeypatch, shape):
    counts = [3, 12, 20, 15, 30, 8, 17, 40, 22, 35, 11, 14][: int(np.prod(shape))]
    table = table_of(counts, shape)
    assert table.protect("suppress").report().verdict == "pass"
    given_up(monkeypatch)
    with pytest.raises(ProtectionError, match="coarser"):
        table.protect("suppress")


def test_a_published_table_whose_search_is_given_up_is_not_called_safe(monkeypatch):
    cells = [
        f"{a},{b},{c},{'' if 'T' not in a + b + c else 40 * 2 ** (a + b + c).count('T')}"
        for a in "xyT"
        for b in "xyT"
        for c in "xyT"
    ]
    text = "a,b,c,value\n" + "\n".join(cells).replace("T", "Total")
    shown = {one.rule for one in check_file(text.encode(), "t.csv").findings}
    assert shown == {"missing_count", "provenance"}
    given_up(monkeypatch)
    found = check_file(text.encode(), "t.csv").findings
    assert {one.rule for one in found} - shown == {"withheld_cells"}
    assert any("not shown to be safe" in one.message for one in found)


def test_an_audit_that_has_done_enough_says_how_far_a_cell_could_be_at_most(monkeypatch):
    # x + y = y + z = x + z + w = 5 or so: in fractions every cell goes further than in people.
    exact = work_out(odd_cycle(5))

    def nothing_is_enough(cell, lower, upper):
        return False

    same = work_out(odd_cycle(5), first=nothing_is_enough)
    assert same.lower.tolist() == exact.lower.tolist()
    assert same.upper.tolist() == exact.upper.tolist()
    monkeypatch.setattr(intervals, "_is_whole", lambda values: False)
    monkeypatch.setattr(intervals, "MOST_STEPS", 0.0)
    limited = work_out(odd_cycle(5), first=lambda cell, lower, upper: True)
    assert (limited.floor <= exact.lower).all()
    assert (limited.ceiling >= exact.upper).all()
    assert not any(limited.is_exact(cell) for cell in range(4))


def test_a_search_in_fractions_that_fails_claims_nothing(monkeypatch):
    solve = solver.Model.minimise

    def failed(self):
        found = solve(self)
        found.status = "failed"
        return found

    monkeypatch.setattr(solver.Model, "minimise", failed)
    found = work_out(odd_cycle(5))
    assert (found.floor == -np.inf).all()
    assert (found.ceiling == np.inf).all()


@pytest.mark.parametrize("costs_change", [False, True])
def test_a_model_answers_the_same_when_nothing_was_changed(costs_change):
    right = np.array([2.0])
    bounds = (np.zeros(2), np.full(2, 5.0))
    model = solver.Model(
        csr_matrix([[1.0, 1.0]]), (right, right), bounds, costs_change=costs_change
    )
    for _ in range(2):
        model.set_costs(np.array([1.0, 2.0]))
        assert model.minimise().value == 2.0
