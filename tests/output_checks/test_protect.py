"""Suppression, rounding and noise: what they give, and when they refuse."""

import numpy as np
import polars as pl
import pytest
from scipy.sparse import csr_matrix

from output_checks import Data, Policy, ProtectionError, private_count, rebuild
from output_checks.protect import master, optimal, pattern, search, withstanding
from output_checks.protect.attackers import attacks_on
from output_checks.protect.effort import Effort
from output_checks.protect.intervals import Published, attainable
from output_checks.protect.solver import Model
from output_checks.protect.structure import structure_of
from tests.output_checks.drawing import accountant, data, found, means, valued

SMALL = """
     F   M   X
a   30   3  41
b   25  33  27
c   60  35  18
"""


def withheld(table):
    frame = table.released().filter(pl.col("value").is_null())
    return {row[:-1] for row in frame.rows()}


def test_a_small_cell_takes_three_others_with_it():
    # The cheapest rectangle through (a, M): rows a and b, columns F and M: 30 + 25 + 33 and one
    # more for each cell, 91; with X: 41 + 27 + 33; with row c: more.
    table = data(SMALL).table("group", "sex").protect("suppress")
    assert withheld(table) == {("a", "M"), ("a", "F"), ("b", "M"), ("b", "F")}
    assert table.report().verdict == "pass"
    # a, M moves up to where b, M is at 3 + 25 (F of b gives 25 to M) and down to 0:
    # lower 0, upper min(3 + 30, 3 + 33) = 33.
    rows = {row[:2]: row[2:] for row in table.intervals().rows()}
    assert rows["a", "M"] == (0.0, 33.0, True)
    assert rows["b", "F"] == (22.0, 55.0, True)
    done = table.report().protection
    assert (done["optimal"], done["gap"], done["primary"], done["complementary"]) == (True, 0, 1, 3)
    assert (done["cost"], done["bound"]) == (91, 91)
    assert "91; no choice of cells costs less than 91" in table.to_report()


def test_what_is_released_does_not_tell_primary_from_complementary():
    table = data(SMALL).table("group", "sex").protect("suppress")
    assert table.released().columns == ["group", "sex", "value"]
    assert "primary" not in table.to_csv()
    assert "complementary" not in table.to_csv()
    assert not any("primary" in str(row) for row in table.report().table)


def test_margins_stay_published_where_they_are_safe():
    table = data(SMALL).table("group", "sex").protect("suppress")
    margins = table.cells.filter(pl.col("margin"))
    assert margins["value"].to_list() == margins["units"].to_list()


def test_a_safe_table_stays_as_it_is():
    table = data("F M\na 10 20\nb 30 40").table("group", "sex")
    safe = table.protect("suppress")
    assert safe.released().equals(table.released())
    assert safe.report().verdict == "pass"


def test_all_cells_under_the_threshold_can_only_be_made_coarser():
    with pytest.raises(ProtectionError, match=r"every cell .* coarser"):
        data("F M\na 1 2\nb 3 1").table("group", "sex").protect("suppress")


def test_two_small_cells_protect_each_other():
    # 5 + 6 = 11: each can be 0 to 11.
    table = data("F\na 5\nb 6\nc 40").table("group").protect("suppress")
    assert withheld(table) == {("a",), ("b",)}
    assert table.intervals()["upper"].to_list() == [11.0, 11.0]


def test_a_table_of_one_row_without_columns_is_protected():
    table = data("F\na 5\nb 60").table("group").protect("suppress")
    assert withheld(table) == {("a",), ("b",)}


def test_without_margins_only_the_small_cells_are_withheld():
    table = data(SMALL).table("group", "sex", margins=False).protect("suppress")
    assert withheld(table) == {("a", "M")}
    assert table.intervals().rows() == [("a", "M", 0.0, None, True)]


def test_a_table_with_one_category_has_its_margins_withheld_too():
    table = data("F M\na 5 60\nb 40 50").table("group").protect("suppress")
    assert table.report().verdict == "pass"  # a 65, b 90: nothing is small
    one = data("F M\na 5 60").table("group", "sex")
    protected = one.protect("suppress")
    # a F 5 = Total F 5 (one row): both primary; a M 60 and Total M must go with them.
    assert withheld(protected) == {("a", "F"), ("a", "M"), ("Total", "F"), ("Total", "M")}
    assert "margins" in protected.report().note


def test_a_zero_can_be_the_primary_cell_under_a_policy_without_exceptions():
    table = data("F M X\na 30 0 41\nb 25 33 27").table("group", "sex", policy="ukllc")
    protected = table.protect("suppress")
    assert ("a", "M") in withheld(protected)
    assert protected.report().verdict == "pass"


def test_reviews_can_be_withheld_too():
    table = data("F M X\na 30 0 41\nb 25 33 27\nc 20 21 22").table("group", "sex")
    assert table.protect("suppress").report().verdict == "review"
    assert table.protect("suppress", reviews=True).report().verdict == "pass"


