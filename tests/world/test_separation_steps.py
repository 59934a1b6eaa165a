"""Separation, the journey and the audit, on a world of one linkage: steps and commands."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tre import cli
from tre.config import Config
from tre.decision import NotThereError, RefusedError
from tre.steps.audit_linkage import audit_linkage
from tre.steps.destroy_extract import destroy_extract
from tre.steps.end_project import end_project
from tre.steps.extracts import extract_of
from tre.steps.linkage_journey import linkage_journey
from tre.steps.make_extract import make_extract
from tre.steps.read_ledger import read_ledger
from tre.steps.run_linkage import quiet, run_linkage
from tre.steps.separation import TAG, SeparationBrokenError, prove_separation
from tre.steps.transfers import transfers
from tre.steps.tre import Tre, open_tre
from tre.steps.world_record import World, write_world
from tre.steps.world_stages import STAGES, Building
from tre.training.demo import STUDY

pytestmark = pytest.mark.xdist_group("world")

HEADINGS = [
    "Confidentiality",
    "Integrity",
    "Duty of care",
    "Data kept safe and secure",
    "Use against purpose",
]


PEOPLE = 2_000


@pytest.fixture(scope="module")
def linked_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world in which one linkage was run and one extract made. Not to be changed."""
    config = Config(home=tmp_path_factory.mktemp("linked") / "home", people=PEOPLE)
    tre = open_tre(config)
    began = World(people=PEOPLE, seed=config.seed, built_on=tre.now().date())
    for stage in STAGES[:2]:
        stage.do(Building(tre=tre, world=began, tell=quiet))
    write_world(config.home, replace(began, complete=True))
    run_linkage(tre, "lena", "npd")
    make_extract(tre, "lena", STUDY)
    tre.close()
    return config.home


@pytest.fixture
def world(linked_home: Path, tmp_path: Path) -> Iterator[Tre]:
    """A copy of that world, to do with as a test likes."""
    home = Path(shutil.copytree(linked_home, tmp_path / "home"))
    tre = open_tre(Config(home=home, people=PEOPLE))
    yield tre
    tre.close()


def run(tre: Tre, *words: str) -> int:
    return cli.main(["--home", str(tre.config.home), *words])


def leave_names(tre: Tre) -> None:
    """Somebody at the DfE keeps the names of pupils beside what describes them."""
    file = tre.folders.parties / "dfe" / "npd_pupils.parquet"
    names = pl.read_parquet(tre.folders.parties / "dfe" / "npd_identifiers.parquet")["last_name"]
    pl.read_parquet(file).with_columns(contact=names).write_parquet(file)


def exhibit(pack, title: str) -> dict:
    found = [each for heading in pack.to_dict()["headings"] for each in heading["exhibits"]]
    return next(each for each in found if each["title"] == title)


def test_the_world_keeps_separation_and_its_ledger_says_so(world: Tre):
    assert prove_separation(world, "omar").holds
    proved = [entry for entry in read_ledger(world, "omar", limit=1000) if entry.tag == TAG]
    # the look just now at everything, and the one after the run
    assert [(entry.actor, entry.details["linkage"]) for entry in proved] == [
        ("omar", "all"),
        ("lena", "npd"),
    ]
    assert all(entry.details["separation_holds"] for entry in proved)


@pytest.mark.parametrize("step", [prove_separation, audit_linkage, linkage_journey])
def test_researchers_see_neither_proof_nor_pack_nor_journey(world: Tre, step):
    with pytest.raises(RefusedError, match="Safe People"):
        step(world, "ada", "npd")
    assert read_ledger(world, "omar")[0].outcome == "refused"


@pytest.mark.parametrize("person", ["lena", "mia", "omar"])
@pytest.mark.parametrize("step", [prove_separation, audit_linkage, linkage_journey])
def test_linkers_managers_and_auditors_see_all_three(world: Tre, person: str, step):
    assert step(world, person, "npd")


