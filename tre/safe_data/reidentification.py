"""How much an extract would give away: measured, and tried by somebody who knows a few facts.

The simulator alone can do this: it knows everybody, and who is who.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.deidentify.attack import Attacker, AttackReport, attack
from tre.safe_data.deidentify.risk import RiskReport, risk
from tre.safe_data.extracts.manifest import Manifest, read_manifest
from tre.safe_data.files import read_table
from tre.safe_data.holders import research_ids
from tre.safe_data.linkages import linkage as known_linkage
from tre.safe_data.parties import Parties
from tre.safe_data.population.names import GROUPS
from tre.safe_data.pseudonyms import keyed
from tre.safe_data.registers.truth import truth_file

KNOWN = ("sex", "birth_year", "ethnic_group", "borough")
"""What somebody outside may well know of a person: quasi-identifiers, unless others are named."""
_SENSITIVE = (
    "diagnosis_group", "severe_mental_illness", "early_onset_psychosis", "sen_support",
    "free_school_meals",
)  # fmt: skip
_PEOPLE = ("linked", "patients")
_ATTEMPTS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractRisk:
    """What was measured on one table of an extract, and what came of the attack on it."""

    project: str
    version: str
    table: str
    risk: RiskReport
    attack: AttackReport

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "project": self.project,
            "version": self.version,
            "table": self.table,
            "risk": self.risk.to_dict(),
            "attack": self.attack.to_dict(),
        }


def extract_risk(home: Path, extract: Path, key: bytes, known: tuple[str, ...] = ()) -> ExtractRisk:
    """Measure an extract's table of people, and attack it.

    key: the project's, by which the simulator finds out who is who. known: the quasi-identifiers,
    () for those of KNOWN that the table has. Raises UnusableRequestError for an extract without a
    table of people, a synthetic one, or a column that the table or the population has not.
    """
    manifest = read_manifest(extract)
    if manifest.synthetic:
        message = f"{manifest.project} works on synthetic data: nobody in it can be found again"
        raise UnusableRequestError(message)
    table = _table_of_people(manifest)
    frame = pl.read_parquet(extract / f"{table}.parquet")
    named = known or tuple(name for name in KNOWN if name in frame.columns)
    population = _population(Parties(home=home), named, frame)
    sensitive = tuple(n for n in _SENSITIVE if n in frame.columns and n not in named)
    measured = risk(frame, manifest.unit, named, sensitive, population.drop("person"))
    truth = _who_is_who(Parties(home=home), manifest, key)
    there = set(frame[manifest.unit])
    tried = attack(
        frame,
        manifest.unit,
        population,
        {person: unit for person, unit in truth.items() if unit in there},
        Attacker(knows=named, attempts=min(_ATTEMPTS, len(population))),
    )
    return ExtractRisk(
        project=manifest.project,
        version=manifest.version,
        table=table,
        risk=measured,
        attack=tried,
    )


def _table_of_people(manifest: Manifest) -> str:
    names = [table.name for table in manifest.tables]
    ours = {known_linkage(one.linkage).people.name for one in manifest.sources}
    found = [name for name in (*_PEOPLE, *sorted(ours)) if name in names]
    if not found:
        message = (
            f"the extract of {manifest.project} has no table with one row a person "
            "(linked, patients, or a register's people), so that nobody can be looked for in it"
        )
        raise UnusableRequestError(message)
    return found[0]


def _population(parties: Parties, named: tuple[str, ...], frame: pl.DataFrame) -> pl.DataFrame:
    """Everybody there is: person, and the named columns, written as the extract writes them."""
    columns = ("person", "is_female", "ethnic_group", "date_of_birth", "borough", "imd_decile")
    people = read_table(parties.home / "simulator" / "people.parquet", columns)
    groups = np.array(GROUPS)[people["ethnic_group"].to_numpy()]
    told = people.select(
        "person",
        "borough",
        pl.col("imd_decile").cast(pl.Int64),
        pl.when("is_female").then(pl.lit("Female")).otherwise(pl.lit("Male")).alias("sex"),
        pl.col("date_of_birth").dt.year().cast(pl.Int64).alias("birth_year"),
        pl.Series("ethnic_group", groups),
    )
    unknown = [name for name in named if name not in frame.columns or name not in told.columns]
    if unknown or not named:
        may = ", ".join(name for name in told.columns if name in frame.columns)
        message = (
            f"nobody outside is taken to know {', '.join(unknown) or 'nothing at all'}; of this "
            f"extract an attacker may know {may}"
        )
        raise UnusableRequestError(message)
    return told.select("person", *named)


def _who_is_who(parties: Parties, manifest: Manifest, key: bytes) -> dict[int, str]:
    """The project's pseudonym of everybody who could be in the extract, patients and controls."""
    cris = read_table(parties.home / truth_file("cris"), ("person", "record"))
    found = [cris.select("person", who="record")]
    for one in manifest.sources:
        described = known_linkage(one.linkage)
        register = read_table(parties.home / truth_file(described.id), ("person", "record"))
        ids = research_ids(register["record"], parties.of(described.holder), described)
        others = register.join(cris, on="person", how="anti")
        named = register.select("person", who=pl.lit(f"{described.id}:") + ids)
        found.append(named.join(others, on="person", how="semi"))
    everybody = pl.concat(found).unique("person", keep="first", maintain_order=True)
    units = keyed(everybody["who"], key, f"person:{manifest.project}")
    return dict(zip(everybody["person"].to_list(), units.to_list(), strict=True))
