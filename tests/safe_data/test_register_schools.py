"""Why pupils were away, and what they were excluded for: what must hold in every school year."""

import shutil

import numpy as np
import polars as pl
import pytest

from tests.safe_data.conftest import LINKED_ON
from tre.decision import UnusableRequestError
from tre.safe_data import world
from tre.safe_data.chance import part_of, stream
from tre.safe_data.records.exclusions import fitted
from tre.safe_data.records.school_codes import (
    ABSENCE,
    AUTHORISED,
    CATEGORIES,
    REASONS,
    UNAUTHORISED,
    codes,
    meanings,
)

YEAR = ("pupil", "school_year")


@pytest.fixture(scope="module")
def years(small_world):
    return small_world.table("dfe/npd_school_years.parquet")


@pytest.fixture(scope="module")
def reasons(small_world):
    told = small_world.table("dfe/npd_absence_reasons.parquet")
    return told.with_columns(pl.col("reason").cast(pl.String))


@pytest.fixture(scope="module")
def exclusions(small_world):
    return small_world.table("dfe/npd_exclusions.parquet")


def begins(frame):
    return frame["school_year"].str.slice(0, 4).cast(pl.Int32)


def summed(years, frame, column):
    """A sum over the rows of each school year, 0 for none, in the order of `years`."""
    sums = frame.group_by(YEAR).agg(pl.col(column).cast(pl.Int64).sum())
    return (
        years.select(YEAR)
        .join(sums, on=YEAR, how="left", maintain_order="left")[column]
        .fill_null(0)
    )


def test_the_reasons_of_a_school_year_make_what_was_missed_in_it(years, reasons):
    without = reasons.filter(pl.col("reason").is_in(codes(UNAUTHORISED)))
    assert summed(years, reasons, "sessions").to_list() == years["sessions_missed"].to_list()
    unauthorised = years["sessions_unauthorised"].to_list()
    assert summed(years, without, "sessions").to_list() == unauthorised
    assert sum(unauthorised) > 10_000
    assert reasons.join(years, on=YEAR, how="anti").is_empty()
    assert not reasons.select(*YEAR, "reason").is_duplicated().any()
    assert (reasons["sessions"] > 0).all()


def test_the_exclusions_of_a_school_year_are_as_many_as_it_counts(years, exclusions):
    count = summed(years, exclusions.with_columns(one=1), "one")
    assert count.to_list() == years["suspensions"].to_list()
    assert count.sum() == len(exclusions) > 300


def test_half_days_suspended_are_those_that_exclusions_lost(years, reasons, exclusions):
    suspended = summed(years, reasons.filter(pl.col("reason") == "E"), "sessions")
    assert suspended.to_list() == summed(years, exclusions, "sessions").to_list()
    assert exclusions["sessions"].is_between(1, 10).all()


def test_study_leave_is_for_the_year_of_the_examinations(years, reasons):
    leave = reasons.filter(pl.col("reason") == "S").join(years, on=YEAR)
    assert len(leave) > 50
    assert set(leave["year_group"]) == {11}


def test_every_code_was_in_use_in_its_school_year(reasons, exclusions):
    for frame, column, codes_of in (
        (reasons, "reason", ABSENCE),
        (exclusions, "category", CATEGORIES),
        (exclusions, "reason", REASONS),
    ):
        told = frame.with_columns(begins(frame).alias("begins"))
        for one in codes_of:
            when = told.filter(pl.col(column) == one.code)["begins"]
            assert ((when >= one.since) & (when < one.before)).all(), one
    assert {"FIXD", "SUSP", "PERM"} == set(exclusions["category"])
    assert {"OT", "OW", "DB", "PP", "VA"} <= set(exclusions["reason"])


def test_an_exclusion_begins_on_a_school_day_of_its_year(exclusions):
    first = begins(exclusions)
    after = exclusions["started"].dt.year() - (exclusions["started"].dt.month() < 9)
    assert after.equals(first, check_names=False)
    assert set(exclusions["started"].dt.weekday()) == {1, 2, 3, 4, 5}
    assert 8 not in set(exclusions["started"].dt.month())
    closed = exclusions.filter(pl.col("school_year") == "2019/20")["started"]
    assert str(closed.max()) <= "2020-03-20"


