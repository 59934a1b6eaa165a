"""Tables a by b, b by c and a by c: what the joint numbers behind all three leave of each."""

import random
from dataclasses import replace
from itertools import combinations

import numpy as np
import polars as pl
import pytest

from output_checks import Data
from output_checks.linked import check_together, near, protect_together, reader
from output_checks.linked.check import outputs_of
from output_checks.linked.comparison import Comparison
from output_checks.linked.swaps import crowded, cubes_of, lifted_by_swaps

PAIRS = ("ab", "bc", "ac")


def triangle(counts):
    """The three tables of people by (a, b, c)."""
    rows = [place for place, count in counts.items() for _ in range(count)]
    frame = pl.DataFrame(rows, list("abc"), orient="row").with_row_index("id")
    data = Data.read(frame, unit="id", name="people")
    return {pair: data.table(*pair) for pair in PAIRS}


def drawn(size, people, seed):
    """People of random kinds, as many of each trait."""
    chance = np.random.default_rng(seed)
    weights = chance.dirichlet(np.full(size, 3.0), 3)
    codes = [chance.choice(size, people, p=one) for one in weights]
    codes[1] = (codes[0] + codes[1]) % size
    places = list(zip(*codes, strict=True))
    return {
        tuple(f"{name}{code:02}" for name, code in zip("abc", place, strict=True)): count
        for place in dict.fromkeys(places)
        for count in [places.count(place)]
    }


def marked(table, withheld):
    grid = table.grid.with_columns(withheld=pl.Series(withheld))
    value = pl.select(pl.when(~pl.Series(withheld)).then(grid.frame["value"])).to_series()
    return replace(table, grids=(grid.with_columns(value=value),))


def told(report):
    return {
        (name, *cell.values())
        for one in report.findings
        if one.severity == "fail"
        for name, cell in one.cells[:1]
    }


# The 40 of a1 are all in c1. Of its 42 people 12 are b1 and 2 are a2: of the 12 at least 10 are a1.
NARROW = {
    ("a1", "b1", "c1"): 11,
    ("a1", "b2", "c1"): 29,
    ("a2", "b1", "c1"): 1,
    ("a2", "b2", "c1"): 1,
    ("a2", "b1", "c2"): 30,
    ("a2", "b2", "c2"): 50,
}


@pytest.fixture(params=[400, 0], ids=["few unknowns", "as of many unknowns"])
def either_way(request, monkeypatch):
    monkeypatch.setattr(reader, "WHOLE_UP_TO", request.param)


def hidden_in_ab():
    tables = triangle(NARROW)
    places = [tuple(tables["ab"].grid.place(cell).values()) for cell in range(9)]
    return tables | {"ab": marked(tables["ab"], ["Total" not in place for place in places])}


def test_what_two_of_three_tables_leave_open_all_three_may_not(either_way):
    tables = hidden_in_ab()
    for other in ("bc", "ac"):
        assert not told(check_together({"ab": tables["ab"], other: tables[other]}))
    report = check_together(tables)
    assert ("ab", "a1", "b1") in told(report)
    first = next(one for one in report.findings if "a = a1, b = b1" in one.message[:60])
    assert "is withheld, but it has 10 to 12 people" in first.message


@pytest.mark.parametrize(("seed", "size", "people"), [(33, 3, 60), (37, 4, 100), (54, 3, 60)])
def test_what_only_all_three_tell_is_withheld_together(seed, size, people, either_way):
    tables = triangle(drawn(size, people, seed))
    alone = {name: one.protect("suppress") for name, one in tables.items()}
    for pair in combinations(alone, 2):
        assert check_together({name: alone[name] for name in pair}).together == "pass"
    assert check_together(alone).together == "fail"
    done = protect_together(tables)
    assert check_together(dict(zip(PAIRS, done, strict=True))).together == "pass"


@pytest.mark.parametrize("seed", range(6))
def test_many_unknowns_are_searched_as_strictly_as_few(seed, monkeypatch):
    chance = random.Random(seed)
    tables = {
        name: marked(
            one,
            [chance.random() < 0.4 and cell < one.grid.size - 1 for cell in range(one.grid.size)],
        )
        for name, one in triangle(drawn(3, 150, seed)).items()
    }
    few = check_together(tables)
    monkeypatch.setattr(reader, "WHOLE_UP_TO", 0)
    many = check_together(tables)
    assert told(few) == told(many)
    assert (many.together == "pass") <= (few.together == "pass")


def test_a_thousand_joint_cells_are_searched_to_the_end():
    tables = triangle(drawn(10, 4_000, 1))
    done = protect_together(tables)
    assert any(one.cells["withheld"].any() for one in done)
    assert [one.report().verdict for one in done] == ["pass"] * 3
    assert check_together(done).findings == ()


def test_what_is_open_only_in_parts_of_people_goes_to_a_person(monkeypatch):
    tables = {name: one.protect("suppress") for name, one in triangle(drawn(5, 500, 2)).items()}
    monkeypatch.setattr(reader, "WHOLE_UP_TO", 0)
    assert check_together(tables).together == "pass"
    monkeypatch.setattr(near.Near, "look", lambda *_: None)
    report = check_together(tables)
    assert report.together == "review"
    assert "no numbers of whole people were found" in report.findings[-1].message


# Swaps


def part_of(tables):
    compared = Comparison(outputs_of(tables, ()))
    system = compared.system(compared.views, is_whole=True)
    unknowns = np.arange(len(system.truth))
    seen = []

    def fits(world):
        seen.append(world)
        return bool(
            (system.sums @ world == system.sums @ system.truth).all() and (world >= 0).all()
        )

    return system, next(cubes_of(system, unknowns, fits)), seen


def test_swaps_lift_cells_and_keep_all_sums():
    system, cube, seen = part_of(triangle(drawn(4, 600, 3)))
    wanted = np.flatnonzero(system.truth < 10)
    high = lifted_by_swaps(cube, system.truth, wanted, 10)
    assert (high >= system.truth[wanted]).all()
    assert (high == 10).sum() > 20
    for world in seen:
        assert (system.sums @ world == system.sums @ system.truth).all()
        assert (world >= 0).all()


def test_people_are_crowded_where_most_others_are():
    system, cube, _ = part_of(triangle(drawn(4, 600, 3)))
    loose = np.arange(16)
    world = crowded(cube, system.truth, loose, 0)
    assert (system.sums @ world == system.sums @ system.truth).all()
    assert (world != system.truth).any()


def test_where_swaps_would_change_what_is_known_nothing_is_lifted():
    tables = triangle(drawn(3, 200, 4))
    data = tables["ab"].source
    system, cube, _ = part_of(tables | {"abc": data.table(["a", "b"], "c")})
    wanted = np.flatnonzero(system.truth < 10)
    assert (lifted_by_swaps(cube, system.truth, wanted, 10) == system.truth[wanted]).all()
    assert (crowded(cube, system.truth, np.arange(9), 0) == system.truth).all()
