"""The built world, and the steps that make its data: on real registers of 2,000 people."""

import hmac
import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tre.decision import NotThereError, OvertakenError, RefusedError, UnusableRequestError
from tre.steps.budget import budget
from tre.steps.end_project import end_project
from tre.steps.extracts import extract_of
from tre.steps.linkage_report import linkage_report
from tre.steps.make_extract import make_extract, making_extract
from tre.steps.my_projects import my_projects
from tre.steps.practice_twin import practice_twin
from tre.steps.private_count import CountAsked, privacy_budget, private_count
from tre.steps.projects import load_project
from tre.steps.read_ledger import read_ledger
from tre.steps.run_linkage import run_linkage
from tre.steps.start_session import start_session
from tre.steps.transfers import transfers
from tre.steps.tre import Tre
from tre.steps.verify_ledger import verify_ledger
from tre.steps.world_record import read_world
from tre.training.accounts import keys_file
from tre.training.demo import ENDED_STUDY, PRACTICE, STUDY

pytestmark = pytest.mark.xdist_group("world")

BY_SEX = CountAsked(dataset="linked", rows=["sex"])


def linked(tre: Tre) -> pl.DataFrame:
    extract = extract_of(tre, STUDY)
    assert extract is not None
    return pl.read_parquet(extract / "linked.parquet")


def test_ada_may_start_her_session_and_sees_her_extract(world: Tre):
    spec = start_session(world, "ada", STUDY)
    assert (spec.extract / "linked.parquet").is_file()
    assert (spec.workspace / "01-attainment-by-diagnosis.ipynb").is_file()
    assert spec.policy == "srs"


def test_the_extract_holds_what_was_granted_and_the_pseudonym(world: Tre):
    granted = {name for grant in load_project(world, STUDY).datasets for name in grant.variables}
    expected = {name.removeprefix("linked.") for name in granted if name.startswith("linked.")}
    assert set(linked(world).columns) == expected | {"person_id"}
    assert linked(world)["person_id"].is_unique().all()


def test_projects_without_an_extract_say_so(world: Tre):
    (card,) = (card for card in my_projects(world, "finn") if card.project.id == PRACTICE)
    assert card.decision.allowed
    assert not card.has_extract


def test_the_linkage_sent_identifiers_and_nothing_clinical(world: Tre):
    first = transfers(world, "lena")[-1]
    assert first.sender == "Clinical Data Linkage Service"
    assert first.receiver == "Department for Education"
    assert set(first.columns) == {
        "cris_pseudonym",
        "first_name",
        "last_name",
        "date_of_birth",
        "postcode",
    }


def test_the_linkage_is_reported_to_those_it_concerns(world: Tre):
    assert linkage_report(world, "lena", "npd").sent > 0
    assert (linkage_report(world, "mia", "npd").recall or 0) > 0.8
    with pytest.raises(RefusedError, match="Safe People"):
        linkage_report(world, "ada", "npd")


def test_a_researcher_cannot_run_a_linkage_and_the_attempt_is_on_the_ledger(world: Tre):
    with pytest.raises(RefusedError, match="data linker"):
        run_linkage(world, "ada", "npd")
    newest = read_ledger(world, "omar")[0]
    assert (newest.actor, newest.tag, newest.outcome) == ("ada", "data:linkage:run", "refused")


def test_an_unknown_linkage_is_named_with_the_known(world: Tre):
    with pytest.raises(NotThereError, match="known are: npd"):
        run_linkage(world, "lena", "no-such")


def test_a_second_extract_is_a_new_version_with_the_same_pseudonyms(world: Tre):
    before, first = linked(world), extract_of(world, STUDY)
    manifest = make_extract(world, "lena", STUDY)
    second = extract_of(world, STUDY)
    assert first != second
    assert second is not None
    assert second.name == manifest.version
    assert linked(world).equals(before)


def test_two_extracts_of_a_project_are_not_made_at_once(world: Tre):
    with making_extract(world, STUDY), pytest.raises(OvertakenError, match="wait until it is done"):
        make_extract(world, "lena", STUDY)
    assert make_extract(world, "lena", STUDY).version.endswith("-2")


def test_a_projects_key_follows_from_the_seed_and_is_no_other_projects(world: Tre):
    key = (world.folders.keys / f"project-{STUDY}.key").read_text()
    label = b"tre-simulator: pseudonym key of a project in a built world, 1"
    by_hand = {
        (seed, project): hmac.new(label, f"{seed}\0{project}".encode(), "sha256").hexdigest()
        for seed, project in ((2026, STUDY), (2026, PRACTICE), (7, STUDY))
    }
    assert key == by_hand[2026, STUDY]
    assert len(set(by_hand.values())) == 3


def test_where_no_world_was_built_a_projects_key_is_random(world: Tre):
    (world.config.home / "world.json").unlink()
    key = world.folders.keys / f"project-{STUDY}.key"
    derived = key.read_text()
    key.unlink()
    make_extract(world, "lena", STUDY)
    assert key.read_text() != derived
    assert key.stat().st_mode & 0o077 == 0


def extracts(home: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(home)): file.read_bytes()
        for file in sorted((home / "extracts").rglob("*"))
        if file.is_file()
    }


