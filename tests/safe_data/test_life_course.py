"""The life course hangs together in every register: a world of 100,000 people, all tables."""

import polars as pl
import pytest

from tests.safe_data.linked_world import LARGE
from tre.safe_data.linkages import linkages

pytestmark = LARGE
TABLES = [
    pytest.param(linkage, table, id=f"{linkage.id}-{table.name}")
    for linkage in linkages()
    for table in linkage.holdings
]
LAST_DAY = pl.date(2025, 8, 31)
KINDS = {
    "string": lambda kind: kind in (pl.String, pl.Categorical, pl.Enum),
    "integer": lambda kind: kind.is_integer(),
    "number": lambda kind: kind.is_float(),
    "boolean": lambda kind: kind == pl.Boolean,
    "date": lambda kind: kind == pl.Date,
}


def dates_of(table):
    return [variable.name for variable in table.variables if variable.type == "date"]


def lives(large_world):
    people = large_world.table("simulator/people")
    return people.select(
        "person", "mother", "is_female", born="date_of_birth",
        died=pl.col("day_of_death").cast(pl.Date),
    )  # fmt: skip


@pytest.mark.parametrize(("linkage", "table"), TABLES)
def test_nothing_happens_before_birth_or_after_death(large_world, linkage, table):
    names = dates_of(table)
    held = large_world.held(linkage.id, table.name).join(lives(large_world), on="person")
    for name in names:
        days = held.filter(pl.col(name).is_not_null())
        assert (days[name] >= days["born"]).all(), f"{name} before birth"
        late = pl.col(name) > pl.min_horizontal(pl.col("died").fill_null(LAST_DAY), LAST_DAY)
        assert days.filter(late).is_empty(), f"{name} after death or after the last day"


@pytest.mark.parametrize(("linkage", "table"), TABLES)
def test_every_column_is_as_described(large_world, linkage, table):
    """Its type, its codes, and that everybody named is in the register."""
    held = large_world.held(linkage.id, table.name)
    assert held["person"].null_count() == 0
    for variable in table.variables:
        values = held[variable.name]
        assert KINDS[variable.type](values.dtype), variable.name
        assert values.null_count() < len(values) or values.is_empty(), variable.name
        if variable.codes:
            assert set(values.drop_nulls().unique().to_list()) <= set(variable.codes)


@pytest.mark.parametrize("linkage", [pytest.param(one, id=one.id) for one in linkages()])
def test_a_register_knows_each_person_once_and_nobody_who_died_before_it_saw_them(
    large_world, linkage
):
    people = large_world.held(linkage.id, linkage.people.name)
    assert people["person"].is_unique().all()
    assert people[linkage.record].is_unique().all()
    known = set(people[linkage.record])
    for table in linkage.tables:
        assert set(large_world.held(linkage.id, table.name)[table.about[0]]) <= known


def test_table_names_are_different_in_all_linkages():
    names = [table.name for linkage in linkages() for table in linkage.holdings]
    assert len(names) == len(set(names))


def test_all_registers_that_know_of_a_death_say_the_same(large_world):
    truth = large_world.held("mortality", "deaths")
    columns = ["person", "date_of_death", "underlying_cause", "place_of_death"]
    for linkage_id, table in (("ncras", "ncras_deaths"), ("thames-cancer", "thames_deaths")):
        theirs = large_world.held(linkage_id, table).select(columns)
        assert len(theirs) > 100
        assert len(theirs.join(truth.select(columns), on=columns)) == len(theirs)


def test_a_mother_is_a_woman_older_than_her_child(large_world):
    births = large_world.held("elixir", "births")
    people = lives(large_world)
    both = births.join(people, on="person").join(
        people, left_on="child_person", right_on="person", suffix="_child"
    )
    assert (both["person"] == both["mother_child"]).all()
    assert both["is_female"].all()
    assert (both["birth_date"] == both["born_child"]).all()
    years = both.select((pl.col("born_child") - pl.col("born")).dt.total_days() / 365.25)
    assert years.to_series().is_between(15, 50).all()
    stays = large_world.held("elixir", "neonatal_admissions").join(
        people, left_on="child_person", right_on="person"
    )
    assert stays["admitted"].is_between(stays["born"], stays["discharged"]).all()
    assert (stays["discharged"] <= stays["died"].fill_null(LAST_DAY)).all()
    assert ((stays["discharged"] - stays["admitted"]).dt.total_days() == stays["nights"]).all()