@pytest.mark.parametrize("step", [prove_separation, audit_linkage, linkage_journey])
def test_a_linkage_that_nobody_knows_is_not_there(world: Tre, step):
    with pytest.raises(NotThereError, match="known are"):
        step(world, "lena", "no-such")


def test_a_run_that_breaks_separation_is_kept_and_fails_loudly(world: Tre):
    leave_names(world)
    before = len(transfers(world, "lena"))
    with pytest.raises(SeparationBrokenError, match=r"version 2, was run.*npd_pupils.parquet") as e:
        run_linkage(world, "lena", "npd")
    assert e.value.run.version == "2"
    assert len(transfers(world, "lena")) > before
    newest = next(entry for entry in read_ledger(world, "omar") if entry.tag == TAG)
    assert newest.details["separation_holds"] is False
    assert newest.details["violations"][0]["where"] == "dfe/npd_pupils.parquet"


def test_the_commands_end_with_2_where_separation_was_broken(world: Tre, capsys, tmp_path):
    leave_names(world)
    assert run(world, "linkage", "run", "npd") == 2
    assert "SEPARATION WAS NOT KEPT: 2 violations" in capsys.readouterr().out
    assert run(world, "linkage", "separation", "npd") == 2
    assert "identifiers-stand-alone" in capsys.readouterr().out
    assert run(world, "linkage", "audit", "npd", "--html", str(tmp_path / "a.html")) == 2
    assert "DOES NOT HOLD" in capsys.readouterr().out
    assert "npd_pupils.parquet" in (tmp_path / "a.html").read_text()


def test_the_commands_end_with_0_where_it_holds(world: Tre, capsys, tmp_path):
    assert run(world, "linkage", "separation") == 0
    assert "Separation was kept: 15 rules hold" in capsys.readouterr().out
    assert run(world, "linkage", "separation", "npd", "--json") == 0
    assert json.loads(capsys.readouterr().out)["holds"] is True
    assert run(world, "linkage", "audit", "npd", "--json") == 0
    assert json.loads(capsys.readouterr().out)["against"] == []
    assert run(world, "linkage", "audit", "npd") == 0
    assert "nothing speaks against it" in capsys.readouterr().out
    for name in ("npd.svg", "npd.html"):
        assert run(world, "linkage", "picture", "npd", "-o", str(tmp_path / name)) == 0
    assert (tmp_path / "npd.svg").read_text().startswith("<svg ")
    assert (tmp_path / "npd.html").read_text().startswith("<!doctype html>")


def test_the_pack_has_the_headings_of_the_audit(world: Tre):
    pack = audit_linkage(world, "omar", "npd")
    assert [heading.name for heading in pack.headings] == HEADINGS
    assert pack.holds, pack.against()
    assert json.loads(json.dumps(pack.to_dict()))["made_by"] == "omar"


def test_the_pack_shows_transfers_destruction_and_objections(world: Tre):
    pack = audit_linkage(world, "omar", "npd")
    book = [each for each in transfers(world, "lena") if each.linkage == "npd"]
    assert {row["sha256"] for row in exhibit(pack, "Transfers")["rows"]} == {t.sha256 for t in book}
    (letter,) = exhibit(pack, "Destruction of identifiers")["rows"]
    assert letter["destroyed_by_version"] == "1"
    (told,) = exhibit(pack, "Objections honoured")["rows"]
    assert told["covered"] == told["opted_out"] + told["sent"]


def test_the_pack_says_who_ran_and_read_and_that_it_was_made(world: Tre):
    prove_separation(world, "mia", "npd")
    audit_linkage(world, "omar", "npd")
    rows = exhibit(audit_linkage(world, "lena", "npd"), "Who ran it, who read it, who was refused")
    seen = {(row["actor"], row["tag"]) for row in rows["rows"]}
    assert {
        ("lena", "data:linkage:run"),
        ("mia", "data:linkage:separation"),
        ("omar", "data:linkage:audit"),
        ("lena", "data:extract:make"),
    } <= seen


