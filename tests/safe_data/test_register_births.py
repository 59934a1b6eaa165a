"""CRIS with eLIXIR and with the HFEA: who is in, what is given, and what a study finds."""

from datetime import date

import numpy as np
import polars as pl

from tests.safe_data.estimates import least_squares, logistic, within
from tests.safe_data.linked_world import KEY, LARGE
from tre.safe_data import world
from tre.safe_data.effects import size

pytestmark = LARGE
BEGAN = date(2018, 10, 1)


def with_mothers(large_world, births):
    """Births whose mother is a patient; whether she had been referred before, and for what."""
    patients = large_world.patients().select(KEY, "main", "first_referral")
    before = pl.col("first_referral") < pl.col("birth_date")
    return births.join(patients, on=KEY).with_columns(
        psychosis=before & pl.col("main").str.starts_with("F2"),
        mood=before & pl.col("main").str.starts_with("F3"),
    )


def linked_births(large_world):
    return with_mothers(large_world, large_world.brought("elixir", "births"))


def true_births(large_world):
    """All births of the linkage's time whose mother is a patient, by the truth."""
    patients = large_world.who("cris").rename({"record": KEY})
    births = large_world.held("elixir", "births").filter(pl.col("birth_date") >= BEGAN)
    return with_mothers(large_world, births.join(patients, on="person"))


def weight(births):
    """Coefficients of psychosis and mood on birth weight, grams, and their errors."""
    design = np.column_stack(
        [
            np.ones(len(births)),
            births["psychosis"],
            births["mood"],
            births["gestation_weeks"],
            births["child_sex"] == "Male",
            births["multiple_birth"],
        ]
    )
    found, errors = least_squares(design, births["birth_weight_grams"].to_numpy())
    return found[1:3], errors[1:3]


def test_births_are_given_since_october_2018_though_more_are_held(large_world):
    assert large_world.held("elixir", "births").filter(pl.col("birth_date") < BEGAN).height > 500
    given = large_world.brought("elixir", "births")
    assert given["birth_date"].min() >= BEGAN
    assert large_world.brought("elixir", "pregnancies")["delivered"].min() >= BEGAN
    assert large_world.brought("elixir", "neonatal_admissions")["admitted"].min() >= BEGAN


def test_every_birth_given_is_of_a_patient_and_names_both(large_world):
    births = large_world.brought("elixir", "births")
    assert births.select("research_id", "child_research_id").null_count().row(0) == (0, 0)
    linked = births.filter(pl.col(KEY).is_not_null() | pl.col(f"child_{KEY}").is_not_null())
    assert len(linked) == len(births) > 400
    assert births.filter(pl.col(KEY).is_null()).height > 0
    assert births.filter(pl.col(f"child_{KEY}").is_null()).height > 0


def test_who_is_given_has_a_birth_and_whoever_has_a_birth_is_given(large_world):
    people = set(large_world.brought("elixir", "elixir_people")["research_id"])
    births = large_world.brought("elixir", "births")
    named = set(births["research_id"]) | set(births["child_research_id"])
    alone = people - named
    assert named <= people
    # A mother whose child objects stays for her own pregnancy.
    assert alone <= set(large_world.brought("elixir", "pregnancies")["research_id"])
    assert large_world.runs["elixir"].controls == 0


def test_an_extract_of_births_names_the_mother_and_the_child(large_world, tmp_path):
    large_world.linked("elixir")
    wanted = ("births.birth_weight_grams", "elixir_people.sex")
    key, on, into = b"the key of the project of tests!", date(2026, 1, 5), tmp_path / "1"
    world.make_extract(
        large_world.parties, project="births", variables=wanted, key=key, on=on, into=into
    )
    births = pl.read_parquet(into / "births.parquet")
    people = pl.read_parquet(into / "elixir_people.parquet")
    assert len(births) == len(large_world.brought("elixir", "births"))
    mothers = births.join(people, on="person_id")
    assert (mothers["sex"] == "Female").all()
    assert len(mothers) == len(births)
    assert births.join(people, left_on="child_id", right_on="person_id").height == len(births)


def test_nobody_who_objects_at_the_units_is_in_a_birth(large_world):
    objecting = large_world.table("local-maternity-and-neonatal-units/elixir_objections")
    links = large_world.held("elixir", "births").filter(pl.col("birth_date") >= BEGAN)
    barred = set(objecting.filter(pl.col("since") <= date(2026, 1, 5))["record"])
    free = links.filter(~pl.col("record").is_in(barred) & ~pl.col("child_record").is_in(barred))
    assert len(free) < len(links)
    assert len(large_world.brought("elixir", "births")) <= len(free)


