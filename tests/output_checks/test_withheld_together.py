"""Withheld sums meet the policy's own dominance and p % rules, alone and together."""

from dataclasses import replace

import numpy as np
import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from output_checks import Data, Policy, ProtectionError, check_together, protect_together
from output_checks.protect import withstanding
from output_checks.protect.attackers import attacks_on
from output_checks.protect.structure import structure_of
from output_checks.rules.withheld_sums import needed_above, ranks_of_sums
from output_checks.words import Verdict

SRS = Policy.named("srs")
FAILS = 2
EVEN = [("C", 1000.0 + 30 * n) for n in range(30)] + [("D", 1000.0 + 15 * n) for n in range(60)]
SMALL = [("A", 50_000.0), ("A", 3.0)] + [("B", 5.0 + n) for n in range(9)]


def data(rows, names=("g", "x")):
    return Data.read(pl.DataFrame(rows, schema=names, orient="row").with_row_index("id"), unit="id")


def sums(rows, **more):
    return data(rows).table("g", statistic="sum", of="x", **more)


def withheld(table, column="g"):
    return table.cells.filter("withheld")[column].to_list()


def judged(amounts, policy=SRS):
    """The rank of a cell of these amounts, by its definition."""
    first, second = sorted((*map(abs, amounts), 0.0, 0.0))[-1:-3:-1]
    total = sum(map(abs, amounts))
    return int(ranks_of_sums(*map(np.array, (first, second, total)), policy))


def test_nobody_bounds_who_dominates_a_withheld_sum_within_the_p_percent():
    done = sums(SMALL + EVEN).protect("suppress")
    (upper,) = done.intervals().filter(pl.col("g") == "A")["upper"]
    # the second in A knows 3, and that A is no more than this
    assert upper - 3 >= 50_000 * (1 + SRS.p_percent / 100)
    assert done.report().verdict != "fail"


def test_what_is_left_of_a_total_passes_like_a_cell():
    """Somebody large in another withheld cell knows nearly all that its own upper end hides."""
    rows = SMALL + [("B", 49_000.0)] + EVEN + [("E", 1500.0 + n) for n in range(60)]
    done = sums(rows).protect("suppress")
    hidden = withheld(done)
    amounts = [x for g, x in rows if g in hidden]
    assert {"A", "B"} < set(hidden)
    assert judged(amounts) < FAILS
    told = done.report().protection
    assert done.report().verdict != "fail"
    assert told["cost"] >= told["bound"]
    assert told["complementary"] == len(hidden) - told["primary"]


def test_people_in_several_cells_are_one_contributor_to_a_line():
    """One with 30,000 in A and in B has 60,000 of them together."""
    rows = [(0, "A", 30_000.0), (0, "B", 30_000.0), (1, "A", 3.0)]
    rows += [(n, "B", 6.0) for n in range(2, 14)]
    rows += [(n, g, 1000.0 + n) for g in "CD" for n in range(20, 60)]
    rows += [(n, "E", 1000.0 + n) for n in range(100, 160)]
    frame = pl.DataFrame(rows, schema=["id", "g", "x"], orient="row")
    done = Data.read(frame, unit="id").table("g", statistic="sum", of="x").protect("suppress")
    hidden = frame.filter(pl.col("g").is_in(withheld(done)))
    assert judged(hidden.group_by("id").agg(pl.col("x").sum())["x"].to_list()) < FAILS


def test_reviews_ask_it_of_what_a_person_would_look_at():
    done = sums(SMALL + EVEN).protect("suppress", reviews=True)
    assert judged([x for g, x in SMALL + EVEN if g in withheld(done)]) == 0
    assert done.report().verdict == "pass"


def test_outputs_protected_together_are_judged_alike():
    table = sums(SMALL + [("B", 49_000.0)] + EVEN + [("E", 1500.0 + n) for n in range(60)])
    done, _ = protect_together([table, table.source.table("g")])
    assert set(withheld(done)) == set(withheld(table.protect("suppress")))


def test_a_table_withheld_by_another_policy_is_judged_by_this_one():
    lax = replace(
        SRS, name="lax", sources={}, p_percent=0.0, dominance_2_fail=100.0, dominance_2_review=100.0
    )
    lax = replace(lax, dominance_1_review=100.0)
    done = sums(SMALL + EVEN, policy=lax).protect("suppress")
    told = done.report("srs")
    assert told.verdict == "fail"
    assert "withheld_cells" in {one.rule for one in told.findings}


