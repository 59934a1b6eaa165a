"""HES and the hospitals of KHP: who is in, what is given, and what a study finds."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from tests.safe_data.estimates import Z, logistic, within
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
from tre.safe_data import world
from tre.safe_data.effects import size
from tre.safe_data.population.places import BOROUGHS

pytestmark = LARGE
FIRST, LAST = date(2020, 3, 1), date(2022, 2, 28)


def emergencies(large_world):
    return large_world.brought("hes", "admissions").filter(
        pl.col("admission_method").is_in(["21", "22", "24"])
    )


def working_age(large_world, people):
    """HES says nothing of deaths at home, so the study is of those born from 1965 on."""
    people = with_disorders(large_world, people).filter(pl.col("birth_year").is_between(1965, 2005))
    return followed(people, date(2015, 4, 1))


def emergency_effects(large_world, people):
    studied = counted(working_age(large_world, people), emergencies(large_world), "admitted")
    table = design(studied, disorders(studied))
    found, errors = rate_ratios(table, studied["events"].to_numpy(), studied["years"].to_numpy())
    return found[1 : 1 + len(CAUSES)], errors[1 : 1 + len(CAUSES)]


def test_a_study_finds_the_effects_on_emergency_admissions(large_world):
    found, errors = emergency_effects(large_world, large_world.brought("hes", "hes_people"))
    for cause, estimate, error in zip(CAUSES, found, errors, strict=True):
        if cause in ("psychosis", "mood"):
            assert within(estimate, error, np.log(size(cause, "emergency admission")))
        assert abs(estimate - np.log(size(cause, "emergency admission"))) < 4 * error


def test_wrong_links_make_the_effect_smaller_and_true_links_leave_it(large_world):
    """Half of the links given to others: those who were not ill are counted as ill."""
    people = large_world.brought("hes", "hes_people")
    truth = large_world.who("cris").rename({"record": KEY})
    held = large_world.who("hes").join(truth, on="person", how="left").select("record", KEY)
    true = large_world.brought("hes", "hes_people").drop(KEY)
    ids = research_ids(large_world, held)
    true = true.join(ids, on="research_id", how="left")
    linked, error = (values[0] for values in emergency_effects(large_world, people))
    perfect = emergency_effects(large_world, true)[0][0]
    assert abs(linked - perfect) < Z * error / 2
    rng = np.random.default_rng(3)
    keys = people[KEY].to_list()
    wrong = [row for row, key in enumerate(keys) if key is not None and rng.random() < 0.5]
    others = rng.choice([row for row, key in enumerate(keys) if key is None], len(wrong), False)
    for row, other in zip(wrong, others, strict=True):
        keys[other], keys[row] = keys[row], None
    mixed = people.with_columns(pl.Series(KEY, keys))
    attenuated = emergency_effects(large_world, mixed)[0][0]
    assert attenuated < linked - 0.15
    assert attenuated > 0


def research_ids(large_world, held):
    from tre.safe_data.holders import research_ids as keyed  # noqa: PLC0415
    from tre.safe_data.parties import Parties  # noqa: PLC0415

    linkage = world.linkage("hes")
    holder = Parties(home=large_world.parties).of(linkage.holder)
    return held.select(keyed(held["record"], holder, linkage), KEY)


def test_a_study_finds_that_psychosis_makes_appointments_missed(large_world):
    people = followed(
        with_disorders(large_world, large_world.brought("hes", "hes_people")), date(2015, 4, 1)
    )
    kept = large_world.brought("hes", "outpatients").drop(KEY).join(people, on="research_id")
    kept = kept.filter(pl.col("appointment") >= pl.col("since"))
    table = np.column_stack([np.ones(len(kept)), disorders(kept)])
    found, errors = logistic(table, (kept["attended"] == "3").to_numpy())
    for place, cause in enumerate(("psychosis", "mood"), start=1):
        assert within(
            found[place], errors[place], np.log(size(cause, "missed outpatient appointment"))
        )


def test_controls_of_hes_are_residents_of_the_four_boroughs_who_are_no_patients(large_world):
    people = large_world.brought("hes", "hes_people")
    controls = people.filter(pl.col(KEY).is_null())
    assert set(controls["borough"]) == set(BOROUGHS)
    assert len(controls) == large_world.runs["hes"].controls
    assert "Elsewhere" in set(people.drop_nulls(KEY)["borough"])
    held = large_world.held("hes", "hes_people")
    patients = large_world.who("cris")["person"].implode()
    others = held.filter(pl.col("borough").is_in(BOROUGHS) & ~pl.col("person").is_in(patients))
    report = world.report(large_world.parties, "hes")
    assert report.patients_among_controls < 0.01 * len(controls)
    assert 0.985 * len(others) < len(controls) - report.patients_among_controls <= len(others)


@pytest.mark.parametrize("linkage_id", ["hes", "khp"])
def test_whoever_is_matched_is_a_patient_of_slam_who_was_sent(large_world, linkage_id):
    people = large_world.brought(linkage_id, f"{linkage_id}_people")
    assert set(people[KEY].drop_nulls()) <= set(sent(large_world, linkage_id)[KEY])


@pytest.mark.parametrize(
    ("table", "day"), [("khp_attendances", "arrived"), ("khp_admissions", "admitted")]
)
def test_khp_gives_the_pandemic_alone_of_the_two_trusts_though_it_holds_more(
    large_world, table, day
):
    held = large_world.held("khp", table)
    assert held.filter(pl.col(day) < FIRST).height > 100
    assert held.filter(pl.col(day) > LAST).height > 100
    given = large_world.brought("khp", table)
    assert given[day].is_between(FIRST, LAST).all()
    assert set(given["provider"]) == {"King's College Hospital", "Guy's and St Thomas'"}
    assert given[KEY].null_count() == 0


def test_a_study_finds_that_attendances_fell_in_the_first_lockdown(large_world):
    """Patients who were not admitted: the lockdown against the months beside it."""
    seen = large_world.brought("khp", "khp_attendances").filter(pl.col("disposal") != "01")
    locked = seen["arrived"].is_between(date(2020, 3, 23), date(2020, 6, 30)).sum()
    beside = seen["arrived"].is_between(date(2020, 3, 1), date(2020, 3, 22)).sum()
    beside += seen["arrived"].is_between(date(2020, 7, 1), date(2020, 10, 31)).sum()
    estimate = np.log((locked / 100) / (beside / (22 + 123)))
    error = (1 / locked + 1 / beside) ** 0.5
    assert within(estimate, 1.2 * error, np.log(size("first lockdown", "A&E attendance")))


def test_a_study_finds_that_psychosis_brings_patients_to_a_and_e_more_than_neurosis(large_world):
    people = sent(large_world, "khp").filter(
        pl.col("first_referral") < FIRST, pl.col("birth_month").dt.year().is_between(1955, 2000)
    )
    people = followed(people, FIRST, LAST).with_columns(birth_year=pl.col("birth_month").dt.year())
    seen = large_world.brought("khp", "khp_attendances").filter(pl.col("disposal") != "01")
    studied = counted(people, seen, "arrived", KEY)
    others = tuple(cause for cause in CAUSES if cause != "neurotic")
    boroughs = [studied["borough"] == name for name in BOROUGHS[1:]]
    table = design(studied, disorders(studied, others), *boroughs)
    found, errors = rate_ratios(table, studied["events"].to_numpy(), studied["years"].to_numpy())
    assert within(found[1], errors[1], ratio("psychosis", "neurotic", "A&E attendance"))


@pytest.mark.parametrize(("register", "table"), [("hes", "admissions"), ("khp", "khp_admissions")])
def test_stays_end_after_they_begin_and_do_not_overlap(large_world, register, table):
    stays = large_world.held(register, table).sort("person", "admitted", "discharged")
    assert (stays["discharged"] >= stays["admitted"]).all()
    following = stays.with_columns(again=pl.col("admitted").shift(-1).over("person")).drop_nulls(
        "again"
    )
    assert (following["discharged"] <= following["again"]).all()


def test_whoever_died_in_hospital_has_a_last_stay_that_ends_so(large_world):
    stays = large_world.held("hes", "admissions").filter(pl.col("discharge_method") == "4")
    deaths = large_world.held("mortality", "deaths").filter(
        pl.col("date_of_death") >= date(2015, 4, 1)
    )
    here = deaths.filter(pl.col("place_of_death") == "Hospital").select("person", "date_of_death")
    both = stays.join(here, on="person")
    assert (both["discharged"] == both["date_of_death"]).all()
    assert len(both) == len(stays) == len(here)


def test_covid_is_no_diagnosis_before_the_pandemic(large_world):
    stays = large_world.held("hes", "admissions").filter(pl.col("main_diagnosis") == "U07.1")
    assert len(stays) > 100
    assert (stays["admitted"] >= FIRST).all()


def test_mothers_have_their_deliveries_and_children_their_births(large_world):
    stays, people = large_world.held("hes", "admissions"), large_world.table("simulator/people")
    born = people.filter(pl.col("date_of_birth") >= date(2015, 4, 1)).drop_nulls("mother")
    born = born.filter(pl.col("mother") >= 0)
    babies = stays.filter(pl.col("admission_method") == "82")
    assert set(babies["person"]) == set(born["person"])
    deliveries = stays.filter(pl.col("admission_method") == "31")
    assert deliveries.select("person", "admitted").is_unique().all()
    mothers = born.select(person="mother", admitted="date_of_birth").unique()
    assert len(deliveries.join(mothers, on=["person", "admitted"])) == len(mothers)


def test_whoever_was_admitted_through_a_and_e_was_there(large_world):
    through = large_world.held("hes", "admissions").filter(pl.col("admission_method") == "21")
    seen = large_world.held("hes", "emergency_attendances").filter(pl.col("disposal") == "01")
    days = seen.select("person", admitted="arrived")
    assert len(through) == len(seen)
    assert through.join(days, on=["person", "admitted"], how="anti").is_empty()


def test_bands_leave_out_the_first():
    assert bands([1970, 1985, 1991]).tolist() == [[False, False], [True, False], [False, True]]
