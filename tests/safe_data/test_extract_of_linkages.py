"""Extracts of linkages whose records live at the CDLS, and of data of both places."""

import json
import shutil
from datetime import date

import polars as pl
import pytest

from tests.safe_data.conftest import KEY, LINKED_ON
from tre.decision import NotThereError, UnusableRequestError
from tre.safe_data import world
from tre.safe_data.extracts import crate, dictionary

LIVES = (
    "patients.sex",
    "patients.birth_year",
    "patients.diagnosis_group",
    "patients.first_referral",
    "patients.linked_mortality",
    "diagnoses.icd10",
    "diagnoses.diagnosed",
    "mortality_people.group",
    "deaths.date_of_death",
    "deaths.underlying_cause",
)
BOTH = (*LIVES, "linked.sex", "linked.group", "linked.ks4_attainment8")
MEETING = "The CDLS brings its linked records into the SRS under the CRIS pseudonym."


@pytest.fixture(scope="module")
def parties(small_world, tmp_path_factory):
    """The small world, linked with the register of deaths as well."""
    copy = tmp_path_factory.mktemp("lives") / "parties"
    shutil.copytree(small_world.parties, copy)
    world.link(copy, "mortality", on=LINKED_ON, seed=7)
    return copy


def make(parties, into, variables=LIVES, **changed):
    asked = {"project": "lives", "variables": variables, "key": KEY, "on": LINKED_ON} | changed
    return world.make_extract(parties, into=into, **asked)


def read(folder, table):
    return pl.read_parquet(folder / f"{table}.parquet")


def object_to(parties, pseudonym, scope):
    file = parties / "slam" / "cris_opt_outs.parquet"
    row = {"cris_pseudonym": [pseudonym], "scope": [scope], "since": [LINKED_ON]}
    pl.concat([pl.read_parquet(file), pl.DataFrame(row)]).write_parquet(file)


def test_patients_are_all_whom_the_linkage_covers_linked_or_not(parties, tmp_path):
    manifest = make(parties, tmp_path / "1")
    patients, deaths = read(tmp_path / "1", "patients"), read(tmp_path / "1", "deaths")
    run = json.loads((parties / "cdls" / "mortality" / "1" / "run.json").read_text())
    assert len(patients) == run["sent"] == manifest.people
    assert patients["person_id"].is_unique().all()
    assert set(deaths["person_id"]) <= set(patients["person_id"])
    dead = patients.filter("linked_mortality")["person_id"]
    assert set(dead) == set(deaths["person_id"])
    assert 0 < len(dead) < len(patients)
    assert {(one.linkage, one.version) for one in manifest.sources} == {("mortality", "1")}


def test_what_lives_at_the_cdls_meets_there_and_nothing_is_brought(parties, tmp_path):
    manifest = make(parties, tmp_path / "1")
    assert manifest.place == "Clinical Data Linkage Service"
    assert manifest.transfers == ()


def test_dates_are_given_to_the_month_and_codes_to_three_characters(parties, tmp_path):
    manifest = make(parties, tmp_path / "1")
    deaths, diagnoses = read(tmp_path / "1", "deaths"), read(tmp_path / "1", "diagnoses")
    assert set(deaths["date_of_death"].dt.day()) == {1}
    assert set(diagnoses["diagnosed"].dt.day()) == {1}
    assert set(diagnoses["icd10"].str.len_chars()) == {3}
    said = {c.name: c.treatment for t in manifest.tables for c in t.columns}
    assert "month" in said["date_of_death"]
    assert "three characters" in said["icd10"]


def test_dates_are_moved_by_the_person_where_the_project_can_live_with_that(parties, tmp_path):
    make(parties, tmp_path / "1", shift_dates=True)
    make(parties, tmp_path / "2", shift_dates=True, project="other")
    there = pl.read_parquet(parties / "cdls" / "mortality" / "1" / "deaths.parquet")
    shifted = read(tmp_path / "1", "deaths")
    assert len(set(shifted["date_of_death"].dt.day())) > 5
    assert sorted(shifted["date_of_death"]) != sorted(there["date_of_death"])
    assert sorted(shifted["date_of_death"]) != sorted(
        read(tmp_path / "2", "deaths")["date_of_death"]
    )


def test_no_death_after_the_limit_and_nobody_who_died_only_then(parties, tmp_path):
    make(parties, tmp_path / "1", shift_dates=False)
    deaths = read(tmp_path / "1", "deaths")
    assert (deaths["date_of_death"] < date(2018, 1, 1)).all()
    register = pl.read_parquet(parties / "nhs-digital" / "mortality_deaths.parquet")
    assert not register.filter(pl.col("date_of_death") > date(2018, 1, 1)).is_empty()
    people = read(tmp_path / "1", "mortality_people")
    assert set(people["person_id"]) == set(deaths["person_id"])


def test_data_of_both_places_need_a_word_on_how_they_meet(parties, tmp_path):
    with pytest.raises(UnusableRequestError, match=r"npd can be seen in the ONS.*mortality at the"):
        make(parties, tmp_path / "1", BOTH)
    assert not (tmp_path / "1").exists()


