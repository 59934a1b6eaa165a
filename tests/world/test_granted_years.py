"""From an application to its extract: what was granted, in the years that were, and no more."""

import polars as pl
import pytest

from tre.steps.extracts import extract_of
from tre.steps.make_extract import make_extract
from tre.steps.projects import load_project
from tre.steps.read_ledger import read_ledger
from tre.steps.tre import Tre

pytestmark = pytest.mark.xdist_group("world")
PROJECT = "long-stays"


def test_an_extract_has_the_granted_variables_and_years_and_no_others(world: Tre):
    granted = load_project(world, PROJECT).datasets
    assert {(one.since_year, one.until_year) for one in granted} == {(2010, 2019)}
    manifest = make_extract(world, "lena", PROJECT)
    assert set(manifest.variables) == {name for one in granted for name in one.variables}
    extract = extract_of(world, PROJECT)
    assert extract is not None
    stays = pl.read_parquet(extract / "admissions.parquet")
    assert stays.columns == ["person_id", "admitted", "discharged", "admission_method"]
    years = stays["admitted"].dt.year()
    assert (years.min(), years.max()) == (2015, 2019)  # the register itself begins in 2015
    assert pl.read_parquet(extract / "patients.parquet").columns == [
        "person_id", "sex", "birth_year", "diagnosis_group",
    ]  # fmt: skip
    entry = read_ledger(world, "omar", project=PROJECT, limit=1)[0]
    assert entry.details["years"] == {"cris": [2010, 2019], "hes": [2010, 2019]}
