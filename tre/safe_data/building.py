"""Building a world: the population, and each register in the folder of the party that holds it."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tre.safe_data.files import finished_folder
from tre.safe_data.linkages import linkages
from tre.safe_data.population.population import make_population, write_population
from tre.safe_data.progress import Progress
from tre.safe_data.registers.cris import write_cris
from tre.safe_data.registers.filling import fill
from tre.safe_data.registers.notes import write_notes
from tre.safe_data.registers.truth import write_truth


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldSummary:
    """How large a new world is. bytes: of all files; everything else counts people."""

    people: int
    patients: int
    child_patients: int
    pupils: int
    opted_out: int
    bytes: int


def build_world(parties: Path, people: int, seed: int, progress: Progress) -> WorldSummary:
    """Write the world into a new folder, which only its owner may read, when it is whole."""
    with finished_folder(parties) as folder:
        folder.chmod(0o700)
        progress("Simulating the population", 0.0)
        population = make_population(seed, people)
        write_population(population, folder / "simulator")
        progress("Filling CRIS, the register of the mental-health trust", 0.3)
        cris = write_cris(population, folder / "slam")
        write_truth(cris, "cris", folder)
        write_notes(population, cris, folder)
        pupils, described = 0, linkages()
        for number, linkage in enumerate(described):
            progress(
                f"Filling the register: {linkage.register}", 0.4 + 0.6 * number / len(described)
            )
            people = fill(population, linkage, cris, folder)
            pupils = people if linkage.id == "npd" else pupils
        summary = _summary(folder, population.people, len(cris.people), pupils)
    progress("The world is built", 1.0)
    return summary


def _summary(folder: Path, people: int, patients: int, pupils: int) -> WorldSummary:
    ages = pl.read_parquet(
        folder / "slam" / "cris_patients.parquet", columns=["first_referral_age"]
    )
    opted_out = pl.read_parquet(folder / "slam" / "cris_opt_outs.parquet", columns=["scope"])
    return WorldSummary(
        people=people,
        patients=patients,
        child_patients=int((ages["first_referral_age"] < 18).sum()),
        pupils=pupils,
        opted_out=len(opted_out),
        bytes=sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()),
    )
