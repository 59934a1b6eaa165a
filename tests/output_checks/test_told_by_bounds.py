"""People in several cells: who knows that totals bound their parts can work out no withheld cell.

The package does not contradict itself: what `intervals` says of the released table, which it takes
for any published one, is never narrower than what the table's own proof says.
"""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from output_checks import Data, Policy, ProtectionError, intervals
from output_checks.protect import by_bounds
from output_checks.protect.attackers import attacks_on
from output_checks.protect.structure import structure_of

FIVE = replace(
    Policy.named("srs"),
    name="five",
    sources={},
    threshold=5,
    class_disclosure_review=float("inf"),
    class_disclosure_fail=float("inf"),
    zeros="pass",
)
PLACES = {"F": (11, 4), "M": (52, 8)}
"""For women and men how many have the diagnosis y alone, and x too."""


def people(places):
    rows, number = [], 0
    for sex, counts in places.items():
        for diagnoses, count in zip((("y",), ("x", "y")), counts, strict=True):
            for _ in range(count):
                rows += [(number, sex, one) for one in diagnoses]
                number += 1
    return pl.DataFrame(rows, schema=["id", "s", "d"], orient="row")


def table(places):
    return Data.read(people(places), unit="id", policy=FIVE).table("d", "s")


@pytest.fixture(scope="module")
def done():
    return table(PLACES).protect("suppress")


def told(protected, overlaps):
    """Beside each other what the table's proof and what any reader's arithmetic say."""
    names = list(protected.dimensions)
    outside = intervals(protected.released(), threshold=5, overlaps=overlaps)
    return protected.intervals().join(outside, on=names, suffix=" of any reader")


def test_a_total_is_not_pinned_by_parts_that_everybody_is_in(done):
    """y has 15 women and 60 men and all are 75: nobody is without y, so that totals are these."""
    both = told(done, ["d"])
    assert both.height == done.cells["withheld"].sum() > 0
    assert both["safe"].all()
    assert done.report().verdict != "fail"


def test_the_proof_is_not_wider_than_what_anybody_can_exclude(done):
    for one in told(done, ["d"]).iter_rows(named=True):
        assert one["lower"] >= one["lower of any reader"]
        assert one["upper"] <= (one["upper of any reader"] or np.inf)


def test_no_table_that_is_given_out_contradicts_the_package():
    given = 0
    for seed in range(12):
        chance = np.random.default_rng(seed)
        places = {sex: tuple(chance.integers(1, 40, 2).tolist()) for sex in "FM"}
        try:
            protected = table(places).protect("suppress")
        except ProtectionError:
            continue  # no pattern of so few cells is safe
        given += 1
        for one in told(protected, ["d"]).iter_rows(named=True):
            assert one["safe"], one
            assert one["lower"] >= one["lower of any reader"]
            assert one["upper"] <= (one["upper of any reader"] or np.inf)
    assert given >= 6


def pinned():
    """A pattern that leaves one reader enough: x and the totals of women and men are withheld."""
    made = table(PLACES)
    structure = structure_of(made.grid)
    frame = made.grid.frame
    hidden = ((frame["d"] != "y") & (frame["s"] != "Total")).to_numpy()
    primary = ((frame["d"] == "x") & (frame["s"] == "F")).to_numpy()
    withheld, wanted = structure.from_grid(hidden), structure.from_grid(primary)
    return made, structure, wanted, withheld


def test_a_reader_of_bounds_knows_in_what_dimension_everybody_is_once():
    made, structure, wanted, withheld = pinned()
    (attack,) = attacks_on(made.grids, structure, FIVE, wanted)
    assert attack.holds(withheld)  # who knows only by how much cells add up can tell nothing
    known = made.grid.frame[structure.order[attack.unsafe_by_bounds(withheld)]]
    assert {("Total", "F"), ("Total", "M")} <= set(known.select("d", "s").rows())
    assert attack.apart is not None
    nothing = replace(attack, apart=np.zeros(len(attack.apart), dtype=bool))
    assert len(nothing.unsafe_by_bounds(withheld)) < len(known)


def test_the_cheapest_cell_that_leaves_more_open_is_withheld_too():
    made, structure, wanted, withheld = pinned()
    attacks = attacks_on(made.grids, structure, FIVE, wanted)
    size = structure.size
    reader = by_bounds.ByBounds(
        grids=made.grids,
        structure=structure,
        policy=FIVE,
        allowed=np.ones(size, dtype=bool),
        cost=attacks[0].values + 1,
    )
    (more,) = np.flatnonzero(reader.further_cells(attacks, wanted, withheld))
    assert not withheld[more]
    told_of = attacks[0].unsafe_by_bounds(withheld)
    after = attacks_on(made.grids, structure, FIVE, wanted | (np.arange(size) == more))[0]
    now = withheld | (np.arange(size) == more)
    assert any(
        after.width_by_bounds(now, one) > attacks[0].width_by_bounds(withheld, one)
        for one in told_of
    )
