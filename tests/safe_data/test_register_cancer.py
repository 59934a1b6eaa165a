"""CRIS with the two cancer registries: who is in, what is given, and what a study finds."""

import numpy as np
import polars as pl

from tests.safe_data.estimates import logistic, poisson, within
from tests.safe_data.linked_world import KEY, LARGE
from tre.safe_data import world
from tre.safe_data.effects import size
from tre.safe_data.linkages import linkage
from tre.safe_data.population.places import BOROUGHS

pytestmark = LARGE
LAST = pl.date(2009, 12, 31)


def with_illness(large_world, frame):
    """psychosis, first_referral; whoever is no patient has neither."""
    patients = large_world.patients().select(KEY, "main", "first_referral")
    psychosis = pl.col("main").str.starts_with("F2").fill_null(value=False)
    return frame.join(patients, on=KEY, how="left").with_columns(psychosis=psychosis)


def by_stage(frame):
    stages = [frame["stage"] == stage for stage in (2, 3, 4)]
    return np.column_stack([np.ones(len(frame)), frame["psychosis"], *stages])


def surgery(large_world):
    """Tumours that NCRAS brought, with a stage: whether surgery followed."""
    treated = large_world.brought("ncras", "ncras_treatments")
    operated = treated.filter(pl.col("treatment") == "Surgery")["research_id"].implode()
    tumours = large_world.brought("ncras", "ncras_tumours").drop_nulls("stage")
    return with_illness(large_world, tumours).with_columns(
        surgery=pl.col("research_id").is_in(operated)
    )


def test_the_thames_registry_gives_nothing_after_2009_though_it_holds_more(large_world):
    held = large_world.held("thames-cancer", "thames_tumours")
    assert held.filter(pl.col("diagnosed") > LAST).height > 100
    given = large_world.brought("thames-cancer", "thames_tumours")
    assert given.filter(pl.col("diagnosed") > LAST).is_empty()
    deaths = large_world.brought("thames-cancer", "thames_deaths")
    assert deaths.filter(pl.col("date_of_death") > LAST).is_empty()
    assert len(given) > 30


def test_who_has_a_later_tumour_alone_is_not_told_of_by_the_thames_registry(large_world):
    people = large_world.brought("thames-cancer", "thames_cancer_people")
    tumours = large_world.brought("thames-cancer", "thames_tumours")
    deaths = large_world.brought("thames-cancer", "thames_deaths")
    assert set(people["research_id"]) == set(tumours["research_id"]) | set(deaths["research_id"])
    assert large_world.runs["thames-cancer"].out_of_time > 10
    assert people[KEY].null_count() == 0


def test_controls_of_ncras_have_cancer_live_in_the_boroughs_and_are_no_patients(large_world):
    people = large_world.brought("ncras", "ncras_people")
    controls = people.filter(pl.col(KEY).is_null())
    assert set(controls["borough"]) == set(BOROUGHS)
    assert len(controls) == large_world.runs["ncras"].controls > 1_000
    tumours = large_world.brought("ncras", "ncras_tumours")
    assert set(people["research_id"]) == set(tumours["research_id"])
    known = large_world.held("ncras", "ncras_people")
    residents = known.filter(pl.col("borough").is_in(BOROUGHS))
    # All residents, but for the patients and those who object to research at the registry.
    patients = large_world.who("cris")["person"].implode()
    others = residents.filter(~pl.col("person").is_in(patients))
    report = world.report(large_world.parties, "ncras")
    assert report.patients_among_controls < 0.01 * len(controls)
    assert 0.985 * len(others) < len(controls) - report.patients_among_controls <= len(others)


def test_patients_of_ncras_live_anywhere(large_world):
    people = large_world.brought("ncras", "ncras_people").drop_nulls(KEY)
    assert "Elsewhere" in set(people["borough"])
    assert set(people[KEY]) <= set(large_world.patients()[KEY])


def test_ncras_brings_hes_and_mortality_for_the_same_people(large_world):
    described = linkage("ncras")
    assert described.brings == ("hes", "mortality")
    assert "comes with" in described.title
    assert "comes with HES" in described.limits
    people = set(large_world.brought("ncras", "ncras_people")["research_id"])
    for table in ("ncras_admissions", "ncras_deaths"):
        theirs = large_world.brought("ncras", table)
        assert set(theirs["research_id"]) <= people
        assert theirs.drop_nulls(KEY).height > 50
        assert theirs.filter(pl.col(KEY).is_null()).height > 500


def test_the_effect_on_surgery_is_found_in_what_ncras_brought(large_world):
    tumours = surgery(large_world)
    found, errors = logistic(by_stage(tumours), tumours["surgery"].to_numpy())
    assert within(found[1], errors[1], np.log(size("psychosis", "surgery for cancer")))
    assert found[1] < 0


def test_the_effect_on_surgery_is_found_in_what_the_thames_registry_brought(large_world):
    tumours = with_illness(
        large_world, large_world.brought("thames-cancer", "thames_tumours")
    ).drop_nulls("stage")
    found, errors = logistic(by_stage(tumours), tumours["surgery"].to_numpy())
    assert within(found[1], errors[1], np.log(size("psychosis", "surgery for cancer")))


def test_the_effect_on_survival_is_found_in_what_ncras_brought(large_world):
    """Deaths from cancer, each person from the day on which both registers know them.

    From 45 on, since the parents of children yet to be born cannot have died before.
    """
    deaths = large_world.brought("ncras", "ncras_deaths").select(
        "research_id", "date_of_death", "underlying_cause"
    )
    births = large_world.brought("ncras", "ncras_people").select("research_id", "birth_year")
    followed = (
        surgery(large_world)
        .join(deaths, on="research_id", how="left")
        .join(births, on="research_id")
        .filter(pl.col("diagnosed").dt.year() - pl.col("birth_year") >= 45)
        .with_columns(
            begins=pl.max_horizontal("diagnosed", "first_referral", pl.date(2007, 9, 1)),
            ends=pl.col("date_of_death").fill_null(pl.date(2025, 8, 31)),
            died=pl.col("underlying_cause").fill_null("").str.starts_with("C"),
        )
        .filter(pl.col("begins") < pl.col("ends"))
    )
    years = (followed["ends"] - followed["begins"]).dt.total_days().to_numpy() / 365.25
    found, errors = poisson(by_stage(followed), followed["died"].to_numpy(), years)
    assert within(found[1], errors[1], np.log(size("psychosis", "death after cancer")))
    assert followed.filter("psychosis")["died"].sum() >= 5


def test_a_missed_patient_is_a_control_to_whoever_studies_what_was_brought(large_world):
    """The estimate on the true links beside that on the linked data."""
    truth = large_world.held("ncras", "ncras_tumours").drop_nulls("stage")
    operated = large_world.held("ncras", "ncras_treatments").filter(
        pl.col("treatment") == "Surgery"
    )["person"]
    patients = large_world.who("cris").rename({"record": KEY})
    true = with_illness(large_world, truth.join(patients, on="person", how="left")).with_columns(
        surgery=pl.col("person").is_in(operated.implode())
    )
    linked = surgery(large_world)
    lost = true["psychosis"].sum() - linked["psychosis"].sum()
    assert lost >= 0
    found, errors = logistic(by_stage(true), true["surgery"].to_numpy())
    after, wider = logistic(by_stage(linked), linked["surgery"].to_numpy())
    assert within(found[1], errors[1], np.log(size("psychosis", "surgery for cancer")))
    # Little is lost, or nothing: both estimates agree, the linked one a little less sure.
    assert abs(after[1] - found[1]) < wider[1]
    assert wider[1] >= errors[1]
