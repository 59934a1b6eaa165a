"""Invented records, the same for everybody who is measured on them."""

from pathlib import Path

import numpy as np
import polars as pl

SEED = 2026
SIZES = {"a": 40, "b": 25, "c": 10}
RECORDS_A_PERSON = 4


def records(count: int) -> pl.DataFrame:
    """Invent records: four a person, three dimensions with rare categories, one amount."""
    rng = np.random.default_rng(SEED)
    columns = {
        name: np.minimum(rng.geometric(4 / size, count), size).astype(str)
        for name, size in SIZES.items()
    }
    people = rng.integers(0, count // RECORDS_A_PERSON, count)
    return pl.DataFrame({"person_id": people, **columns, "amount": rng.lognormal(3, 1, count)})


def write(folder: Path, count: int) -> Path:
    """Write the records as Parquet; the file's name says how many there are."""
    path = folder / f"{count}.parquet"
    records(count).write_parquet(path)
    return path
