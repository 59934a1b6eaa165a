"""Invented records, the same for everybody who is measured on them."""

import shutil
from pathlib import Path

import numpy as np
import polars as pl

SEED = 2026
SIZES = {"a": 40, "b": 25, "c": 10}
RECORDS_A_PERSON = 4
AT_ONCE = 2_000_000
BYTES_A_RECORD = 2 * 8 + len(SIZES) * 16
"""In memory: two numbers, and labels that polars holds within 16 bytes each."""


def records(count: int, people: int | None = None, seed: int = SEED) -> pl.DataFrame:
    """Invent records: four a person, three dimensions with rare categories, one amount.

    people: of how many they are, where these are some of the records only.
    """
    rng = np.random.default_rng(seed)
    columns = {
        name: np.minimum(rng.geometric(4 / size, count), size).astype(str)
        for name, size in SIZES.items()
    }
    person = rng.integers(0, people or count // RECORDS_A_PERSON, count)
    return pl.DataFrame({"person_id": person, **columns, "amount": rng.lognormal(3, 1, count)})


def write(folder: Path, count: int) -> Path:
    """Write the records as Parquet; the file's name says how many there are."""
    path = folder / f"{count}.parquet"
    records(count).write_parquet(path)
    return path


def write_more(folder: Path, count: int) -> Path:
    """Write more records than are held at once; a person's are anywhere in the file."""
    parts = folder / f"parts of {count}"
    parts.mkdir()
    for number, start in enumerate(range(0, count, AT_ONCE)):
        some = records(min(AT_ONCE, count - start), count // RECORDS_A_PERSON, SEED + number)
        some.write_parquet(parts / f"{number:04}.parquet")
    path = folder / f"{count}.parquet"
    pl.scan_parquet(parts).sink_parquet(path)
    shutil.rmtree(parts)
    return path
