"""Means, shares and sums beside counts: what they say of withheld numbers of people."""

import json
from dataclasses import replace
from itertools import product

import numpy as np
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from output_checks import Data, Policy
from output_checks.linked import check_together, protect_together
from output_checks.rules.threshold import is_wide

COUNTS = [[4, 20, 31], [15, 17, 40], [33, 45, 16]]
IN_MEANS = [("r1", "c1"), ("r1", "c3"), ("r3", "c1"), ("r3", "c3")]
IN_COUNTS = [("r1", "c1"), ("r1", "c2"), ("r2", "c1"), ("r2", "c2")]
TINY = replace(Policy.named("srs"), name="tiny", threshold=3)


def people(counts, *, seed=1, **options):
    """Everybody of a table r by c, each with a number and a yes or no."""
    chance = np.random.default_rng(seed)
    cells = [
        (f"r{i + 1}", f"c{j + 1}", count)
        for i, row in enumerate(counts)
        for j, count in enumerate(row)
    ]
    rows = [(row, column) for row, column, count in cells for _ in range(count)]
    frame = pl.DataFrame(
        {"id": range(len(rows)), "r": [row for row, _ in rows], "c": [one for _, one in rows]}
    ).with_columns(
        x=np.round(chance.uniform(10, 90, len(rows)), 1),
        yes=chance.random(len(rows)) < np.linspace(0.3, 0.7, len(rows)),
    )
    return frame, Data.read(frame, unit="id", name="people", **options)


def suppressed(table, cells=()):
    also = [json.dumps({"r": row, "c": column}) for row, column in cells]
    return table.protect("suppress", also=also)


def withheld_in(table):
    chosen = table.cells.filter("withheld").select("r", "c")
    return sorted(chosen.rows())


def told(report):
    """The withheld cells that are found, with the verdict on each."""
    return {
        (name, tuple(cell.values())): str(one.severity)
        for one in report.findings
        for name, cell in one.cells
        if cell
    }


def marked(table, cells):
    """The table with these cells withheld in all its statistics, whatever that is good for."""
    places = [tuple(table.grid.place(cell).values()) for cell in range(table.grid.size)]
    withheld = pl.Series([place in cells for place in places])
    grids = []
    for grid in table.grids:
        shown = pl.select(pl.when(~withheld).then(grid.frame["value"])).to_series()
        grids.append(grid.with_columns(withheld=withheld, value=shown))
    return replace(table, grids=tuple(grids))


# What means of other cells tell


def test_withheld_counts_are_solved_from_shown_means():
    _, data = people(COUNTS)
    counts = suppressed(data.table("r", "c"))
    means = suppressed(data.table("r", "c", statistic="mean", of="x"), IN_MEANS[1:])
    assert withheld_in(counts) == IN_COUNTS
    assert withheld_in(means) == IN_MEANS
    assert [check_together([one]).verdict for one in (counts, means)] == ["pass", "pass"]
    report = check_together({"counts": counts, "means": means})
    assert told(report) == {("counts", cell): "fail" for cell in IN_COUNTS}
    first = report.findings[0]
    assert "c = c1 is withheld, but it has 4 people" in first.message
    assert (first.rule, first.outputs) == ("linked_tables", ("counts", "means"))


def test_withheld_counts_are_solved_from_shown_shares():
    _, data = people(COUNTS)
    counts = suppressed(data.table("r", "c"))
    shares = marked(data.table("r", "c", statistic="proportion", of="yes"), set(IN_MEANS))
    report = check_together({"counts": counts, "shares": shares})
    of_counts = {one: it for one, it in told(report).items() if one[0] == "counts"}
    assert of_counts == {("counts", cell): "fail" for cell in IN_COUNTS}


