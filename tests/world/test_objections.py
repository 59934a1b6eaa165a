"""Somebody objects: in no result that leaves, in no later extract, and the old one goes."""

from pathlib import Path

import polars as pl
import pytest

from tests.world.test_commands import run
from tre.decision import UnusableRequestError
from tre.safe_outputs.release_request import FileKind, VoteChoice
from tre.steps.approve_request import approve_request
from tre.steps.ask_for_release import PackageFile, ReleasePackage, ask_for_release
from tre.steps.audit_linkage import audit_linkage
from tre.steps.destroy_extract import destroy_extract, extract_versions
from tre.steps.extracts import extract_of
from tre.steps.make_extract import make_extract
from tre.steps.projects import load_project
from tre.steps.read_ledger import read_ledger
from tre.steps.run_linkage import run_linkage
from tre.steps.start_session import start_session
from tre.steps.submit_review import submit_review
from tre.steps.tre import Tre
from tre.steps.up_to_date import refuse_outdated
from tre.steps.view_request import view_request
from tre.steps.vote import vote
from tre.training.demo import ENDED_STUDY, STUDY
from tre.training.studies import with_data

pytestmark = pytest.mark.xdist_group("world")


def somebody_linked(tre: Tre) -> str:
    """The CRIS pseudonym of a patient in the study's extract."""
    pupils = pl.read_parquet(tre.folders.parties / "srs" / "npd" / "1" / "pupils.parquet")
    return pupils["cris_pseudonym"].drop_nulls().sort()[0]


def object_today(tre: Tre, pseudonym: str, scope: str) -> None:
    file = tre.folders.parties / "slam" / "cris_opt_outs.parquet"
    today = tre.now().date()
    row = {"cris_pseudonym": [pseudonym], "scope": [scope], "since": [today]}
    pl.concat([pl.read_parquet(file), pl.DataFrame(row)]).write_parquet(file)


def package() -> ReleasePackage:
    text = b"Attainment was lower after psychosis."
    return ReleasePackage(
        title="A sentence",
        context="What the study found, in a sentence for the funder.",
        controls="No numbers.",
        files=(PackageFile("sentence.txt", text, FileKind.OUTPUT),),
    )


def test_nothing_leaves_while_somebody_who_objects_is_in_the_extract(world: Tre):
    refuse_outdated(world, load_project(world, STUDY))
    object_today(world, somebody_linked(world), "npd")
    with pytest.raises(UnusableRequestError, match=r"one person of the extract .* objects since"):
        ask_for_release(world, "ada", STUDY, package())
    make_extract(world, "lena", STUDY)
    assert ask_for_release(world, "ada", STUDY, package()) > 0


def test_an_objection_to_another_linkage_stops_nothing(world: Tre):
    object_today(world, somebody_linked(world), "hes")
    assert ask_for_release(world, "ada", STUDY, package()) > 0
    with pytest.raises(UnusableRequestError, match="one person"):
        refuse_outdated(world, load_project(world, "hospital-use"))


def test_what_was_submitted_before_is_not_approved_any_more(world: Tre):
    number = ask_for_release(world, "ada", STUDY, package())
    for checker in ("cora", "deniz"):
        view = view_request(world, checker, number)
        for file in (file for group in view.groups for file in group.files):
            vote(world, checker, number, file.id, VoteChoice.APPROVED)
        submit_review(world, checker, number)
    object_today(world, somebody_linked(world), "all")
    with pytest.raises(UnusableRequestError, match="may be in no result that leaves"):
        approve_request(world, "cora", number)


def test_the_earlier_version_must_go_and_its_end_is_on_the_ledger(world: Tre):
    object_today(world, somebody_linked(world), "cris")
    assert "Objections honoured" in str(audit_linkage(world, "omar", "npd").against())
    run_linkage(world, "lena", "npd")
    assert audit_linkage(world, "omar", "npd").holds
    old = extract_of(world, STUDY)
    assert old is not None
    (before,) = extract_versions(world, "lena", STUDY)
    assert (before.current, before.objecting, before.must_go) == (True, 1, True)
    make_extract(world, "lena", STUDY)
    first, second = extract_versions(world, "lena", STUDY)
    assert (first.version, first.gone, first.must_go) == (old.name, 1, True)
    assert second.current
    assert run(world, "project", "versions", STUDY) == 1
    with pytest.raises(UnusableRequestError, match=r"sessions of .* see"):
        destroy_extract(world, "lena", STUDY, second.version, "by mistake")
    hashes = destroy_extract(world, "lena", STUDY, first.version, "somebody objects")
    assert not old.exists()
    newest = read_ledger(world, "omar")[0]
    assert newest.tag == "data:extract:destroy"
    assert newest.details["destroyed"] == hashes
    assert newest.details["as_made"].items() <= hashes.items()
    assert run(world, "project", "versions", STUDY) == 0
    start_session(world, "ada", STUDY)


def test_destruction_needs_a_reason(world: Tre):
    with pytest.raises(UnusableRequestError, match="say why"):
        destroy_extract(world, "lena", STUDY, "2026-01-01-1", " ")


def test_every_accredited_study_but_the_ended_has_an_extract_with_people_in_it(world: Tre):
    assert extract_of(world, ENDED_STUDY) is None
    for study in set(with_data()) - {ENDED_STUDY}:
        extract = extract_of(world, study)
        assert extract is not None
        table = "linked" if study == STUDY else "patients"
        assert len(pl.read_parquet(extract / f"{table}.parquet")) > 0, study
        assert (extract / "dictionary.html").is_file()


def test_the_risk_of_an_extract_is_shown_and_written(world: Tre, tmp_path: Path, capsys):
    page = tmp_path / "risk.html"
    assert run(world, "project", "risk", "life-expectancy", "--html", str(page)) == 0
    assert "patients" in capsys.readouterr().out
    assert "<html" in page.read_text()
