"""Census 2011: who is in, what is given, and what a study of social circumstances finds."""

from datetime import date

import numpy as np
import polars as pl

from tests.safe_data.estimates import logistic, within
from tests.safe_data.linked_world import KEY, LARGE
from tests.safe_data.studies import CAUSES, disorders, ratio, sent, with_disorders

pytestmark = LARGE
DAY = date(2011, 3, 27)


def test_only_patients_born_by_census_day_are_sent_and_nobody_is_a_control(large_world):
    covered = sent(large_world, "census2011")
    assert (covered["birth_month"] <= DAY).all()
    assert large_world.patients().filter(pl.col("birth_month") > DAY).height > 500
    matched = large_world.brought("census2011", "census2011_people")[KEY]
    assert matched.null_count() == 0
    assert set(matched) <= set(covered[KEY])


def test_only_people_who_live_on_census_day_answer(large_world):
    people = large_world.table("simulator/people").select(
        "person", "date_of_birth", died=pl.col("day_of_death").cast(pl.Date)
    )
    held = large_world.held("census2011", "census2011_people").join(people, on="person")
    assert (held["date_of_birth"] <= DAY).all()
    assert (held["died"].fill_null(date(2030, 1, 1)) > DAY).all()


def test_answers_fit_the_age(large_world):
    answers = large_world.held("census2011", "census_answers")
    assert set(answers.filter(pl.col("age") < 16)["activity"]) == {"Not of age"}
    assert set(answers.filter(pl.col("age") >= 66)["activity"]) == {"Retired"}
    abroad = answers.drop_nulls("year_of_arrival")
    assert (abroad["country_of_birth"] != "United Kingdom").all()
    assert (2011 - abroad["year_of_arrival"] <= abroad["age"]).all()
    small = answers.filter(pl.col("age") <= 2)
    assert set(small["country_of_birth"]) == {"United Kingdom"}
    homes = large_world.held("census2011", "census_households")
    assert (homes["household_size"] >= 1).all()
    assert (homes["dependent_children"] < homes["household_size"]).all()


def study(large_world, people):
    """Psychosis against neurosis, of being long-term sick at working age: estimate and error."""
    answers = large_world.brought("census2011", "census_answers").drop(KEY)
    studied = with_disorders(large_world, people.join(answers, on="research_id")).filter(
        pl.col("age").is_between(16, 65)
    )
    others = tuple(cause for cause in CAUSES if cause != "neurotic")
    decile = studied["imd_decile"].to_numpy() - 5
    table = np.column_stack([np.ones(len(studied)), disorders(studied, others), decile])
    found, errors = logistic(
        table.astype(float), (studied["activity"] == "Long-term sick").to_numpy()
    )
    return found[1], errors[1]


def test_a_study_finds_that_psychosis_keeps_people_from_work(large_world):
    found, error = study(large_world, large_world.brought("census2011", "census2011_people"))
    assert within(found, error, ratio("psychosis", "neurotic", "long-term sick in 2011"))


def test_wrong_links_make_the_effect_smaller(large_world):
    """Half of the records given to another patient: disorders and answers come apart."""
    people = large_world.brought("census2011", "census2011_people")
    keys = people[KEY].to_numpy().copy()
    rng = np.random.default_rng(2)
    wrong = np.flatnonzero(rng.random(len(keys)) < 0.5)
    keys[wrong] = keys[np.roll(wrong, 1)]
    linked, _ = study(large_world, people)
    mixed, _ = study(large_world, people.with_columns(pl.Series(KEY, keys)))
    assert 0 < mixed < 0.8 * linked