def test_ratios_to_the_same_amount_for_everybody_are_means():
    _, data = people(COUNTS)
    counts = suppressed(data.table("r", "c"), IN_COUNTS)
    for base, wanted in (("2.5", 4), ("x + 1", 0), ("CASE WHEN r = 'r1' THEN 1 ELSE 2 END", 0)):
        ratios = data.table("r", "c", statistic="ratio", of="x", per="base", derive={"base": base})
        report = check_together({"counts": counts, "ratios": suppressed(ratios, IN_MEANS)})
        fails = [one for one, it in told(report).items() if one[0] == "counts" and it == "fail"]
        assert len(fails) == wanted  # of other ratios only who knows their people can tell


def test_what_is_out_already_is_not_found_again():
    _, data = people(COUNTS)
    counts = suppressed(data.table("r", "c"))
    means = suppressed(data.table("r", "c", statistic="mean", of="x"), IN_MEANS[1:])
    for new, old in [("counts", "means"), ("means", "counts")]:
        both = {"counts": counts, "means": means}
        report = check_together({new: both[new]}, released={old: both[old]})
        assert {one.rule for one in report.findings} == {"differencing"}
        assert len(told(report)) == 4
    again = check_together({"again": counts}, released={"counts": counts, "means": means})
    assert again.verdict == "pass"


def test_the_same_cells_withheld_in_both_stay_unknown():
    _, data = people(COUNTS)
    counts = suppressed(data.table("r", "c"))
    means = suppressed(data.table("r", "c", statistic="mean", of="x"), IN_COUNTS)
    assert check_together([counts, means]).verdict == "pass"
    # one table of both: people and sums of a withheld cell are two unknowns
    both = data.table("r", "c", statistic=["count", "mean"], of="x").protect("suppress")
    assert check_together([both]).verdict == "pass"
    assert check_together([both, data.table("r"), data.table("c")]).verdict == "pass"


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.lists(st.lists(st.integers(1, 6), min_size=3, max_size=3), min_size=2, max_size=3),
    st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2),
    st.integers(0, 99),
)
def test_in_one_table_means_tell_nothing_more_of_counts(counts, cells, seed):
    _, data = people(counts, seed=seed, policy=TINY)
    both = data.table("r", "c", statistic=["count", "mean"], of="x")
    labels = [*(f"r{i + 1}" for i in range(len(counts))), "Total"]
    hidden = {(labels[i % len(labels)], "Total" if j == 3 else f"c{j + 1}") for i, j in cells} - {
        ("Total", "Total")
    }
    alone = check_together({"n": marked(data.table("r", "c"), hidden)})
    report = check_together({"n": marked(both, hidden)})
    assert told(report) == told(alone)


def test_protected_together_they_withhold_the_same():
    _, data = people(COUNTS)
    tables = [data.table("r", "c"), data.table("r", "c", statistic="mean", of="x")]
    done = protect_together(tables)
    assert withheld_in(done[0]) == withheld_in(done[1])
    assert check_together(done).verdict == "pass"


def test_a_mean_and_a_sum_tell_how_many():
    _, data = people(COUNTS)
    counts = suppressed(data.table("r", "c"))
    both = data.table("r", "c", statistic=["mean", "sum"], of="x")
    some = marked(both, {("r1", "c1"), ("r3", "c3")})
    found = told(check_together({"counts": counts, "both": some}))
    assert set(found) >= {("counts", cell) for cell in IN_COUNTS}


def test_people_without_a_value_are_people_nobody_knows_the_number_of():
    frame, _ = people(COUNTS)
    some = frame.with_columns(x=pl.when(pl.col("id") % 7 != 3).then("x"))
    data = Data.read(some, unit="id", name="people")
    counts = suppressed(data.table("r", "c"))
    means = suppressed(data.table("r", "c", statistic="mean", of="x"), IN_MEANS[1:])
    found = check_together([counts, means]).findings
    assert all("lets one guess of how many people it is" in one.message for one in found)
    # with a value are all whom both tables are of
    whole = "x IS NOT NULL"
    counts = suppressed(data.table("r", "c", where=whole), IN_COUNTS)
    means = suppressed(data.table("r", "c", statistic="mean", of="x", where=whole), IN_MEANS)
    assert set(told(check_together([counts, means]))) == {("output 1", one) for one in IN_COUNTS}


