"""The exact check against brute force: every world that fits what is published, one by one."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import polars as pl
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from output_checks import Data, OutputCheckError, Policy
from output_checks.linked import check_together
from output_checks.rules.threshold import is_wide

TINY = replace(Policy.named("srs"), name="tiny", threshold=3)
PLACES = list(product((0, 1), repeat=3))
MOST_WORLDS = 3_000
quick = settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
counts_of_8 = st.lists(st.integers(0, 3), min_size=8, max_size=8)
asked = st.tuples(
    st.sets(st.sampled_from("abc"), min_size=1, max_size=3),
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 1), max_size=2),
    st.booleans(),
)


def data_of(counts):
    rows = [place for place, count in zip(PLACES, counts, strict=True) for _ in range(count)]
    labels = {name: [f"{name}{row[i]}" for row in rows] for i, name in enumerate("abc")}
    frame = pl.DataFrame({"id": range(len(rows))} | labels)
    # every label occurs, so that both answers are known to be possible
    assume(all(frame[name].n_unique() == 2 for name in "abc") if rows else False)
    return Data.read(frame, unit="id", name="tiny", policy=TINY)


def tables_of(data, questions):
    tables = {}
    for number, (dimensions, where, margins) in enumerate(questions):
        text = " AND ".join(f"{name} = '{name}{label}'" for name, label in where.items())
        try:
            tables[f"t{number}"] = data.table(sorted(dimensions), where=text, margins=margins)
        except OutputCheckError:  # nobody is in it
            assume(False)
    return tables


def atoms_of(table, cell):
    """Which of the eight combinations a cell is the sum of."""
    parts = filter(None, table.declaration.where.split(" AND "))
    wanted = {name: text.strip("'") for name, text in (one.split(" = ") for one in parts)}
    labels = [(name, label) for name, label in cell.items() if label != "Total"]
    return frozenset(
        number
        for number, place in enumerate(PLACES)
        if all(f"{name}{place['abc'.index(name)]}" == label for name, label in wanted.items())
        and all(f"{name}{place['abc'.index(name)]}" == label for name, label in labels)
    )


def known_sums(tables):
    found = []
    for table in tables.values():
        for row in table.released().to_dicts():
            value = row.pop("value")
            if value is not None:
                found.append((atoms_of(table, row), value))
    return found


def worlds(sums):
    """All combinations of eight counts that fit the sums; 0 or 9 where nothing limits one."""
    found = []

    def put(number, world, left):
        assume(len(found) <= MOST_WORLDS)
        if number == 8:
            found.append(world)
            return
        inside = [i for i, (atoms, _) in enumerate(sums) if number in atoms]
        choices = range(min(left[i] for i in inside) + 1) if inside else (0, 9)
        for count in choices:
            rest = [one - count * (i in inside) for i, one in enumerate(left)]
            if all(rest[i] == 0 for i in inside if max(sums[i][0]) == number):
                put(number + 1, [*world, count], rest)

    put(0, [], [value for _, value in sums])
    return np.array(found)


def pinned_groups(possible, truth, threshold):
    """Groups of combinations that are just as many people in every world, 1 to threshold - 1."""
    live = [number for number in range(8) if possible[:, number].any()]
    return {
        frozenset(group)
        for size in range(1, len(live) + 1)
        for group in combinations(live, size)
        if 1 <= truth[list(group)].sum() < threshold
        and len(set(possible[:, list(group)].sum(axis=1))) == 1
    }


def shown_with(atom, sums):
    """The smallest published number that a combination is part of."""
    return min((value for atoms, value in sums if atom in atoms), default=np.inf)


@quick
@given(counts_of_8, st.lists(asked, min_size=2, max_size=4))
def test_a_small_group_is_found_just_where_every_world_has_it(counts, questions):
    truth = np.array(counts)
    tables = tables_of(data_of(counts), questions)
    sums = known_sums(tables)
    possible = worlds(sums)
    live = frozenset(number for number in range(8) if possible[:, number].any())
    groups = [
        group
        for group in pinned_groups(possible, truth, 3)
        if any(truth[one] and truth[list(group)].sum() < shown_with(one, sums) for one in group)
    ]
    fails = [one for one in check_together(tables).findings if one.severity == "fail"]
    if groups:
        assert fails
    for one in fails:  # each is a group of 1 or 2 that is the same in every world
        taken = np.zeros(8)
        for term in one.terms:
            taken[list(atoms_of(tables[term.output], term.cell))] += term.times
        group = [number for number in live if taken[number]]
        assert set(taken[group]) == {1}
        assert set(possible[:, group].sum(axis=1)) == {truth[group].sum()}
        assert 1 <= truth[group].sum() < 3


def with_withheld(table, withheld):
    grid = table.grid.with_columns(withheld=withheld)
    shown = pl.when(~pl.Series(withheld)).then(grid.frame["value"])
    return replace(table, grids=(grid.with_columns(value=pl.select(shown).to_series()),))


@quick
@given(counts_of_8, st.lists(asked, min_size=1, max_size=2), st.randoms(use_true_random=False))
def test_a_withheld_cell_is_found_just_where_its_interval_is_narrow(counts, questions, chance):
    data = data_of(counts)
    tables = tables_of(data, questions) | {"whole": data.table("a", "b")}
    for name, table in tables.items():
        withheld = [chance.random() < 0.4 for _ in range(table.grid.size)]
        withheld[-1] = withheld[-1] and name != "whole"  # how many there are is known
        tables[name] = with_withheld(table, withheld)
    possible = worlds(known_sums(tables))
    narrow = set()
    for table in tables.values():
        for cell in np.flatnonzero(table.grid.frame["withheld"].to_numpy()):
            atoms = atoms_of(table, table.grid.place(int(cell)))
            spans = possible[:, sorted(atoms)].sum(axis=1)
            if atoms and not is_wide(spans.min(), spans.max(), 3):
                narrow.add(atoms)
    found = {
        atoms_of(tables[name], cell)
        for one in check_together(tables).findings
        for name, cell in one.cells
    }
    assert found == narrow


@quick
@given(counts_of_8, st.lists(asked, min_size=2, max_size=3), st.randoms(use_true_random=False))
def test_neither_the_order_of_people_nor_of_tables_nor_types_change_anything(
    counts, questions, chance
):
    tables = tables_of(data_of(counts), questions)
    frame = next(iter(tables.values())).source.frame.collect()
    frame = frame.sample(fraction=1, shuffle=True, seed=chance.randrange(99)).with_columns(
        pl.col("id").cast(pl.String), pl.col("a", "b").cast(pl.Categorical)
    )
    other = tables_of(Data.read(frame, unit="id", name="tiny", policy=TINY), questions)
    first = check_together(tables)
    again = check_together(dict(reversed(other.items())))
    assert again.verdict == first.verdict
    assert sorted(str(one.severity) for one in again.findings) == sorted(
        str(one.severity) for one in first.findings
    )