def test_only_women_are_in_the_fertility_register_and_the_births_are_real(large_world):
    people = lives(large_world)
    assert large_world.held("hfea", "hfea_people").join(people, on="person")["is_female"].all()
    births = large_world.held("hfea", "fertility_births")
    children = people.select(pl.col("mother").alias("person"), pl.col("born").alias("birth_date"))
    children = children.group_by("person", "birth_date").agg(babies=pl.len())
    known = births.join(children, on=["person", "birth_date"])
    assert len(known) == len(births) > 500
    assert (known["babies"] == known["babies_born"]).all()
    weeks = (births["birth_date"] - births["treated_on"]).dt.total_days() / 7
    assert weeks.is_between(35, 41).all()


def test_no_fertility_cycle_falls_within_a_pregnancy(large_world):
    cycles = large_world.held("hfea", "fertility_cycles").select("person", "cycle_date", "outcome")
    children = lives(large_world).select(pl.col("mother").alias("person"), pl.col("born"))
    both = cycles.join(children, on="person").filter(pl.col("outcome") != "Live birth")
    before = (both["born"] - both["cycle_date"]).dt.total_days()
    assert both.filter(before.is_between(0, 240)).is_empty()


def test_dialysis_follows_kidney_disease_and_a_transplant_follows_dialysis(large_world):
    seen = large_world.held("renalware", "renal_diagnoses").select("person", "first_seen")
    dialysis = large_world.held("renalware", "renal_dialysis").join(seen, on="person", how="left")
    assert len(dialysis) > 20
    assert (dialysis["started"] > dialysis["first_seen"]).all()
    ended = dialysis.drop_nulls("ended")
    assert (ended["ended"] >= ended["started"]).all()
    grafts = large_world.held("renalware", "renal_transplants").join(dialysis, on="person")
    assert (grafts["transplanted"] == grafts["ended"]).all()


def test_treatment_follows_the_diagnosis(large_world):
    tumours = large_world.held("ncras", "ncras_tumours").select("person", "diagnosed")
    treated = large_world.held("ncras", "ncras_treatments").join(tumours, on="person")
    days = (treated["began"] - treated["diagnosed"]).dt.total_days()
    assert days.is_between(0, 90).all()
    known = large_world.held("hars", "hars_diagnoses").select("person", "diagnosed")
    care = large_world.held("hars", "hars_quarters").join(known, on="person")
    assert (care["attended"] >= care["diagnosed"]).all()


def test_the_two_cancer_registries_say_the_same_of_a_tumour(large_world):
    national = large_world.held("ncras", "ncras_tumours")
    local = large_world.held("thames-cancer", "thames_tumours")
    both = national.join(local, on="person")
    assert len(both) > 500
    for name in ("diagnosed", "site", "morphology"):
        assert (both[name] == both[f"{name}_right"]).all()
    stages = both.drop_nulls(["stage", "stage_right"])
    assert (stages["stage"] == stages["stage_right"]).all()


def test_the_stays_that_come_with_cancers_are_those_of_hes(large_world):
    columns = ["admitted", "discharged", "main_diagnosis", "provider"]
    theirs = large_world.held("hes", "admissions").select("person", *columns).unique()
    mine = large_world.held("ncras", "ncras_admissions").select("person", *columns).unique()
    assert len(mine.join(theirs, on=["person", *columns])) == len(mine) > 1_000


def test_no_child_lives_without_an_adult_on_census_day(large_world):
    homes = large_world.held("census2011", "census_households")
    assert (homes["dependent_children"] < homes["household_size"]).all()
    answers = large_world.held("census2011", "census_answers").select("person", "age")
    children = homes.join(answers, on="person").filter(pl.col("age") < 16)
    assert len(children) > 1_000
    assert (children["dependent_children"] >= 1).all()
    assert (children["household_size"] >= 2).all()


def test_no_care_of_the_mental_health_trust_goes_on_after_death(large_world):
    truth = large_world.table("simulator/truth/cris")
    referrals = large_world.table("slam/cris_referrals").join(
        truth, left_on="cris_pseudonym", right_on="record"
    )
    both = referrals.join(lives(large_world), on="person").drop_nulls("died")
    ends = pl.col("referred") + pl.duration(days="days_in_care")
    assert len(both) > 100
    assert both.filter(ends > pl.col("died")).is_empty()
