"""What only the simulator knows: which record of which register is about which person."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from tre.safe_data.files import write_table

FILE = "simulator/registers.parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterTruth:
    """One row a record. people: rows of the population. records: their keys in the register."""

    people: np.ndarray
    records: pl.Series


def keys(rng: np.random.Generator, prefix: str, records: int) -> pl.Series:
    """Different keys in random order, which say nothing about who they are about."""
    numbers = rng.permutation(max(10 * records, 10_000))[:records] + 1
    return prefix + pl.Series(numbers).cast(pl.String).str.zfill(9)


def write_truth(cris: RegisterTruth, npd: RegisterTruth, parties: Path) -> None:
    """Write person, cris_pseudonym, pupil: null where a person is in one register alone."""
    left = pl.DataFrame({"person": cris.people, "cris_pseudonym": cris.records})
    right = pl.DataFrame({"person": npd.people, "pupil": npd.records})
    both = left.join(right, on="person", how="full", coalesce=True).sort("person")
    write_table(both.with_columns(pl.col("person").cast(pl.Int32)), parties / FILE)