def test_a_structural_zero_is_never_withheld():
    table = data("F M X\na 30 0 4\nb 25 33 27\nc 20 21 22").table(
        "group", "sex", structural_zeros=[{"group": "a", "sex": "M"}]
    )
    protected = table.protect("suppress")
    assert ("a", "M") not in withheld(protected)
    assert protected.report().verdict == "pass"


@pytest.mark.parametrize("statistic", ["mean", "sum"])
def test_a_mean_is_protected_against_a_reader_who_knows_all_counts(statistic):
    table = means(statistic)
    assert found(table, "threshold") == [((("a", "F"),), "fail")]
    protected = table.protect("suppress")
    assert protected.report().verdict == "pass"
    assert withheld(protected) == {("a", "F"), ("a", "M"), ("b", "F"), ("b", "M")}
    assert "how many people" in protected.report().note
    inside = protected.cells.filter(pl.col("withheld")).select(
        (pl.col("lower") - 1e-6 <= pl.col("exact")) & (pl.col("exact") <= pl.col("upper") + 1e-6)
    )
    assert inside.to_series().all()


def test_with_both_signs_nothing_limits_a_withheld_mean():
    rows = means().grid.frame  # the same cells, with values around zero
    assert rows.height == 12
    frame = pl.DataFrame(
        {
            "id": range(60),
            "group": ["a"] * 30 + ["b"] * 30,
            "sex": (["F"] * 3 + ["M"] * 27) * 1 + ["F"] * 15 + ["M"] * 15,
            "x": [float(i % 11 - 5) for i in range(60)],
        }
    )
    table = Data.read(frame, unit="id").table("group", "sex", statistic="mean", of="x")
    protected = table.protect("suppress")
    assert protected.intervals()["upper"].null_count() == 4
    assert protected.report().verdict == "review"  # negatives go to a person


def test_people_in_several_cells_are_protected_and_said_so():
    frame = pl.DataFrame(
        {
            "id": [*range(40), *range(20), *range(20, 25)],
            "year": [2019] * 40 + [2020] * 20 + [2021] * 5,
        }
    )
    table = Data.read(frame, unit="id").table("year")
    # 40 people in all, though the years add up to 65
    assert table.cells["value"].to_list() == [40, 20, 5, 40]
    protected = table.protect("suppress")
    assert protected.report().verdict == "pass"
    assert "several cells" in protected.report().note
    with pytest.raises(ProtectionError, match="controlled=False"):
        table.protect("round")
    with pytest.raises(ProtectionError, match="several cells"):
        private_count(
            Data.read(frame, unit="id"),
            "year",
            categories="public",
            epsilon=1.0,
            accountant=accountant(),
        )


@pytest.mark.parametrize("steps", [0.0, 2_000.0])
def test_a_search_that_ends_early_is_safe_and_says_how_far_it_came(monkeypatch, steps):
    monkeypatch.setattr(optimal, "MOST_STEPS", steps)
    done = data(SMALL).table("group", "sex").protect("suppress")
    protection = done.report().protection
    assert done.report().verdict == "pass"
    assert protection["optimal"] is (protection["gap"] == 0)
    assert 0 <= protection["gap"] <= 1
    assert protection["bound"] <= protection["cost"]
    assert protection["gap"] == round(1 - protection["bound"] / protection["cost"], 6)


def test_searches_that_fail_leave_a_safe_pattern_without_a_bound(monkeypatch):
    def failed(self):
        found = solve(self)
        found.status = "failed"
        return found

    solve = Model.minimise
    monkeypatch.setattr(master, "Model", type("Failing", (Model,), {"minimise": failed}))
    monkeypatch.setattr(optimal, "branch_and_cut", lambda *_: None)
    done = data(SMALL).table("group", "sex").protect("suppress")
    assert done.report().verdict == "pass"
    assert done.report().protection["optimal"] is False
    assert done.report().protection["gap"] == 1


def small_task(allowed=None):
    grid = data(SMALL).table("group", "sex").grid
    structure = structure_of(grid)
    attacks = attacks_on((grid,), structure, Policy.named("srs"))
    values = attacks[0].values
    primary = values == 3
    return pattern.Task(
        attacks=attacks,
        primary=primary,
        allowed=~structure.margin if allowed is None else allowed(primary),
        cost=values + 1,
    )


def test_a_pattern_that_does_not_do_is_ruled_out_with_all_that_is_in_it(monkeypatch):
    task = small_task()
    (cell,) = np.flatnonzero(task.primary)
    looking = search.Search(task, Effort(np.inf))
    (reader,) = looking.readers
    grown = looking.largest_unsafe(reader, int(cell), task.primary)
    # With everything withheld but one more cell of its row, or of its column, it is still known.
    assert cell in task.attacks[0].unsafe(grown)
    for other in np.flatnonzero(task.allowed & ~grown):
        more = grown.copy()
        more[other] = True
        assert cell not in task.attacks[0].unsafe(more)
    monkeypatch.setattr(search, "_LARGEST_UNSAFE_UP_TO", 0)
    plain = looking.largest_unsafe(reader, int(cell), task.primary)
    assert (plain == task.primary).all()


