"""Separation over all linkages at once, on the large linked world."""

import polars as pl

from tre.safe_data.linkages import linkages
from tre.safe_data.linking.separation.check import check_separation
from tre.safe_data.linking.separation.record import read_runs


def test_separation_is_kept_by_every_linkage(large_world):
    for one in linkages():
        large_world.linked(one.id)
    runs = read_runs(large_world.parties)
    proof = check_separation(large_world.parties, linkages(), (), runs)
    assert proof.violations == ()
    assert proof.counts["runs"] == len(runs) == len(linkages())
    assert proof.counts["letters"] == len(linkages())


def test_a_child_s_day_of_birth_stays_with_the_holder(large_world):
    """The CDLS would have it beside the child's CRIS pseudonym: the month is enough there."""
    held = large_world.held("elixir", "births")["birth_date"].dt.day()
    assert held.n_unique() == 31
    assert (large_world.brought("elixir", "births")["birth_date"].dt.day() == 1).all()
    assert large_world.brought("elixir", "births")["birth_date"].dtype == pl.Date


def test_nor_do_days_near_the_birth_leave_the_holder(large_world):
    """A third of the newborns in neonatal care were admitted on the day of their birth."""
    for table, days in (
        ("neonatal_admissions", ("admitted", "discharged")),
        ("pregnancies", ("delivered",)),
    ):
        for day in days:
            assert large_world.held("elixir", table)[day].dt.day().n_unique() == 31
            assert (large_world.brought("elixir", table)[day].dt.day() == 1).all()
