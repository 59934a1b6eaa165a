"""Writing an extract: Parquet files that nobody may change, and the manifest beside them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from tre.safe_data.catalogue import UNIT
from tre.safe_data.deidentify.treatment import OTHER, Method, Treatment
from tre.safe_data.extracts import crate, dictionary
from tre.safe_data.extracts.crate import provenance_crate
from tre.safe_data.extracts.dictionary import dictionary_page
from tre.safe_data.extracts.manifest import FILE, Column, ExtractTable, Manifest, Source
from tre.safe_data.files import finished_folder, write_table, write_text
from tre.safe_data.linking.transfer import Transfer
from tre.safe_data.variable import TableDescription, Variable

POLICY = "srs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where an extract is from; the words are those of Manifest."""

    project: str
    on: date
    synthetic: bool
    place: str
    sources: tuple[Source, ...]
    variables: tuple[str, ...]
    transfers: tuple[Transfer, ...] = ()
    treatments: Mapping[tuple[str, str], tuple[Treatment, ...]] = field(default_factory=dict)
    years: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)


def write_extract(
    frames: dict[str, pl.DataFrame],
    tables: tuple[TableDescription, ...],
    provenance: Provenance,
    into: Path,
) -> Manifest:
    """Write the tables and their manifest; the folder appears when it is whole, read-only files."""
    into.parent.mkdir(parents=True, exist_ok=True)
    with finished_folder(into) as folder:
        written = tuple(_write(frames[table.name], table, folder, provenance) for table in tables)
        people = pl.concat([frame.select(UNIT.name) for frame in frames.values()]).n_unique()
        manifest = Manifest(
            project=provenance.project,
            version=into.name,
            made_on=provenance.on,
            unit=UNIT.name,
            policy=POLICY,
            synthetic=provenance.synthetic,
            place=provenance.place,
            sources=provenance.sources,
            people=people,
            variables=provenance.variables,
            tables=written,
            transfers=provenance.transfers,
            years=provenance.years,
        )
        write_text(manifest.to_json(), folder / FILE)
        write_text(dictionary_page(manifest), folder / dictionary.FILE)
        crate_of = provenance_crate(manifest, (FILE, dictionary.FILE))
        write_text(json.dumps(crate_of, indent=1) + "\n", folder / crate.FILE)
        for file in folder.iterdir():
            file.chmod(0o444)
    return manifest


def _write(
    frame: pl.DataFrame, table: TableDescription, folder: Path, provenance: Provenance
) -> ExtractTable:
    file = f"{table.name}.parquet"
    digest = write_table(frame, folder / file)
    return ExtractTable(
        name=table.name,
        description=table.description,
        file=file,
        rows=len(frame),
        sha256=digest,
        columns=(
            *(_column(variable, ()) for variable in (UNIT, *table.also)),
            *(
                _column(variable, provenance.treatments.get((table.name, variable.name), ()))
                for variable in table.variables
            ),
        ),
    )


def _column(variable: Variable, treatments: tuple[Treatment, ...]) -> Column:
    return Column(
        name=variable.name,
        type=variable.type,
        description=variable.description,
        codes=_codes(variable, treatments),
        source=variable.source,
        treatment="; ".join(one.sentence() for one in treatments),
    )


def _codes(variable: Variable, treatments: tuple[Treatment, ...]) -> tuple[str, ...]:
    """Every value it may have: where rare ones stand together, what these are called as well."""
    grouped = any(one.method == Method.RARE_GROUPED for one in treatments)
    return (*variable.codes, OTHER) if variable.codes and grouped else variable.codes