def test_the_pack_names_extracts_with_their_purpose(world: Tre):
    (row,) = exhibit(audit_linkage(world, "omar", "npd"), "Extracts and what they are for")["rows"]
    assert row["project"] == STUDY
    assert row["purpose"]
    assert row["linkage_version"] == "1"
    assert row["on_disk"] is True
    assert row["key"] == "kept"


def test_an_extract_that_was_destroyed_is_listed_with_its_proof(world: Tre):
    old = extract_of(world, STUDY)
    assert old is not None
    make_extract(world, "lena", STUDY)
    destroy_extract(world, "lena", STUDY, old.name, "replaced")
    (folder := world.folders.extracts(STUDY) / "damaged").mkdir()
    (folder / "manifest.json").write_text("{")
    pack = audit_linkage(world, "omar", "npd")
    (gone,) = exhibit(pack, "Extracts that were destroyed")["rows"]
    assert (gone["version"], gone["were_as_made"], gone["reason"]) == (old.name, True, "replaced")
    rows = exhibit(pack, "Extracts and what they are for")["rows"]
    assert [row["on_disk"] for row in rows if row["version"] == old.name] == [False]


def test_an_extract_of_an_earlier_run_is_listed(world: Tre):
    run_linkage(world, "lena", "npd")
    (old,) = exhibit(
        audit_linkage(world, "omar", "npd"), "Extracts of earlier runs that are still there"
    )["rows"]
    assert (old["made_from_version"], old["latest_version"]) == ("1", "2")


def test_an_ended_project_must_have_no_key(world: Tre):
    end_project(world, "mia", STUDY, "the study is over")
    pack = audit_linkage(world, "omar", "npd")
    assert pack.holds
    (world.folders.keys / f"project-{STUDY}.key").write_text("00" * 32)
    (world.folders.keys / f"project-{STUDY}.key").chmod(0o600)
    assert audit_linkage(world, "omar", "npd").against() == ("Extracts and what they are for",)


def change_a_file(tre: Tre) -> None:
    file = tre.folders.parties / "srs" / "npd" / "1" / "results.parquet"
    pl.read_parquet(file).head(5).write_parquet(file)


def lose_a_file(tre: Tre) -> None:
    (tre.folders.parties / "srs" / "npd" / "1" / "results.parquet").unlink()


def open_a_key(tre: Tre) -> None:
    next((tre.folders.parties / "dfe" / "keys").iterdir()).chmod(0o644)


def open_a_register(tre: Tre) -> None:
    (tre.folders.parties / "slam" / "cris_identifiers.parquet").chmod(0o640)


def leave_a_letter(tre: Tre) -> None:
    source = tre.folders.parties / "slam" / "cris_identifiers.parquet"
    (tre.folders.parties / "dfe" / "incoming" / "npd.parquet").write_bytes(source.read_bytes())


@pytest.mark.parametrize(
    ("harm", "title"),
    [
        (change_a_file, "Files of the latest run"),
        (lose_a_file, "Files of the latest run"),
        (open_a_key, "Keys and identifiers are closed"),
        (open_a_register, "Keys and identifiers are closed"),
        (leave_a_letter, "Separation"),
    ],
)
def test_the_pack_says_what_speaks_against_the_linkage(world: Tre, harm, title: str):
    harm(world)
    assert title in audit_linkage(world, "omar", "npd").against()


def test_a_run_that_the_book_does_not_know_is_found(world: Tre):
    file = world.folders.parties / "srs" / "npd" / "1" / "run.json"
    told = json.loads(file.read_text())
    told["transfers"][-1]["sha256"] = "0" * 64
    file.write_text(json.dumps(told))
    against = audit_linkage(world, "omar", "npd").against()
    assert "Runs against the book of transfers" in against


def test_the_page_of_the_pack_stands_alone(world: Tre, tmp_path: Path):
    page = tmp_path / "npd.html"
    assert run(world, "linkage", "audit", "npd", "--html", str(page)) == 0
    text = page.read_text()
    assert "<script" not in text
    assert "src=" not in text
    assert all(f">{heading}</h2>" in text for heading in HEADINGS)
