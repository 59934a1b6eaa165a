"""A small extract made by hand: 200 invented people, one cell of whose table is too small."""

import hashlib
from datetime import date
from pathlib import Path

import polars as pl

from tre.safe_data.extracts.manifest import Column, ExtractTable, Manifest

VERSION = "2026-02-20-1"

CELLS = {
    # diagnosis_group             Female Male
    "Psychosis (F20-F29)": (6, 14),
    "Mood (F30-F39)": (30, 24),
    "Neurodevelopmental (F80-F98)": (12, 18),
    "No CAMHS record": (46, 50),
}
"""How many people are in each cell: 94 Female + 106 Male = 200."""

_COLUMNS = {
    "person_id": ("string", "The project's own pseudonym of a person."),
    "sex": ("string", "As the school census records it."),
    "diagnosis_group": ("string", "First diagnosis in CRIS, by ICD-10 block."),
    "ks4_attainment8": ("number", "Attainment 8 at the end of key stage 4, 0 to 90."),
}


def linked() -> pl.DataFrame:
    """One row a person; scores run from 20 to 69 within a cell, so that none stands out."""
    rows = []
    for diagnosis, (female, male) in CELLS.items():
        for sex, people in (("Female", female), ("Male", male)):
            rows += [
                {"sex": sex, "diagnosis_group": diagnosis, "ks4_attainment8": 20.0 + number % 50}
                for number in range(people)
            ]
    frame = pl.DataFrame(rows)
    ids = [hashlib.sha256(f"person {n}".encode()).hexdigest()[:16] for n in range(len(frame))]
    return frame.select(pl.Series("person_id", ids), pl.all())


def write_extract(extracts: Path, project: str, *, synthetic: bool = False) -> Path:
    """Write a version of the extract, and say that it is the current one; its folder."""
    folder = extracts / project / VERSION
    folder.mkdir(parents=True)
    frame = linked()
    frame.write_parquet(folder / "linked.parquet")
    (folder / "manifest.json").write_text(_manifest(folder, project, frame, synthetic).to_json())
    (extracts / project / "current").write_text(f"{VERSION}\n")
    return folder


def _manifest(folder: Path, project: str, frame: pl.DataFrame, synthetic: bool) -> Manifest:
    columns = tuple(
        Column(name=name, type=type_, description=description, codes=(), source="by hand")
        for name, (type_, description) in _COLUMNS.items()
    )
    table = ExtractTable(
        name="linked",
        description="One row a person.",
        file="linked.parquet",
        rows=len(frame),
        sha256=hashlib.sha256((folder / "linked.parquet").read_bytes()).hexdigest(),
        columns=columns,
    )
    return Manifest(
        project=project,
        version=VERSION,
        made_on=date(2026, 2, 20),
        unit="person_id",
        policy="srs",
        synthetic=synthetic,
        sources=(),
        place="ONS Secure Research Service",
        people=len(frame),
        variables=tuple(f"linked.{name}" for name in frame.columns),
        tables=(table,),
    )
