"""One small world for the whole room: built, linked and extracted once."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tests.safe_data.linked_world import LinkedWorld, build
from tre.safe_data import world
from tre.safe_data.extracts.education import TABLES

LINKED_ON = date(2026, 1, 5)
KEY = b"the key of the project of tests!"
EVERYTHING = tuple(
    name
    for dataset in world.catalogue()
    for name in dataset.variables()
    if name.split(".")[0] in TABLES
)
"""All of the study of school records."""


@dataclass(frozen=True, kw_only=True)
class SmallWorld:
    """Folders of a world of 4,000 people, and what the steps said about it."""

    parties: Path
    extract: Path
    summary: world.WorldSummary
    run: world.LinkageRun
    manifest: world.Manifest

    def table(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(self.parties / name)

    def extracted(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(self.extract / f"{name}.parquet")


@pytest.fixture(scope="session")
def small_world(tmp_path_factory) -> SmallWorld:
    home = tmp_path_factory.mktemp("world")
    parties, extract = home / "parties", home / "extracts" / "1"
    return SmallWorld(
        parties=parties,
        extract=extract,
        summary=world.build(parties, people=4_000, seed=7),
        run=world.link(parties, "npd", on=LINKED_ON, seed=7),
        manifest=world.make_extract(
            parties, project="study", variables=EVERYTHING, key=KEY, on=LINKED_ON, into=extract
        ),
    )


@pytest.fixture(scope="session")
def large_world(tmp_path_factory) -> LinkedWorld:
    return build(tmp_path_factory.mktemp("large"))
