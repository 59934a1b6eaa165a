"""CRIS with Renalware and with HARS: who is in, what is given, and what a study finds."""

import numpy as np
import polars as pl

from tests.safe_data.estimates import least_squares, logistic, within
from tests.safe_data.linked_world import KEY, LARGE
from tre.safe_data.effects import size

pytestmark = LARGE
SUPPRESSED = ("Below 50", "50 to 199")


def with_psychosis(large_world, frame):
    main = large_world.patients().select(KEY, "main")
    return frame.join(main, on=KEY).with_columns(
        psychosis=pl.col("main").str.starts_with("F2").fill_null(value=False)
    )


def slopes(tests, person):
    """One row a person with three tests or more: the decline of eGFR a year, and its weight.

    The spread between people is 1.1 and that of a test 1.5; a slope over a short time is less sure.
    """
    year = tests.with_columns(year=pl.col("tested").to_physical() / 365.25)
    found = (
        year.group_by(person)
        .agg(
            pl.col("psychosis").first(),
            tests=pl.len(),
            decline=-pl.cov("year", "egfr") / pl.var("year"),
            spread=pl.var("year") * (pl.len() - 1),
        )
        .filter(pl.col("tests") >= 3)
    )
    weight = 1 / np.sqrt(1.1**2 + 1.5**2 / found["spread"].to_numpy())
    return found, weight


def decline(tests, person):
    """How much steeper the decline is with psychosis, ml/min/1.73 m2 a year; its error."""
    found, weight = slopes(tests, person)
    design = np.column_stack([np.ones(len(found)), found["psychosis"]]) * weight[:, None]
    estimate, errors = least_squares(design, found["decline"].to_numpy() * weight)
    return estimate[1], errors[1]


def test_renalware_gives_patients_of_the_unit_alone_and_no_controls(large_world):
    people = large_world.brought("renalware", "renalware_people")
    assert people[KEY].null_count() == 0
    assert large_world.runs["renalware"].controls == 0
    assert len(people) > 30
    held = large_world.held("renalware", "renalware_people")
    ill = large_world.population.health.kidney[held["person"].to_numpy()]
    assert (ill < np.iinfo(np.int32).max).all()


def test_renalware_gives_nothing_before_1996_though_it_holds_more(large_world):
    began = pl.date(1996, 1, 1)
    held = large_world.held("renalware", "renal_diagnoses")
    assert held.filter(pl.col("first_seen") < began).height > 0
    given = large_world.brought("renalware", "renal_diagnoses")
    assert given.filter(pl.col("first_seen") < began).is_empty()


def test_the_stage_of_a_test_follows_from_its_egfr(large_world):
    tests = large_world.held("renalware", "renal_tests")
    limits = {"G1": (90, 131), "G2": (60, 90), "G3": (30, 60), "G4": (15, 30), "G5": (0, 15)}
    for stage, (low, high) in limits.items():
        egfr = tests.filter(pl.col("stage") == stage)["egfr"]
        assert len(egfr) > 20
        assert ((egfr >= low) & (egfr < high)).all()


def test_nobody_is_tested_once_dialysis_has_begun(large_world):
    dialysis = large_world.held("renalware", "renal_dialysis").select("person", "started")
    tests = large_world.held("renalware", "renal_tests").join(dialysis, on="person")
    assert (tests["tested"] <= tests["started"]).all()


def test_the_effect_on_the_decline_of_kidneys_is_found_in_what_was_brought(large_world):
    tests = with_psychosis(large_world, large_world.brought("renalware", "renal_tests"))
    found, error = decline(tests, "research_id")
    assert within(found, error, size("psychosis", "egfr_decline_a_year"))
    assert found - 1.96 * error > 0


def test_hars_gives_patients_with_hiv_alone_and_no_controls(large_world):
    people = large_world.brought("hars", "hars_people")
    assert people[KEY].null_count() == 0
    assert large_world.runs["hars"].controls == 0
    assert len(people) > 20
    held = large_world.held("hars", "hars_people")["person"].to_numpy()
    assert (large_world.population.health.hiv[held] < np.iinfo(np.int32).max).all()


def test_hars_reports_each_person_once_a_quarter_at_most(large_world):
    quarters = large_world.held("hars", "hars_quarters")
    gaps = quarters.sort("person", "attended").select(
        pl.col("attended").diff().dt.total_days().over("person")
    )
    assert (gaps.to_series().drop_nulls() > 0).all()
    assert (quarters["attended"].dt.year() >= 2013).all()
    assert quarters["quarter"].str.contains(r"^20\d\d Q[1-4]$").all()


def test_late_diagnoses_are_those_with_a_low_first_cd4_count(large_world):
    known = large_world.held("hars", "hars_diagnoses")
    low = known["cd4_band_at_diagnosis"].is_in(["Below 200", "200 to 349"])
    assert (low == known["late_diagnosis"]).all()
    assert 0.3 < known["late_diagnosis"].mean() < 0.5


def test_the_effect_on_viral_load_is_found_in_what_was_brought(large_world):
    quarters = with_psychosis(large_world, large_world.brought("hars", "hars_quarters"))
    treated = quarters.filter("on_antiretrovirals")
    design = np.column_stack([np.ones(len(treated)), treated["psychosis"]])
    suppressed = treated["viral_load_band"].is_in(SUPPRESSED).to_numpy()
    found, errors = logistic(design, suppressed)
    assert within(found[1], errors[1], np.log(size("psychosis", "suppressed viral load")))
    assert found[1] + 1.96 * errors[1] < 0
