"""What only the simulator knows: which record of which register is about which person."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from tre.safe_data.files import write_table


def truth_file(register: str) -> str:
    """Where the simulator keeps who the people of a register are, in its own folder."""
    return f"simulator/truth/{register}.parquet"


PLANTED_FILE = "simulator/truth/cris_notes.parquet"
"""Where identifiers stand in CRIS's notes: note (row of that file), kind, start, end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterTruth:
    """One row a record. people: rows of the population. records: their keys in the register."""

    people: np.ndarray
    records: pl.Series


def keys(rng: np.random.Generator, prefix: str, records: int) -> pl.Series:
    """Different keys in random order, which say nothing about who they are about."""
    numbers = rng.permutation(max(10 * records, 10_000))[:records] + 1
    return prefix + pl.Series(numbers).cast(pl.String).str.zfill(9)


def write_truth(truth: RegisterTruth, register: str, parties: Path) -> None:
    """Write person (row of the population) and record (the register's key), by person."""
    frame = pl.DataFrame({"person": truth.people.astype(np.int32), "record": truth.records})
    write_table(frame.sort("person"), parties / truth_file(register))
