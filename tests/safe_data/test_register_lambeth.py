"""Lambeth DataNet: who is in, what is given, and what a study of depression's care finds."""

from datetime import date

import numpy as np
import polars as pl

from tests.safe_data.estimates import logistic, within
from tests.safe_data.linked_world import KEY, LARGE
from tests.safe_data.studies import (
    CAUSES,
    counted,
    design,
    disorders,
    followed,
    rate_ratios,
    sent,
    with_disorders,
)
from tre.safe_data import world
from tre.safe_data.effects import size

pytestmark = LARGE


def people(large_world):
    return with_disorders(large_world, large_world.brought("ldn", "ldn_people"))


def test_only_patients_with_a_practice_in_lambeth_are_sent_and_matched(large_world):
    covered = sent(large_world, "ldn")
    assert set(covered["gp_borough"]) == {"Lambeth"}
    assert set(people(large_world)[KEY].drop_nulls()) <= set(covered[KEY])


def test_controls_are_residents_of_lambeth_who_are_no_patients(large_world):
    controls = people(large_world).filter(pl.col(KEY).is_null())
    assert set(controls["borough"]) == {"Lambeth"}
    assert len(controls) == large_world.runs["ldn"].controls
    assert world.report(large_world.parties, "ldn").patients_among_controls < 0.01 * len(controls)
    held = large_world.held("ldn", "ldn_people")
    assert held.filter(pl.col("borough") != "Lambeth").height > 100


def test_what_slam_and_the_practices_say_of_a_registration_mostly_agrees(large_world):
    patients = large_world.patients().join(
        large_world.who("cris").rename({"record": KEY}), on=KEY
    )  # fmt: skip
    known = patients["person"].is_in(large_world.who("ldn")["person"].implode())
    in_lambeth = patients["gp_borough"] == "Lambeth"
    assert 0.95 < (known == in_lambeth).mean() < 1.0


def test_a_study_finds_the_effects_on_consultations(large_world):
    studied = followed(
        people(large_world).filter(pl.col("birth_year").is_between(1965, 2000)), date(2015, 4, 1)
    )
    registered = large_world.brought("ldn", "registrations").select("research_id", "registered")
    studied = (
        studied.join(registered, on="research_id")
        .with_columns(since=pl.max_horizontal("since", "registered"))
        .with_columns(years=(pl.lit(date(2025, 8, 31)) - pl.col("since")).dt.total_days() / 365.25)
        .filter(pl.col("years") > 0.1)
    )
    studied = counted(studied, large_world.brought("ldn", "consultations"), "consulted")
    table = design(studied, disorders(studied))
    found, errors = rate_ratios(table, studied["events"].to_numpy(), studied["years"].to_numpy())
    for place, cause in enumerate(CAUSES, start=1):
        truth = np.log(size(cause, "GP consultation"))
        assert abs(found[place] - truth) < 4 * errors[place], cause
        assert cause != "mood" or within(found[place], errors[place], truth)


def test_a_study_finds_who_is_given_antidepressants(large_world):
    adults = people(large_world).filter(pl.col("birth_year") <= 2006)
    given = large_world.brought("ldn", "prescriptions")["research_id"].implode()
    table = np.column_stack(
        [np.ones(len(adults)), disorders(adults), adults["sex"] == "Female"]
    ).astype(float)
    found, errors = logistic(table, adults["research_id"].is_in(given).to_numpy())
    mood = 1 + list(CAUSES).index("mood")
    assert within(found[mood], errors[mood], np.log(size("mood", "antidepressant")))
    assert within(found[-1], errors[-1], np.log(size("female", "antidepressant")))


def test_everything_is_within_the_registration(large_world):
    registered = large_world.held("ldn", "registrations").select("person", "registered", "left")
    for table, day in (
        ("consultations", "consulted"),
        ("primary_care_diagnoses", "diagnosed"),
        ("prescriptions", "issued"),
    ):
        held = large_world.held("ldn", table).join(registered, on="person")
        assert (held[day] >= held["registered"]).all()
        assert (held[day] <= held["left"].fill_null(date(2025, 8, 31))).all()


def test_only_adults_are_given_antidepressants(large_world):
    born = large_world.table("simulator/people").select("person", "date_of_birth")
    issued = large_world.held("ldn", "prescriptions").join(born, on="person")
    years = (issued["issued"] - issued["date_of_birth"]).dt.total_days() / 365.25
    assert (years >= 18).all()