def test_data_of_both_places_meet_in_the_srs_under_one_pseudonym(parties, tmp_path):
    manifest = make(parties, tmp_path / "1", BOTH, meeting=MEETING)
    assert manifest.place == "ONS Secure Research Service"
    brought = {transfer.purpose.split(": ")[-1]: transfer for transfer in manifest.transfers}
    assert brought["deaths"].sender == "Clinical Data Linkage Service"
    assert brought["deaths"].receiver == "ONS Secure Research Service"
    linked = read(tmp_path / "1", "linked")
    patients = read(tmp_path / "1", "patients")
    children = linked.filter(pl.col("group") == "CAMHS patient").join(patients, on="person_id")
    assert len(children) == len(linked.filter(pl.col("group") == "CAMHS patient"))
    assert (children["sex"] == children["sex_right"]).mean() > 0.95
    controls = linked.filter(pl.col("group") == "control")
    assert not set(controls["person_id"]) & set(patients["person_id"])
    assert not list(parties.glob("*/incoming/*"))


def test_who_objects_is_in_no_table_of_the_next_version(parties, tmp_path):
    there = tmp_path / "parties"
    shutil.copytree(parties, there)
    people = pl.read_parquet(there / "cdls" / "mortality" / "1" / "mortality_people.parquet")
    object_to(there, people["cris_pseudonym"][0], "mortality")
    object_to(there, people["cris_pseudonym"][1], "hes")
    before, after = make(parties, tmp_path / "1"), make(there, tmp_path / "2")
    assert after.people == before.people - 1
    gone = set(read(tmp_path / "1", "patients")["person_id"]) - set(
        read(tmp_path / "2", "patients")["person_id"]
    )
    assert len(gone) == 1
    for table in after.tables:
        assert not gone & set(read(tmp_path / "2", table.name)["person_id"])


def test_versions_with_people_who_left_must_go_and_are_destroyed_with_proof(parties, tmp_path):
    there, folder = tmp_path / "parties", tmp_path / "extracts"
    shutil.copytree(parties, there)
    first = make(there, folder / "2026-01-05-1")
    people = pl.read_parquet(there / "cdls" / "mortality" / "1" / "mortality_people.parquet")
    object_to(there, people["cris_pseudonym"][0], "all")
    make(there, folder / "2026-01-05-2")
    old, new = world.extract_versions(folder, "2026-01-05-2")
    assert (old.version, old.gone, old.must_go, old.current) == ("2026-01-05-1", 1, True, False)
    assert (new.gone, new.must_go, new.current) == (0, False, True)
    manifest, hashes = world.destroy_extract(folder, "2026-01-05-1")
    assert manifest == first
    assert {t.file: t.sha256 for t in first.tables}.items() <= hashes.items()
    assert [path.name for path in folder.iterdir()] == ["2026-01-05-2"]
    assert [one.version for one in world.extract_versions(folder, "2026-01-05-2")] == [new.version]


@pytest.mark.parametrize("version", ["nothing", "..", "../x", ""])
def test_a_version_that_is_not_there_cannot_be_destroyed(tmp_path, version):
    with pytest.raises(NotThereError, match="there is no version"):
        world.destroy_extract(tmp_path, version)


def test_two_projects_have_no_person_and_no_order_in_common(parties, tmp_path):
    make(parties, tmp_path / "1")
    make(parties, tmp_path / "2", project="other")
    one, other = read(tmp_path / "1", "patients"), read(tmp_path / "2", "patients")
    assert not set(one["person_id"]) & set(other["person_id"])
    assert one["birth_year"].to_list() != other["birth_year"].to_list()


def test_the_dictionary_says_of_every_column_what_it_is(parties, tmp_path):
    manifest = make(parties, tmp_path / "1")
    page = (tmp_path / "1" / dictionary.FILE).read_text()
    for table in manifest.tables:
        for column in table.columns:
            assert f"<code>{column.name}</code>" in page
            assert column.source.replace("'", "&#x27;") in page
    assert "http" not in page


def test_the_crate_names_every_file_linkage_and_transfer(parties, tmp_path):
    manifest = make(parties, tmp_path / "1", BOTH, meeting=MEETING)
    graph = json.loads((tmp_path / "1" / crate.FILE).read_text())["@graph"]
    by_id = {entity["@id"]: entity for entity in graph}
    assert len(by_id) == len(graph)
    for table in manifest.tables:
        assert by_id[table.file]["sha256"] == table.sha256
    made = by_id["#extraction"]
    named = {one["@id"] for one in made["object"]}
    assert {"#linkage-npd-1", "#linkage-mortality-1"} <= named
    assert len([one for one in named if one.startswith("#transfer-")]) == len(manifest.transfers)
    for part in by_id["./"]["hasPart"]:
        assert (tmp_path / "1" / part["@id"]).is_file()
    # Nothing is referred to that is not described, but for the standards themselves.
    text = json.dumps(graph)
    for reference in named | {made["agent"]["@id"]}:
        assert reference in by_id, text[:200]


def test_rocrate_reads_the_crate(parties, tmp_path):
    from rocrate.rocrate import ROCrate  # noqa: PLC0415

    make(parties, tmp_path / "1")
    read_back = ROCrate(str(tmp_path / "1"))
    assert read_back.root_dataset["name"].startswith("Extract of lives")


def test_rare_causes_of_death_stand_together(parties, tmp_path):
    manifest = make(parties, tmp_path / "1")
    causes = read(tmp_path / "1", "deaths")["underlying_cause"].value_counts()
    # Where even all the rare ones together are too few, nothing is said of them.
    given = causes.drop_nulls("underlying_cause")
    assert (given["count"] >= 10).all()
    register = pl.read_parquet(parties / "cdls" / "mortality" / "1" / "deaths.parquet")
    assert register["underlying_cause"].n_unique() > len(causes)
    said = {c.name: c.treatment for t in manifest.tables for c in t.columns}
    assert "three characters" in said["underlying_cause"]
    assert "rare categories together" in said["underlying_cause"]