def test_where_the_total_is_dominated_too_nothing_limits_who_dominates():
    rows = [("A", 50_000.0), ("A", 3.0)] + [("B", 5.0 + n) for n in range(20)]
    done = sums(rows).protect("suppress")
    assert {"A", "Total"} <= set(withheld(done))
    assert done.intervals().filter(pl.col("g") == "A")["upper"].to_list() == [None]


def test_a_ratio_is_judged_by_its_parts():
    rows = [(g, x, x / 2) for g, x in [*SMALL, ("B", 49_000.0), *EVEN]]
    rows += [("E", 1500.0 + n, 700.0 + n) for n in range(60)]
    table = data(rows, ("g", "x", "per")).table("g", statistic="ratio", of="x", per="per")
    hidden = withheld(table.protect("suppress"))
    for column in (1, 2):
        assert judged([row[column] for row in rows if row[0] in hidden]) < FAILS


def test_the_subtraction_of_two_outputs_is_not_worse_than_that_of_one():
    done = sums(SMALL + EVEN).protect("suppress")
    shown = [one for one in "ABCD" if one not in withheld(done)]
    where = " OR ".join(f"g = '{one}'" for one in shown)
    rest = sums(SMALL + EVEN, where=where)
    assert check_together([done, rest]).verdict != "fail"


amounts = st.lists(st.integers(1, 40), min_size=1, max_size=6)


@given(amounts)
def test_what_is_needed_is_what_others_would_have_to_add(contributions):
    """With just so much more from others a cell passes, and with less it fails."""
    first, second = sorted((*contributions, 0))[-1:-3:-1]
    total = float(sum(contributions))
    parts = [np.array(float(one)) for one in (first, second)]
    need = float(needed_above(*parts, np.array(total), SRS))
    fails = [
        int(ranks_of_sums(*parts, np.array(total + more), SRS)) == FAILS
        for more in (need * (1 + 1e-9) + 1e-6, need * 0.99)
    ]
    assert fails == [False, need > 1e-9]  # less is the last bit of a float


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.sampled_from("ABCDEF"), amounts, min_size=3), st.integers(0, 9))
def test_a_table_of_sums_that_is_given_out_hides_who_dominates(cells, seed):
    policy = replace(SRS, name="few", sources={}, threshold=2, all_equal=Verdict.PASS)
    rng = np.random.default_rng(seed)
    rows = [(g, float(x)) for g, some in cells.items() for x in some]
    rows += [("Z", float(x)) for x in rng.integers(20, 40, 12)]
    table = sums(rows, policy=policy)
    try:
        done = table.protect("suppress")
    except ProtectionError:
        assume(False)
        return
    hidden = withheld(done)
    assert not hidden or judged([x for g, x in rows if g in hidden], policy) < FAILS


def test_no_safe_pattern_moves_less_than_the_search_asks_of_all():
    """Whatever interval is safe, its cell goes up and in all as far as `needs` says."""
    table = sums(SMALL + EVEN)
    structure = structure_of(table.grid)
    attack = attacks_on(table.grids, structure, SRS)[1]
    up, width = attack.needs()
    assert (up > 0).any()
    for cell, value in enumerate(attack.values):
        for low in np.linspace(0, value, 7):
            for high in value + np.linspace(0, 3 * value + 1, 13):
                if attack.is_safe(cell, low, high):
                    assert high - value >= up[cell]
                    assert high - low >= width[cell]
        for down, rise in attack.moves(cell):
            assert attack.is_safe(cell, value - down, value + rise)


def test_after_some_searches_what_is_withheld_stays_and_the_rest_is_looked_for(monkeypatch):
    chance = np.random.default_rng(3)
    people = 1_500
    frame = pl.DataFrame(
        {
            "id": np.arange(people),
            "a": chance.integers(0, 6, people).astype(str),
            "b": chance.integers(0, 8, people).astype(str),
            "x": chance.zipf(1.6, people).clip(0, 1e7) * 10.0,
        }
    )
    table = Data.read(frame, unit="id").table("a", "b", statistic="sum", of="x")
    whole = table.protect("suppress")
    monkeypatch.setattr(withstanding, "_SEARCHES", 0)
    kept = table.protect("suppress")
    for done in (whole, kept):
        report = done.report()
        assert report.verdict != "fail"
        assert report.protection["cost"] >= report.protection["bound"]
        hidden = int(done.cells["withheld"].sum())
        assert hidden == report.protection["primary"] + report.protection["complementary"]
    assert kept.report().protection["bound"] == whole.report().protection["bound"]