def test_the_effects_on_birth_weight_are_found_in_what_was_brought(large_world):
    found, errors = weight(linked_births(large_world))
    for estimate, error, cause in zip(found, errors, ("psychosis", "mood"), strict=True):
        assert within(estimate, error, size(cause, "birth_weight_grams")), cause


def test_the_effects_on_preterm_birth_are_found_in_what_was_brought(large_world):
    births = linked_births(large_world).filter(~pl.col("multiple_birth"))
    design = np.column_stack([np.ones(len(births)), births["psychosis"], births["mood"]])
    found, errors = logistic(design, (births["gestation_weeks"] < 37).to_numpy())
    for position, cause in enumerate(("psychosis", "mood"), start=1):
        truth = np.log(size(cause, "preterm birth"))
        assert within(found[position], errors[position], truth), cause


def test_a_link_to_the_wrong_person_takes_its_share_of_the_effect_away(large_world):
    """True links, links as made, and links of which 40 % name somebody else's illness.

    A birth that is linked to another mother's illness shows nothing of it, so that of the effect
    1 - 0.4 = 0.6 is left, on average over who was confused with whom.
    """
    births = true_births(large_world)
    true, errors = weight(births)
    assert within(true[0], errors[0], size("psychosis", "birth_weight_grams"))
    linked, _ = weight(linked_births(large_world))
    assert abs(linked[0] - true[0]) < errors[0]  # few are missed, fewer are wrong
    rng = np.random.default_rng(3)
    wrong = np.mean([weight(confused(births, 0.4, rng))[0] for _ in range(300)], axis=0)
    assert 0.5 < wrong[0] / true[0] < 0.7


def confused(births, share, rng):
    """Births of which a share have the illnesses of other mothers, chosen anew at random."""
    rows = np.flatnonzero(rng.random(len(births)) < share)
    order = np.arange(len(births))
    order[rows] = rng.permutation(rows)
    illness = births.select("psychosis", "mood")[order]
    return births.with_columns(illness["psychosis"], illness["mood"])


def test_the_fertility_register_is_asked_for_women_and_gives_no_controls(large_world):
    people = large_world.brought("hfea", "hfea_people")
    patients = large_world.patients()
    women = patients.filter(pl.col("sex") == "Female")
    assert large_world.runs["hfea"].covered == len(women) < len(patients)
    assert set(people[KEY]) <= set(women[KEY])
    assert people[KEY].null_count() == 0
    assert large_world.runs["hfea"].controls == 0
    assert len(people) > 100


def test_cycles_are_counted_in_order_and_a_birth_ends_the_cycle_before_it(large_world):
    cycles = large_world.held("hfea", "fertility_cycles").sort("person", "cycle_date")
    counted = cycles.with_columns(
        expected=pl.int_range(pl.len()).over("person") + 1,
    )
    assert (counted["cycle_number"] == counted["expected"]).all()
    births = large_world.held("hfea", "fertility_births")
    with_birth = cycles.filter(pl.col("outcome") == "Live birth")
    assert len(births) == len(with_birth)
    same = births.join(
        with_birth, left_on=["person", "treated_on"], right_on=["person", "cycle_date"]
    )
    assert len(same) == len(births)
    assert cycles["cycle_date"].min() >= date(1991, 8, 1)


def test_the_effect_on_stopping_treatment_is_found_in_what_was_brought(large_world):
    """Cycles of women without a birth; those of the last year may yet be followed by others."""
    births = large_world.brought("hfea", "fertility_births")["research_id"].implode()
    cycles = large_world.brought("hfea", "fertility_cycles")
    mood = large_world.patients().select(KEY, mood=pl.col("main").str.starts_with("F3"))
    last = pl.col("cycle_number") == pl.col("cycle_number").max().over("research_id")
    asked = (
        cycles.filter(~pl.col("research_id").is_in(births))
        .with_columns(stopped=last)
        .filter((pl.col("cycle_date") < date(2024, 9, 1)) & (pl.col("cycle_number") < 12))
        .join(mood, on=KEY)
    )
    design = np.column_stack([np.ones(len(asked)), asked["mood"]])
    found, errors = logistic(design, asked["stopped"].to_numpy())
    assert within(found[1], errors[1], np.log(size("mood", "stopping fertility treatment")))