def test_the_digits_of_a_share_tell_of_what_people_are_a_multiple():
    frame, _ = people(COUNTS)
    yes = pl.int_range(pl.len()).over("r", "c") < pl.when(pl.col("r") == "r1").then(7).otherwise(5)
    data = Data.read(frame.with_columns(yes=yes), unit="id", name="people")
    counts = suppressed(data.table("r", "c"))
    shares = data.table("r", "c", statistic="proportion", of="yes")
    # 7 of 20 is 0.35, of 20, 40 … people; no other share is shown, so that there is no equation
    others = {tuple(place.values()) for place in map(shares.grid.place, range(shares.grid.size))}
    some = marked(shares, others - {("r1", "c2")})
    report = check_together({"counts": counts, "shares": some})
    found = told(report).items()
    assert {one: it for one, it in found if one[0] == "counts"} == {
        ("counts", cell): "fail" for cell in IN_COUNTS
    }


def test_few_people_between_a_count_and_a_mean_go_to_a_person():
    frame, data = people(COUNTS)
    counts = data.table("c")
    means = data.table("r", statistic="mean", of="x", where="id <> 3")
    for released in ({}, {"counts": counts}):
        new = {"means": means} | ({} if released else {"counts": counts})
        (found,) = check_together(new, released=released).findings
        assert (found.severity, found.arithmetic) == ("review", "221 - 220 = 1")
        assert found.outputs == ("counts", "means")
        assert "does not show its people, but its digits may" in found.message
    assert check_together({"c": data.table("c", where="id <> 3"), "means": means}).verdict == "pass"
    some = frame.with_columns(x=pl.when(pl.col("id") != 4).then("x"))
    data = Data.read(some, unit="id", name="people")
    means = data.table("r", statistic="mean", of="x", where="id <> 3")
    assert check_together([data.table("c"), means]).verdict == "pass"


def test_means_that_are_all_the_same_tell_counts_only_to_who_knows_their_people():
    frame, _ = people(COUNTS)
    data = Data.read(frame.with_columns(x=pl.lit(12.1)), unit="id", name="people")
    counts = marked(data.table("r", "c"), set(IN_COUNTS))
    means = data.table("r", "c", statistic="mean", of="x")
    report = check_together([counts, means])
    assert set(told(report).values()) == {"review"}
    assert (
        "as whoever knows how many people are behind other figures can tell"
        in report.findings[0].message
    )


def test_where_only_the_last_digits_tell_a_person_must_look():
    frame, _ = people(COUNTS)
    near = frame.with_columns(x=1e6 + pl.col("x") * 1e-7)
    data = Data.read(near, unit="id", name="people")
    counts = marked(data.table("r", "c"), set(IN_COUNTS))
    means = data.table("r", "c", statistic="mean", of="x")
    assert set(told(check_together([counts, means])).values()) == {"review"}


def test_weighted_means_tell_counts_only_to_who_knows_their_people():
    frame, _ = people(COUNTS)
    data = Data.read(frame.with_columns(w=pl.col("x") + 1), unit="id", name="people")
    counts = suppressed(data.table("r", "c"))
    weighted = marked(data.table("r", "c", statistic="mean", of="x", weight="w"), set(IN_MEANS))
    report = check_together([counts, weighted])
    assert set(told(report).values()) == {"review"}
    same = marked(data.table("r", "c", statistic="mean", of="x", weight="w"), set(IN_COUNTS))
    assert check_together([counts, same]).together == "pass"


def test_whole_people_leave_one_number_where_fractions_would_leave_many():
    # 3 withheld in each of 2 rows: 2 ways to move, and one mean of a row less than that
    _, data = people([[12, 14, 15, 30], [13, 16, 17, 30], [40, 40, 40, 40]])
    hidden = {(f"r{i}", f"c{j}") for i in (1, 2) for j in (1, 2, 3)}
    counts = marked(data.table("r", "c"), hidden)
    means = data.table("r", "c", statistic="mean", of="x")
    lower = {(f"r{i}", f"c{j}") for i in (2, 3) for j in (1, 2, 3, 4)}
    means = marked(means, lower)  # only the equation of row r1 is left
    assert check_together([counts]).verdict == "pass"
    assert set(told(check_together({"n": counts, "m": means}))) == {("n", one) for one in hidden}


