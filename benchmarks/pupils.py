"""Link patients with a register of millions of pupils: identifiers alone, as the matcher sees them.

The argument is the number of pupils; one patient is sent for fourteen of them. Pupils are made in
regions of a million, so that no more than one region is in memory beside the two files. Each
region has people, families and postcodes of its own; dates of birth are folded into twenty years,
because pupils are of school age, and written down with the errors of CRIS and of the NPD.
"""

import math
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.measure import Measured
from tre.safe_data.linking.matching import How, match_files
from tre.safe_data.population.calendar import day
from tre.safe_data.population.population import Population, make_population
from tre.safe_data.records.errors import (
    CRIS_ERRORS,
    NPD_ERRORS,
    ErrorRates,
    Recorded,
    misrecord,
)

SEED, REGION, PUPILS_A_PATIENT = 2026, 1_000_000, 14
IN_THE_REGISTER = 0.9
"""Share of those sent who are pupils at all: the others are at private schools, or moved away."""
_FIRST_BORN, _DAYS = day(1990, 9, 1), 20 * 365
_IDENTIFIERS = ("first_name", "last_name", "date_of_birth", "postcode")


def main(pupils: int) -> None:
    """Measure making the two files, and linking them."""
    measured = Measured(facts={"pupils": pupils, "sent": pupils // PUPILS_A_PATIENT})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured.time(
            f"making {pupils // PUPILS_A_PATIENT:,} patients and {pupils:,} pupils",
            lambda: _make(folder, pupils),
            lambda regions: f"{regions} regions",
        )
        links = measured.time(
            "linking them by four identifiers", lambda: _link(folder), lambda found: f"{found:,}"
        )
        measured.facts |= _quality(folder) | {"matched": links}
    measured.report()


def _make(folder: Path, pupils: int) -> int:
    regions = math.ceil(pupils / REGION)
    for region in range(regions):
        size = min(REGION, pupils - region * REGION)
        sent = size // PUPILS_A_PATIENT
        elsewhere = round(sent * (1 - IN_THE_REGISTER))
        population = make_population(SEED + region, size + elsewhere)
        rng = np.random.default_rng(SEED + region)
        order = rng.permutation(population.people)
        # The first are patients alone, those after them both, the rest pupils alone.
        for name, people, errors in (
            ("sent", order[:sent], CRIS_ERRORS),
            ("register", order[elsewhere:], NPD_ERRORS),
        ):
            held = _written(rng, population, people, errors, region)
            keyed = held.with_columns(record=f"{region:02}" + pl.col("person").cast(pl.String))
            keyed.write_parquet(folder / f"{name}-{region:02}.parquet")
    return regions


def _written(
    rng: np.random.Generator,
    population: Population,
    people: np.ndarray,
    errors: ErrorRates,
    region: int,
) -> pl.DataFrame:
    """person, and identifiers as a register holds them, of people who may have moved since."""
    old = rng.random(len(people)) < errors.old_address
    seen = np.where(old, day(2012), day(2020))
    born = _FIRST_BORN + population.families.born[people].astype(np.int64) % _DAYS
    where = population.addresses.on(people, seen)
    true = Recorded(
        first_name=population.first_name[people],
        last_name=population.last_name[people],
        born=born.astype(np.int32),
        postcode=_postcodes(population, region)[where],
        nhs_number=population.nhs_number[people],
    )
    others = population.last_name[rng.integers(0, population.people, len(people))]
    noted = misrecord(rng, errors, true, others, np.ones(len(people)))
    return noted.table().select(pl.Series("person", people), *_IDENTIFIERS)


def _postcodes(population: Population, region: int) -> np.ndarray:
    """The directory of a region: two letters of its own first, so that no slip leads to another."""
    letters = chr(ord("A") + region) * 2 if region else ""
    return np.array([letters + text for text in population.directory.postcode], dtype=object)


def _file(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / f"{name}-*.parquet").select("record", *_IDENTIFIERS)


def _link(folder: Path) -> int:
    matched = match_files(
        _file(folder, "sent").rename({"record": "patient"}),
        "patient",
        _file(folder, "register"),
        "record",
        How(seed=SEED, identifiers=_IDENTIFIERS),
    )
    matched.links.write_parquet(folder / "links.parquet")
    return len(matched.links)


def _quality(folder: Path) -> dict[str, float]:
    """A person has the same key in both files, which the matcher does not look at."""
    links = pl.read_parquet(folder / "links.parquet")
    sent, register = (pl.scan_parquet(folder / f"{n}-*.parquet") for n in ("sent", "register"))
    both = sent.join(register, on="record", how="semi").select(pl.len()).collect().item()
    right = int((links["patient"] == links["record"]).sum())
    return {"precision": right / max(len(links), 1), "recall": right / max(both, 1)}


if __name__ == "__main__":
    main(int(sys.argv[1]))
