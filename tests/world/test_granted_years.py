"""From an application to its extract: what was granted, in the years that were, and no more."""

import polars as pl
import pytest

from tre.steps.extracts import extract_of
from tre.steps.make_extract import make_extract
from tre.steps.projects import load_project
from tre.steps.read_ledger import read_ledger
from tre.steps.tre import Tre

pytestmark = pytest.mark.xdist_group("world")
PROJECT = "sep-md"


def test_an_extract_has_the_granted_variables_and_years_and_no_others(world: Tre):
    granted = {one.dataset: one for one in load_project(world, PROJECT).datasets}
    years = {name: (one.since_year, one.until_year) for name, one in granted.items()}
    assert years == {"cris": (None, None), "census2011": (None, None), "hes": (2011, 2019)}
    manifest = make_extract(world, "lena", PROJECT)
    assert set(manifest.variables) == {name for one in granted.values() for name in one.variables}
    assert "patients.borough" not in manifest.variables  # it was not asked for
    extract = extract_of(world, PROJECT)
    assert extract is not None
    stays = pl.read_parquet(extract / "admissions.parquet")
    asked = {name for name in granted["hes"].variables if name.startswith("admissions.")}
    assert {f"admissions.{name}" for name in stays.columns if name != "person_id"} == asked
    begun = stays["admitted"].dt.year()
    assert (begun.min(), begun.max()) == (2015, 2019)  # the register itself begins in 2015
    told = read_ledger(world, "omar", project=PROJECT, limit=10)
    entry = next(one for one in told if one.tag == "data:extract:make")
    assert entry.details["years"] == {"hes": [2011, 2019]}
