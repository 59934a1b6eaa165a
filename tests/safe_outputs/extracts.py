"""A small extract: 60 people in one table, whose counts can be done in the head."""

import hashlib
import json
from pathlib import Path

import polars as pl

from output_checks import Data, Table

PEOPLE = pl.DataFrame(
    {
        "person_id": [f"p{number:07d}" for number in range(60)],
        # 30 of each sex; 4 of the women, 12 of the men are patients
        "sex": ["Female"] * 30 + ["Male"] * 30,
        "group": ["patient"] * 4 + ["control"] * 26 + ["patient"] * 12 + ["control"] * 18,
        "score": [float(number % 10) for number in range(60)],
    }
)


def make_extract(folder: Path) -> Path:
    folder.mkdir(parents=True)
    file = folder / "linked.parquet"
    PEOPLE.write_parquet(file)
    table = {
        "name": "linked",
        "file": file.name,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }
    manifest = {"unit": "person_id", "policy": "srs", "tables": [table]}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def in_session(policy: str = "srs") -> Data:
    """What the researcher has: the same data, under a policy of their choice."""
    return Data.read(PEOPLE, unit="person_id", name="linked", policy=policy)


def by_sex(policy: str = "srs") -> Table:
    return in_session(policy).table("sex")