def test_a_mean_of_nobody_can_be_withheld_where_zeros_fail():
    rows = [(g, s, 1.0 + i % 9) for (g, s), n in EMPTY.items() for i in range(n)]
    frame = pl.DataFrame(
        {"id": range(len(rows))}
        | {name: [row[i] for row in rows] for i, name in enumerate(("group", "sex", "x"))}
    )
    table = Data.read(frame, unit="id").table(
        "group", "sex", statistic="mean", of="x", policy="ukllc"
    )
    assert table.protect("suppress").report().verdict == "pass"


EMPTY = {("a", "F"): 30, ("a", "X"): 41, ("b", "F"): 25, ("b", "M"): 33, ("b", "X"): 27} | {
    ("c", "F"): 20,
    ("c", "M"): 21,
    ("c", "X"): 22,
}


def test_whole_people_can_be_moved_where_fractions_mislead():
    task = small_task()
    withheld = task.primary.copy()
    growth = pattern.Growth(
        task, task.allowed | task.primary, task.cost, Effort(np.inf), whole=True
    )
    assert growth.until_safe_in_whole_numbers(withheld)
    assert withheld.sum() == 4
    assert optimal.cheapest_pattern(small_task(allowed=lambda primary: primary)) is None


def test_where_no_flow_is_found_everything_is_withheld_that_can_be_and_then_less(monkeypatch):
    monkeypatch.setattr(pattern._Flow, "moved", lambda self, cell, way, price: None)
    assert data(SMALL).table("group", "sex").protect("suppress").report().verdict == "pass"


def odd_cycle(right):
    """Three cells, each two of which add up to `right`: in fractions each is half of it."""
    return Published(
        relations=csr_matrix(np.array([[1.0, 1, 0], [0, 1, 1], [1, 0, 1]])),
        excess=np.full(3, float(right)),
        values=np.full(3, np.nan),
        lower=np.zeros(3),
        upper=np.full(3, np.inf),
        whole=True,
        flat=False,
    )


def test_published_values_that_no_whole_people_fit_are_refused():
    lower, upper = attainable(odd_cycle(2))
    assert lower.tolist() == upper.tolist() == [1, 1, 1]
    with pytest.raises(ValueError, match="whole numbers"):
        attainable(odd_cycle(1))
    with pytest.raises(ValueError, match="contradict"):
        attainable(odd_cycle(-1))


def test_a_pattern_that_the_audit_breaks_is_refused(monkeypatch):
    monkeypatch.setattr(
        withstanding,
        "cheapest_pattern",
        lambda task: optimal.Pattern(withheld=task.primary, bound=0.0, proven=True),
    )
    with pytest.raises(ProtectionError, match="audit"):
        data(SMALL).table("group", "sex").protect("suppress")


def test_where_no_pattern_is_found_the_advice_is_to_coarsen(monkeypatch):
    monkeypatch.setattr(withstanding, "cheapest_pattern", lambda task: None)
    with pytest.raises(ProtectionError, match="coarser"):
        data(SMALL).table("group", "sex").protect("suppress")


# Failing closed


@pytest.mark.parametrize(
    ("method", "options", "says"),
    [
        ("supress", {}, 'Did you mean "suppress"'),
        ("swap", {}, "Known: suppress, round, midpoint, cell-key, noise"),
        ("suppress", {"bas": 5}, 'Did you mean "base"'),
        ("suppress", {"base": 0}, "base cannot be 0"),
        ("suppress", {"reviews": 1}, "reviews cannot be 1"),
        ("round", {"base": 2.5}, "base cannot be 2.5"),
        ("noise", {}, "needs epsilon"),
    ],
)
def test_a_misspelt_protection_raises(method, options, says):
    with pytest.raises(ProtectionError, match=says):
        data(SMALL).table("group", "sex").protect(method, **options)


def test_a_second_different_protection_raises():
    table = data(SMALL).table("group", "sex").protect("suppress")
    assert table.protect("suppress", base=1) is table
    with pytest.raises(ProtectionError, match="protected already"):
        table.protect("round")
    with pytest.raises(ProtectionError, match="protected already"):
        table.protect("suppress", reviews=True)


def test_a_value_that_is_zero_everywhere_cannot_be_protected():
    table = valued({"a": [0.0] * 20, "b": [0.0] * 30}).table("group", statistic="sum", of="x")
    with pytest.raises(ProtectionError):
        table.protect("suppress")


def test_coarsening_is_a_protection_like_the_others():
    table = data("F M\na 10 20\nb 4 40").table("group", "sex")
    coarser = table.protect("coarsen", along={"group": "rare"})
    assert coarser.report().verdict in {"pass", "review"}
    assert coarser.declaration.merges
    assert coarser.protect("coarsen").released().equals(coarser.released())
    assert rebuild(coarser.declaration, table.source).released().equals(coarser.released())
    with pytest.raises(ProtectionError, match="unknown option of coarsen"):
        table.protect("coarsen", allong={})
