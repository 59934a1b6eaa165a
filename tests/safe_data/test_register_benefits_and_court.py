"""The DWP and Cafcass: who is in, what is given, and what studies find."""

from datetime import date

import numpy as np
import polars as pl

from tests.safe_data.estimates import least_squares, within
from tests.safe_data.linked_world import KEY, LARGE
from tests.safe_data.studies import (
    CAUSES,
    bands,
    counted,
    design,
    disorders,
    followed,
    rate_ratios,
    ratio,
    sent,
    with_disorders,
)
from tre.safe_data.effects import size

pytestmark = LARGE
OTHERS = tuple(cause for cause in CAUSES if cause != "neurotic")


def test_only_adults_are_sent_to_the_dwp_and_nobody_is_a_control(large_world):
    covered = sent(large_world, "dwp")
    assert (covered["birth_month"] <= date(2007, 8, 31)).all()
    children = large_world.patients().filter(pl.col("birth_month") > date(2007, 8, 31))
    assert len(children) > 1_000
    matched = large_world.brought("dwp", "dwp_people")[KEY]
    assert matched.null_count() == 0
    assert set(matched) <= set(covered[KEY])


def test_claimants_are_of_working_age(large_world):
    born = large_world.table("simulator/people").select("person", "date_of_birth")
    claims = large_world.held("dwp", "benefits").join(born, on="person")
    years = (claims["started"] - claims["date_of_birth"]).dt.total_days() / 365.25
    assert years.is_between(18, 66).all()
    ended = claims.drop_nulls("ended")
    assert (ended["ended"] >= ended["started"]).all()


def test_benefits_are_claimed_only_while_they_exist(large_world):
    claims = large_world.held("dwp", "benefits")
    for benefit, first in (
        ("ESA", date(2008, 10, 27)),
        ("Personal Independence Payment", date(2013, 4, 8)),
        ("Universal Credit", date(2016, 1, 27)),
    ):
        days = claims.filter(pl.col("benefit") == benefit)["started"]
        assert len(days) > 100
        assert (days >= first).all()


def test_assessments_programmes_and_sanctions_fall_within_claims(large_world):
    claims = large_world.held("dwp", "benefits").select("person", "benefit", "started", "ended")
    for table, day, benefits in (
        ("work_capability_assessments", "assessed", ["ESA"]),
        ("work_programmes", "attended_from", ["ESA", "JSA", "Universal Credit"]),
        ("sanctions", "decided", ["JSA", "Universal Credit"]),
    ):
        held = large_world.held("dwp", table).with_row_index()
        within_one = held.join(claims.filter(pl.col("benefit").is_in(benefits)), on="person")
        within_one = within_one.filter(
            (pl.col(day) >= pl.col("started"))
            & (pl.col(day) <= pl.col("ended").fill_null(date(2025, 8, 31)))
        )
        assert within_one["index"].n_unique() == len(held) > 100, table


def test_a_study_finds_that_psychosis_brings_more_claims_of_esa_than_neurosis(large_world):
    people = sent(large_world, "dwp").with_columns(birth_year=pl.col("birth_month").dt.year())
    people = followed(
        people.filter(pl.col("birth_year").is_between(1965, 1990)), date(2008, 10, 27)
    )
    claims = large_world.brought("dwp", "benefits").filter(pl.col("benefit") == "ESA")
    studied = counted(people, claims, "started", KEY)
    table = design(studied, disorders(studied, OTHERS))
    found, errors = rate_ratios(table, studied["events"].to_numpy(), studied["years"].to_numpy())
    assert within(found[1], errors[1], ratio("psychosis", "neurotic", "ESA claim"))


def test_a_study_finds_that_first_referrals_follow_being_found_fit_for_work(large_world):
    """Each patient beside themselves: decisions in the 180 days before, and in those before."""
    decisions = large_world.brought("dwp", "work_capability_assessments").filter(
        pl.col("outcome") == "Fit for work"
    )
    known = with_disorders(large_world, decisions)
    days = (known["first_referral"] - known["assessed"]).dt.total_days()
    soon, earlier = days.is_between(1, 180).sum(), days.is_between(181, 360).sum()
    error = (1 / soon + 1 / earlier) ** 0.5
    assert soon + earlier > 40
    assert within(
        np.log(soon / earlier), error, np.log(size("found fit for work", "first referral"))
    )


def test_only_women_of_16_and_more_are_sent_to_cafcass_and_nobody_is_a_control(large_world):
    covered = sent(large_world, "cafcass")
    assert set(covered["sex"]) == {"Female"}
    assert (covered["birth_month"] <= date(2009, 8, 31)).all()
    matched = large_world.brought("cafcass", "cafcass_people")
    assert matched[KEY].null_count() == 0
    assert set(matched[KEY]) <= set(covered[KEY])


def test_only_mothers_are_in_cases_and_while_they_have_a_child(large_world):
    people = large_world.table("simulator/people")
    births = people.filter(pl.col("mother") >= 0).select(
        person="mother", born="date_of_birth"
    )  # fmt: skip
    cases = large_world.held("cafcass", "proceedings").with_row_index()
    age = (pl.col("applied") - pl.col("born")).dt.total_days() / 365.25
    with_child = cases.join(births, on="person").filter(age.is_between(0, 18))
    assert with_child["index"].n_unique() == len(cases) > 500
    closed = cases.drop_nulls("closed")
    weeks = (closed["closed"] - closed["applied"]).dt.total_days() / 7
    assert (weeks - closed["weeks"]).abs().max() < 0.3
    assert (
        closed["outcome"].null_count(),
        cases.filter(pl.col("closed").is_null())["outcome"].drop_nulls().len(),
    ) == (0, 0)


def test_a_study_finds_that_mothers_with_psychosis_are_in_more_cases(large_world):
    """Cases a woman, both kinds: psychosis against neurosis, among those referred as adults."""
    women = sent(large_world, "cafcass").filter(
        pl.col("first_referral_age") >= 18, pl.col("birth_month") >= date(1965, 1, 1)
    )
    cases = large_world.brought("cafcass", "proceedings").group_by(KEY).agg(events=pl.len())
    studied = women.join(cases, on=KEY, how="left").with_columns(
        pl.col("events").fill_null(0), birth_year=pl.col("birth_month").dt.year()
    )
    table = np.column_stack(
        [np.ones(len(studied)), disorders(studied, OTHERS), bands(studied["birth_year"])]
    ).astype(float)
    found, errors = rate_ratios(table, studied["events"].to_numpy(), np.ones(len(studied)))
    assert within(found[1], errors[1], ratio("psychosis", "neurotic", "care proceedings"))


def test_a_study_finds_that_care_cases_became_shorter_in_2014(large_world):
    cases = with_disorders(large_world, large_world.brought("cafcass", "proceedings"))
    cases = cases.filter(
        pl.col("kind") == "Care order application", pl.col("applied") < date(2024, 1, 1)
    ).drop_nulls("weeks")
    table = np.column_stack(
        [
            np.ones(len(cases)),
            cases["applied"] >= date(2014, 4, 22),
            cases["cause"] == "psychosis",
        ]
    )
    found, errors = least_squares(table, cases["weeks"].to_numpy())
    outcome = "weeks of care-order proceedings"
    assert within(found[1], errors[1], size("limit of 26 weeks", outcome))
    assert abs(found[2] - size("psychosis", outcome)) < 4 * errors[2]
