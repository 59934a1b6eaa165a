"""One large world for the tests of registers: built once, each linkage run when first asked for.

Tests that use it stand in the group `LARGE`, so that one worker builds it and not each of them.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import polars as pl
import pytest

from tre.safe_data import world
from tre.safe_data.parties import Parties
from tre.safe_data.population.population import Population, make_population

LARGE = pytest.mark.xdist_group("large world")
PEOPLE, SEED, LINKED_ON = 100_000, 11, date(2026, 1, 5)
KEY = "cris_pseudonym"


@dataclass(kw_only=True)
class LinkedWorld:
    """Folders of a world of 100,000 people. runs: of the linkages that were asked for so far."""

    parties: Path
    runs: dict[str, world.LinkageRun] = field(default_factory=dict)

    @cached_property
    def population(self) -> Population:
        """The truth, made again from the seed."""
        return make_population(SEED, PEOPLE)

    def linked(self, linkage_id: str) -> Path:
        """What the linkage brought; it is run when it is first asked for."""
        if linkage_id not in self.runs:
            self.runs[linkage_id] = world.link(self.parties, linkage_id, on=LINKED_ON, seed=SEED)
        place = world.linkage(linkage_id).place
        return Parties(home=self.parties).latest(linkage_id, place)

    def table(self, name: str) -> pl.DataFrame:
        """A file of any party, by its path without the ending."""
        return pl.read_parquet(self.parties / f"{name}.parquet")

    def brought(self, linkage_id: str, table: str) -> pl.DataFrame:
        """A table of the latest run; the CRIS pseudonym of each person beside it, null for none."""
        folder = self.linked(linkage_id)
        frame = pl.read_parquet(folder / f"{table}.parquet")
        if KEY in frame.columns:
            return frame
        linkage = world.linkage(linkage_id)
        people = pl.read_parquet(folder / f"{linkage.people.name}.parquet")
        return frame.join(people.select(linkage.research_id, KEY), on=linkage.research_id)

    def held(self, linkage_id: str, table: str) -> pl.DataFrame:
        """A table of the register, as its holder has it, with `person`: who it is about."""
        linkage = world.linkage(linkage_id)
        described = next(one for one in linkage.holdings if one.name == table)
        name = table.removeprefix(f"{linkage_id.replace('-', '_')}_")
        file = Parties(home=self.parties).of(linkage.holder) / f"{linkage_id}_{name}.parquet"
        frame = pl.read_parquet(file)
        for column in described.about:
            prefix = column.removesuffix(linkage.record)
            told = self.who(linkage_id).rename({"record": column, "person": f"{prefix}person"})
            frame = frame.join(told, on=column, how="left")
        return frame

    def who(self, register: str) -> pl.DataFrame:
        """person (row of the population), record: of a linkage's register, or of `cris`."""
        return self.table(f"simulator/truth/{register}")

    def patients(self) -> pl.DataFrame:
        """The patients of SLaM with their main disorder, ICD-10 chapter F: `main`, two digits."""
        diagnoses = self.table("slam/cris_diagnoses").filter(pl.col("is_main"))
        main = diagnoses.group_by(KEY).agg(pl.col("icd10").str.slice(0, 3).first().alias("main"))
        return self.table("slam/cris_patients").join(main, on=KEY, how="left")


def build(home: Path) -> LinkedWorld:
    """Build the world; nothing of it is linked yet."""
    parties = home / "parties"
    world.build(parties, people=PEOPLE, seed=SEED)
    return LinkedWorld(parties=parties)