def test_nobody_is_excluded_for_good_twice_in_a_year_nor_again_after_it(exclusions):
    for_good = exclusions.filter(pl.col("category") == "PERM")
    assert not for_good.select(YEAR).is_duplicated().any()
    last = exclusions.group_by(YEAR).agg(last=pl.col("started").max())
    both = for_good.join(last, on=YEAR)
    assert len(both) > 2
    assert (both["started"] == both["last"]).all()


@pytest.mark.parametrize(
    ("table", "column", "match"),
    [
        ("absence_reasons", "reason", "npd_absence_reasons.parquet: reason has the unknown code"),
        ("exclusions", "category", "category has the unknown code 'X'; known are FIXD, SUSP, PERM"),
        ("exclusions", "reason", "npd_exclusions.parquet: reason has the unknown code 'X'"),
    ],
)
def test_a_code_that_the_list_does_not_have_is_refused(small_world, tmp_path, table, column, match):
    parties = tmp_path / "parties"
    for party in ("slam", "dfe", "simulator"):
        shutil.copytree(small_world.parties / party, parties / party)
    file = parties / "dfe" / f"npd_{table}.parquet"
    pl.read_parquet(file).with_columns(pl.lit("X").alias(column)).write_parquet(file)
    with pytest.raises(UnusableRequestError, match=match):
        world.link(parties, "npd", on=LINKED_ON, seed=1)
    assert not list(parties.glob("*/incoming/*"))


def test_in_an_extract_the_reasons_still_make_the_sums(small_world):
    """Rare reasons stand together there, so that only whole sums can be compared."""
    key = ("person_id", "school_year")
    years = small_world.extracted("absence")
    by_reason = small_world.extracted("absence_reasons").group_by(key).agg(pl.col("sessions").sum())
    both = years.join(by_reason, on=key, how="left").fill_null(0)
    assert (both["sessions"] == both["sessions_missed"]).all()
    counted = small_world.extracted("exclusions").group_by("person_id").len()
    linked = small_world.extracted("linked").join(counted, on="person_id", how="left")
    assert (linked["len"].fill_null(0) == linked["exclusions"]).all()


def test_in_an_extract_rare_reasons_stand_together_and_days_are_months(small_world):
    drawn = small_world.extracted("exclusions")
    people = drawn.group_by("reason").agg(pl.col("person_id").n_unique())
    assert (people.filter(pl.col("reason") != "Other, grouped")["person_id"] >= 10).all()
    assert "Other, grouped" in set(drawn["reason"])
    assert set(drawn["started"].dt.day()) == {1}


# Exclusions wanted of two school years with room for 5 and 9 half-days; one year without any.
# First year: 1+1 are needed at least, so that 3 are to spare: 4 takes all of them, 6 takes none.
# Third year: 3 to spare less one: 3-1=2 of 8 are used.
def test_half_days_lost_are_as_wanted_until_the_room_is_used():
    wanted, of_year, room = np.array([4, 6, 3]), np.array([0, 0, 2]), np.array([5, 7, 9])
    assert fitted(wanted, of_year, room).tolist() == [4, 1, 3]
    none = np.array([], dtype=np.int64)
    assert fitted(none, none, room).tolist() == []


def test_a_part_of_numbers_is_on_average_its_share_and_never_more_than_all():
    whole = np.repeat([0, 1, 40], 20_000)
    part = part_of(stream(1, "parts"), whole, 0.3)
    assert (part <= whole).all()
    assert part.sum() / whole.sum() == pytest.approx(0.3, abs=0.01)


def test_a_list_is_told_with_the_years_in_which_a_code_was_in_use():
    assert "H holiday with leave (to 2023/24)" in meanings(AUTHORISED)
    assert "OW offensive weapon or prohibited item (from 2020/21)" in meanings(REASONS)
    assert meanings(CATEGORIES).endswith("PERM permanent exclusion")
