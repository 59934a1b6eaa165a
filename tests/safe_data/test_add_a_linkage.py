"""The walk-through of the documentation, walked: a fifteenth linkage is one file and its test."""

import re
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import tre
from tre.safe_data import linkages as package
from tre.safe_data import world
from tre.safe_data.catalogue import catalogue

PAGE = Path(tre.__file__).parents[1] / "docs" / "how-to" / "add-a-linkage.md"
ON = date(2026, 1, 5)
MODULE = f"{package.__name__}.ambulance"


def code_blocks():
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def forget():
    """What is remembered of the linkages is asked for again."""
    package.linkages.cache_clear()
    catalogue.cache_clear()
    sys.modules.pop(MODULE, None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of linkages beside the simulator's own, with the file of the page in it."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("linkages")
        (folder / "ambulance.py").write_text(code_blocks()[0], encoding="utf-8")
        patch.setattr(package, "__path__", [*package.__path__, str(folder)])
        forget()
        yield folder
    forget()
    vars(package).pop("ambulance", None)


@pytest.fixture(scope="module")
def parties(folder, tmp_path_factory):
    """A little world in which the fifteenth register was filled, and linked."""
    parties = tmp_path_factory.mktemp("ambulance") / "parties"
    world.build(parties, people=4_000, seed=7)
    world.link(parties, "ambulance", on=ON, seed=7)
    return parties


def test_one_file_is_a_linkage(folder):
    assert [one.id for one in world.linkages()][-1] == "ambulance"
    assert len({one.order for one in world.linkages()}) == len(world.linkages())


def test_the_test_of_the_page_passes(folder):
    names: dict = {}
    exec(compile(code_blocks()[1], str(PAGE), "exec"), names)
    tests = [value for name, value in names.items() if name.startswith("test_")]
    assert len(tests) == 2
    for test in tests:
        test()


def test_its_data_are_where_researchers_see_them(parties):
    brought = parties / "cdls" / "ambulance" / "1"
    people = pl.read_parquet(brought / "ambulance_people.parquet")
    calls = pl.read_parquet(brought / "ambulance_calls.parquet")
    assert people["cris_pseudonym"].drop_nulls().len() > 20
    assert people["cris_pseudonym"].null_count() > 100
    assert calls.filter(pl.col("called") < date(2020, 1, 1)).is_empty()
    assert set(calls["research_id"]) == set(people["research_id"])
    assert not {"nhs_number", "first_name", "last_name", "date_of_birth"} & set(people.columns)


def test_its_identifiers_were_destroyed_and_its_transfers_are_on_record(parties):
    run = pl.read_json(parties / "cdls" / "ambulance" / "1" / "run.json")
    senders = {transfer["sender"] for transfer in run["transfers"][0]}
    assert {"Clinical Data Linkage Service", "London Ambulance Service"} <= senders
    assert len(run["destroyed"][0]) == 1
    assert not list((parties / "london-ambulance-service" / "incoming").glob("*.parquet"))


def test_it_is_in_the_catalogue(folder):
    dataset = next(one for one in world.catalogue() if one.id == "ambulance")
    assert dataset.controller == "London Ambulance Service"
    assert {"ambulance_calls.called", "ambulance_calls.reason"} <= set(dataset.variables())


def test_its_report_says_how_good_the_linkage_was(parties):
    report = world.report(parties, "ambulance")
    assert (report.precision or 0) > 0.95
    assert (report.recall or 0) > 0.9
    assert 0 < report.coverage < 0.5


def test_a_project_can_have_an_extract_of_it(parties, tmp_path):
    wanted = ("ambulance_people.group", "ambulance_people.sex", "ambulance_calls.reason")
    key, into = b"the key of the project of tests!", tmp_path / "1"
    world.make_extract(parties, project="calls", variables=wanted, key=key, on=ON, into=into)
    calls = pl.read_parquet(into / "ambulance_calls.parquet")
    assert set(calls.columns) == {"person_id", "reason"}
    assert len(calls) > 100