@pytest.mark.slow
def test_two_builds_of_one_seed_on_one_day_are_the_same_bytes(built_home: Path, tmp_path: Path):
    """By one thread and by several; in a process of its own, since Polars asks for them once."""
    threads = "1" if pl.thread_pool_size() > 1 else "2"
    command = [sys.executable, "-m", "tre.cli", "--home", str(tmp_path / "again"), "build"]
    environ = os.environ | {"POLARS_MAX_THREADS": threads, "TRE_PEOPLE": "2000"}
    command += ["--no-practice"]
    subprocess.run(command, check=True, env=environ, timeout=280, capture_output=True)
    first, second = extracts(built_home), extracts(tmp_path / "again")
    built = [read_world(home) for home in (built_home, tmp_path / "again")]
    if len({world.built_on for world in built if world is not None}) != 1:
        pytest.skip("midnight passed between the two builds")
    assert len(first) > 4
    assert first == second


def test_an_extract_is_not_made_by_its_researcher_nor_after_the_end(world: Tre):
    with pytest.raises(RefusedError, match="Safe People"):
        make_extract(world, "ada", STUDY)
    with pytest.raises(RefusedError, match="Safe Projects"):
        make_extract(world, "lena", ENDED_STUDY)


def test_a_real_project_gets_no_synthetic_data(world: Tre):
    with pytest.raises(UnusableRequestError, match="no practice project"):
        practice_twin(world, "lena", STUDY, of=STUDY)


def test_a_twin_needs_something_to_be_a_twin_of(world: Tre):
    with pytest.raises(UnusableRequestError, match="no extract yet"):
        practice_twin(world, "tess", PRACTICE, of=ENDED_STUDY)


def test_a_private_count_is_charged_and_its_bytes_are_known(world: Tre):
    before = budget(world, STUDY)
    counted = private_count(world, "ada", STUDY, BY_SEX, epsilon=0.5)
    assert before.spent == ()
    assert counted.budget.spent == (0.5,)
    assert counted.csv.splitlines()[0] == "sex,value"
    assert json.loads(counted.declaration)["protection"]["method"] == "noise"


def test_a_private_count_beyond_the_budget_is_refused_and_costs_nothing(world: Tre):
    private_count(world, "ada", STUDY, BY_SEX, epsilon=2.9)
    with pytest.raises(UnusableRequestError, match=r"0\.1 is left"):
        private_count(world, "ada", STUDY, BY_SEX, epsilon=0.2)
    assert budget(world, STUDY).spent == (2.9,)


@pytest.mark.parametrize(
    "asked",
    [
        CountAsked(dataset="linked", rows=["no_such_column"]),
        CountAsked(dataset="linked", rows=["sex"], where="no SQL at all ("),
        CountAsked(dataset="../../practice/linked", rows=["sex"]),
        CountAsked(dataset="manifest", rows=["sex"]),
    ],
)
def test_a_count_that_cannot_be_made_costs_nothing(world: Tre, asked: CountAsked):
    with pytest.raises(UnusableRequestError):
        private_count(world, "ada", STUDY, asked, epsilon=0.5)
    assert budget(world, STUDY).spent == ()


def test_only_who_may_research_today_spends_or_sees_the_budget(world: Tre):
    with pytest.raises(RefusedError, match="accreditation"):
        private_count(world, "bola", STUDY, BY_SEX, epsilon=0.5)
    with pytest.raises(NotThereError):  # whoever has no part in it does not learn that it is there
        privacy_budget(world, "finn", STUDY)
    assert privacy_budget(world, "ada", STUDY).epsilon_left == 3.0


def test_an_ended_project_lets_nobody_in_and_loses_its_key(world: Tre):
    key = world.folders.keys / f"project-{STUDY}.key"
    assert key.is_file()
    end_project(world, "mia", STUDY, "the paper is published")
    assert not key.exists()
    with pytest.raises(RefusedError, match="Safe Projects"):
        start_session(world, "ada", STUDY)
    with pytest.raises(UnusableRequestError, match="ended already"):
        end_project(world, "mia", STUDY, "again")


def test_ending_a_project_needs_a_manager_and_a_reason(world: Tre):
    with pytest.raises(UnusableRequestError, match="say why"):
        end_project(world, "mia", STUDY, "  ")
    with pytest.raises(RefusedError, match="TRE manager"):
        end_project(world, "ada", STUDY, "done")


def test_no_key_is_readable_by_others(built_home: Path):
    assert keys_file(built_home).stat().st_mode & 0o077 == 0
    keys = [key for key in (built_home / "keys").iterdir() if key.suffix != ".lock"]
    assert len(keys) >= 4
    assert all(key.stat().st_mode & 0o077 == 0 for key in keys)


def test_the_ledger_of_a_new_world_is_whole(world: Tre):
    assert verify_ledger(world).whole


@pytest.mark.slow
def test_the_practice_project_gets_a_synthetic_twin(world: Tre):
    pytest.importorskip("sdv", exc_type=ImportError)
    manifest = practice_twin(world, "tess", PRACTICE, of=STUDY)
    assert manifest.synthetic
    spec = start_session(world, "finn", PRACTICE)
    twin = pl.read_parquet(spec.extract / "linked.parquet")
    assert twin.columns == linked(world).columns
    assert not set(twin["person_id"]) & set(linked(world)["person_id"])


def test_what_comes_into_the_srs_for_an_extract_is_recorded(world: Tre):
    """The patients' records, from the linkage service, under the pseudonym that was linked."""
    brought = [
        each
        for each in transfers(world, "lena")
        if each.sender == "Clinical Data Linkage Service"
        and each.receiver == "ONS Secure Research Service"
    ]
    columns = {column for each in brought for column in each.columns}
    assert "cris_pseudonym" in columns
    assert not {"nhs_number", "first_name", "last_name", "date_of_birth", "postcode"} & columns
    assert all(each.rows > 0 for each in brought)
