"""A project's extract: the two sides meet in the SRS, and leave it under the project's names."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.catalogue import describe
from tre.safe_data.catalogue_tables import CONTROL, PATIENT
from tre.safe_data.education import withdrawn
from tre.safe_data.extracts.clinical import ClinicalExtract, clinical_extract, control_values
from tre.safe_data.extracts.manifest import Manifest
from tre.safe_data.extracts.schooling import ID, absence, attainment, pupils
from tre.safe_data.extracts.writing import Provenance, write_extract
from tre.safe_data.files import sha256_of, write_table
from tre.safe_data.linkages import linkage
from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.linking.transfer import Transfer
from tre.safe_data.parties import SRS, Parties
from tre.safe_data.pseudonyms import keyed
from tre.safe_data.variable import TableDescription

_LINKAGE = "npd"
_TYPES = {
    "string": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.Date,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractRequest:
    """What is asked for. variables: granted, as `table.variable`. key: the project's, in bytes."""

    project: str
    variables: tuple[str, ...]
    key: bytes
    on: date


def make(parties: Parties, request: ExtractRequest, into: Path) -> Manifest:
    """Join the latest linkage with the clinical records and write what the project was granted.

    Raises UnusableRequestError for a variable that is not in the catalogue, a version that is
    already there, too short a key, or a linkage that has not run.
    """
    if into.exists():
        message = f"the version {into.name!r} is already there; an extract is never overwritten"
        raise UnusableRequestError(message)
    tables = describe(request.variables)
    described = linkage(_LINKAGE)
    folder = parties.latest(_LINKAGE)
    clinical, transfers = _bring_clinical(parties, described, request, tables)
    frames = _frames(folder, clinical, withdrawn(parties.dfe, request.on), described.pseudonym)
    granted = {t.name: _granted(frames[t.name], t, request) for t in tables}
    provenance = Provenance(
        project=request.project,
        on=request.on,
        synthetic=False,
        linkage=_LINKAGE,
        linkage_version=folder.name,
        variables=request.variables,
        transfers=transfers,
    )
    return write_extract(granted, tables, provenance, into)


def _bring_clinical(
    parties: Parties,
    described: Linkage,
    request: ExtractRequest,
    tables: tuple[TableDescription, ...],
) -> tuple[ClinicalExtract, tuple[Transfer, ...]]:
    """The CDLS brings the project's clinical records into the SRS; the files go once joined."""
    names = {table.name: table.names() for table in tables}
    brought = clinical_extract(parties.slam, described, request.on, names)
    transfers = []
    for name, frame in (("patients", brought.patients), ("referrals", brought.referrals)):
        if frame.width == 1 and name == "referrals":
            continue
        file = parties.srs / "incoming" / f"{request.project}-{name}.parquet"
        write_table(frame, file)
        transfers.append(
            Transfer(
                linkage=described.id,
                sender=described.supplier,
                receiver=SRS,
                purpose=f"anonymised clinical extract of the project {request.project}: {name}",
                columns=tuple(frame.columns),
                rows=len(frame),
                legal_basis=described.access_basis,
                on=request.on,
                sha256=sha256_of(file),
            )
        )
        file.unlink()
    return brought, tuple(transfers)


def _frames(
    folder: Path, clinical: ClinicalExtract, gone: pl.Series, pseudonym: str
) -> dict[str, pl.DataFrame]:
    """The tables before granting, all under the DfE's research pseudonym.

    A linked pupil whose patient record the CDLS did not bring has objected since: dropped, and not
    turned into a control. A pupil who objects to the DfE since is dropped as well.
    """
    education = pupils(folder).filter(~pl.col(ID).is_in(gone.implode()))
    is_control = pl.col(pseudonym).is_null()
    linked = (
        education.join(
            clinical.patients.with_columns(known=pl.lit(value=True)), on=pseudonym, how="left"
        )
        .filter(is_control | pl.col("known"))
        .with_columns(
            pl.when(is_control).then(pl.lit(CONTROL)).otherwise(pl.lit(PATIENT)).alias("group"),
            *(
                pl.when(is_control).then(pl.lit(value)).otherwise(pl.col(column)).alias(column)
                for column, value in control_values().items()
                if column in clinical.patients.columns
            ),
        )
    )
    ids = linked.select(ID, pseudonym)
    referrals = clinical.referrals.join(ids.drop_nulls(), on=pseudonym)
    return {
        "linked": linked,
        "attainment": attainment(folder).join(ids, on=ID, how="semi"),
        "absence": absence(folder).join(ids, on=ID, how="semi"),
        "referrals": referrals,
    }


def _granted(frame: pl.DataFrame, table: TableDescription, request: ExtractRequest) -> pl.DataFrame:
    """The granted columns under the project's pseudonym, in an order that nobody else has."""
    people = frame.select(ID).unique(maintain_order=True)
    named = people.with_columns(
        keyed(people[ID], request.key, f"person:{request.project}").alias("person_id")
    )
    columns = [pl.col(v.name).cast(_TYPES[v.type]) for v in table.variables]
    return frame.join(named, on=ID).select("person_id", *columns).sort(pl.all())