# Against brute force: every table of whole numbers that fits

INNER = [(f"r{i + 1}", f"c{j + 1}") for i, j in product(range(2), range(3))]
PLACES = list(product(("r1", "r2", "Total"), ("c1", "c2", "c3", "Total")))
small = st.lists(st.lists(st.integers(1, 6), min_size=3, max_size=3), min_size=2, max_size=2)


def parts_of(place):
    return [
        number
        for number, cell in enumerate(INNER)
        if all(label in (own, "Total") for own, label in zip(cell, place, strict=True))
    ]


def worlds(counts, hidden):
    """Every table with the margins of this one, and with the cells that are not hidden."""
    truth = np.array(counts)
    found = []
    for first in product(*(range(one + 1) for one in truth.sum(axis=0))):
        table = np.array([first, truth.sum(axis=0) - first])
        if (table.sum(axis=1) == truth.sum(axis=1)).all():
            found.append(table.reshape(-1))
    shown = [number for number, cell in enumerate(INNER) if cell not in hidden]
    tried = np.array(found)
    return tried[(tried[:, shown] == truth.reshape(-1)[shown]).all(axis=1)]


def fitting(tried, means):
    """Those for which there are sums of the cells that give all the means."""
    of_sums = np.zeros((len(means), 6))
    for number, place in enumerate(means):
        of_sums[number, parts_of(place)] = 1.0
    numbers = [mean * tried[:, parts_of(place)].sum(axis=1) for place, mean in means.items()]
    wanted = np.array(numbers).reshape(len(means), len(tried))
    solved = np.linalg.lstsq(of_sums, wanted, rcond=None)[0]
    return tried[(np.abs(of_sums @ solved - wanted) < 1e-7).all(axis=0)]


def whole(tried, means, table):
    """Those in which people times their mean have as many decimals as the data have."""
    sums = table.grid.frame["sum"].to_numpy()
    scale = 10 if np.abs(sums - np.round(sums)).max() > 1e-6 else 1
    for place, mean in means.items():
        amounts = scale * mean * tried[:, parts_of(place)].sum(axis=1)
        tried = tried[np.abs(amounts - np.round(amounts)) < 1e-6]
    return tried


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    small,
    st.sets(st.sampled_from(INNER), min_size=4),
    st.sets(st.sampled_from(PLACES), max_size=6),
    st.integers(0, 99),
    st.booleans(),
)
def test_every_count_that_means_leave_too_narrow_is_found(counts, hidden, blank, seed, same):
    frame, data = people(counts, seed=seed, policy=TINY)
    if same:  # means that several cells have in common tell less
        data = Data.read(
            frame.with_columns(x=(pl.col("c") == "c1") * 2.5), unit="id", name="p", policy=TINY
        )
    table = data.table("r", "c", statistic="mean", of="x")
    means = {
        tuple(table.grid.place(cell).values()): value
        for cell, value in enumerate(table.grid.frame["value"])
    }
    shown = {place: mean for place, mean in means.items() if place not in blank}
    left = whole(fitting(worlds(counts, hidden), shown), shown, table)
    narrow = {
        cell
        for cell in hidden
        for spans in [left[:, INNER.index(cell)]]
        if not is_wide(spans.min(), spans.max(), 3)
    }
    report = check_together(
        {"counts": marked(data.table("r", "c"), hidden), "means": marked(table, blank)}
    )
    found = {cell: severity for (name, cell), severity in told(report).items() if name == "counts"}
    assert narrow <= set(found)
    assert {found[cell] for cell in set(found) - narrow} <= {"review"}
