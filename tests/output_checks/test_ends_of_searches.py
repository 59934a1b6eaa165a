"""What searches and checks say where they cannot go on, or have nothing to go on with."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy.sparse import csr_matrix

from output_checks import Data, Policy, ProtectionError
from output_checks.findings import Finding
from output_checks.protect import intervals, parts, single_sums, suppression, told_by_values
from output_checks.protect.attackers import attacks_on
from output_checks.protect.intervals import Published, work_out
from output_checks.protect.structure import structure_of, sums
from output_checks.words import Verdict


def read(rows, names):
    return Data.read(pl.DataFrame(rows, schema=names, orient="row").with_row_index("id"), unit="id")


def test_a_pattern_that_the_rule_on_withheld_cells_fails_is_not_given_out(monkeypatch):
    found = Finding(
        rule="withheld_cells",
        severity=Verdict.FAIL,
        message="It has 3 to 4 people.",
        remedy="Coarsen.",
    )
    monkeypatch.setattr(suppression, "judge", lambda *_asked: [found])
    table = read([(g,) for g in "a" * 3 + "b" * 20 + "c" * 30], ["g"]).table("g")
    with pytest.raises(ProtectionError, match=r"It has 3 to 4 people\. Make the table coarser"):
        table.protect("suppress")


def test_a_denominator_of_both_signs_is_not_rounded():
    rows = [(g, 5.0, y) for g in "ab" for y in [-1.0] * 12 + [3.0] * 40]
    table = read(rows, ["g", "x", "y"]).table("g", statistic="ratio", of="x", per="y")
    with pytest.raises(ProtectionError, match="the denominator has amounts of both signs"):
        parts._denominators(table.plain, 1.0)


def test_of_nobody_no_amount_is_usual():
    assert parts._most_usual(np.zeros(2), np.zeros(2), 10) == 1.0


@pytest.mark.parametrize(
    ("statistic", "people", "value"),
    [("std", 20, lambda a, b: 10.0 * a), ("mean", 2, lambda a, b: 10.0 * ((a + b) % 3))],
)
def test_no_dimension_tells_values_that_no_sum_shows_or_that_agree_by_chance(
    statistic, people, value
):
    rows = [(a, b, value(a, b)) for a in range(3) for b in range(3) for _ in range(people)]
    table = read(rows, ["a", "b", "v"]).table("a", "b", statistic=statistic, of="v")
    assert list(told_by_values._values(table.plain)) == []


def test_a_reader_of_bounds_who_knows_of_no_dimension_in_which_everybody_is_once_knows_less():
    rows = [(n, s, "y") for n, s in enumerate("F" * 15 + "M" * 60)]
    rows += [(n, s, "x") for n, s, _ in rows if n % 15 < 4]
    frame = pl.DataFrame(rows, schema=["id", "s", "d"], orient="row")
    table = Data.read(frame, unit="id").table("d", "s")
    structure = structure_of(table.plain)
    (attack,) = attacks_on([table.plain], structure, Policy.named("srs"))
    withheld = structure.from_grid(table.plain.frame["units"].to_numpy() > 10)
    none = replace(attack, apart=None)
    assert set(none.unsafe_by_bounds(withheld)) <= set(attack.unsafe_by_bounds(withheld))


def test_single_sums_end_after_some_rounds_with_what_is_true(monkeypatch):
    matrix, right = csr_matrix([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]]), np.array([5.0, 3.0])
    known = np.zeros(3), np.full(3, np.inf)
    ends = single_sums.by_single_sums(matrix, (right, right), known, whole=True)
    monkeypatch.setattr(single_sums, "_MOST_ROUNDS", 1)
    sooner = single_sums.by_single_sums(matrix, (right, right), known, whole=True)
    assert (sooner[0] <= ends[0]).all()
    assert (sooner[1] >= ends[1]).all()


def test_a_table_found_that_does_not_fit_what_is_published_is_not_kept(monkeypatch):
    inner = np.array([[3.0, 12], [20, 15]])
    cells = np.vstack([inner, inner.sum(axis=0)])
    cells = np.hstack([cells, cells.sum(axis=1, keepdims=True)])
    hidden = np.zeros((3, 3), dtype=bool)
    hidden[:2, :2] = True
    relations = sums((3, 3))
    none = np.zeros(relations.shape[0])
    published = Published(
        relations=relations,
        excess=none,
        most=none,
        values=np.where(hidden, np.nan, cells).reshape(-1),
        lower=np.zeros(9),
        upper=np.full(9, np.inf),
        whole=True,
        flat=True,
    )
    exact = work_out(published)
    assert (exact.lower[0], exact.upper[0]) == (0, 15)
    monkeypatch.setattr(intervals._Search, "_fits", lambda self, values: False)
    found = work_out(published)
    assert (found.floor[0], found.ceiling[0]) == (0, 15)
