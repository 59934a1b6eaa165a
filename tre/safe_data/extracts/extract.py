"""A project's extract: the two sides meet in the SRS, and leave it under the project's names."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.catalogue import describe
from tre.safe_data.catalogue_tables import CONTROL, PATIENT
from tre.safe_data.extracts.clinical import ClinicalExtract, clinical_extract, control_values
from tre.safe_data.extracts.manifest import Manifest
from tre.safe_data.extracts.schooling import ID, absence, attainment, pupils
from tre.safe_data.extracts.writing import Provenance, write_extract
from tre.safe_data.files import read_table, write_table
from tre.safe_data.holders import withdrawn_since
from tre.safe_data.linkages import linkage
from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.linking.transfer import Transfer
from tre.safe_data.parties import Parties
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
    folder = parties.latest(_LINKAGE, described.place)
    keyed(pl.Series([], dtype=pl.String), request.key, "")  # a key that is too short: say so first
    clinical, brought = _bring_clinical(parties, described, request, tables)
    gone, dropped = _bring_withdrawn(parties, described, request, folder)
    linked = _linked(folder, clinical, gone, described.pseudonym)
    frames = {
        table.name: _of_the_linked(table.name, folder, clinical, linked, described.pseudonym)
        for table in tables
    }
    granted = {t.name: _granted(frames[t.name], t, request) for t in tables}
    provenance = Provenance(
        project=request.project,
        on=request.on,
        synthetic=False,
        linkage=_LINKAGE,
        linkage_version=folder.name,
        variables=request.variables,
        transfers=(*brought, *dropped),
    )
    return write_extract(granted, tables, provenance, into)


def _bring_clinical(
    parties: Parties,
    described: Linkage,
    request: ExtractRequest,
    tables: tuple[TableDescription, ...],
) -> tuple[ClinicalExtract, tuple[Transfer, ...]]:
    """The CDLS brings the project's clinical records into the SRS."""
    names = {table.name: table.names() for table in tables}
    brought = clinical_extract(parties.slam, described, request.on, names)
    files = {"patients": brought.patients}
    if names.get("referrals"):
        files["referrals"] = brought.referrals
    purpose = f"anonymised clinical extract of the project {request.project}"
    return brought, tuple(
        _bring(parties, frame, request, Letter(described.supplier, f"{purpose}: {name}", described))
        for name, frame in files.items()
    )


def _bring_withdrawn(
    parties: Parties, described: Linkage, request: ExtractRequest, folder: Path
) -> tuple[pl.Series, tuple[Transfer, ...]]:
    """The DfE says which of the pupils it brought object since, so that the SRS drops them."""
    objecting = withdrawn_since(parties.of(described.holder), described, request.on)
    there = read_table(folder / "pupils.parquet", (ID,))
    gone = there.filter(pl.col(ID).is_in(objecting.implode())).sort(ID)
    if gone.is_empty():
        return gone[ID], ()
    letter = Letter(described.holder, "pupils who object since, to be dropped", described)
    return gone[ID], (_bring(parties, gone, request, letter),)


@dataclass(frozen=True, slots=True)
class Letter:
    """Who brings a file into the SRS, what for, and for which linkage."""

    sender: str
    purpose: str
    linkage: Linkage


def _bring(
    parties: Parties, frame: pl.DataFrame, request: ExtractRequest, letter: Letter
) -> Transfer:
    """Bring a file into the SRS; it goes once it is joined, and its hash stays."""
    file = parties.srs / "incoming" / f"{request.project}.parquet"
    digest = write_table(frame, file)
    file.unlink()
    return Transfer(
        linkage=letter.linkage.id,
        sender=letter.sender,
        receiver=letter.linkage.place,
        purpose=letter.purpose,
        columns=tuple(frame.columns),
        rows=len(frame),
        legal_basis=letter.linkage.access_basis,
        on=request.on,
        sha256=digest,
    )


def _linked(
    folder: Path, clinical: ClinicalExtract, gone: pl.Series, pseudonym: str
) -> pl.DataFrame:
    """One row a person, under the DfE's research pseudonym.

    A linked pupil whose patient record the CDLS did not bring has objected since: dropped, and not
    turned into a control. A pupil who objects to the DfE since is dropped as well.
    """
    education = pupils(folder).filter(~pl.col(ID).is_in(gone.implode()))
    patients = clinical.patients.with_columns(known=pl.lit(value=True))
    is_control = pl.col(pseudonym).is_null()
    of_controls = {
        name: pl.when(is_control).then(pl.lit(value)).otherwise(pl.col(name))
        for name, value in control_values().items()
        if name in clinical.patients.columns
    }
    return (
        education.join(patients, on=pseudonym, how="left")
        .filter(is_control | pl.col("known"))
        .with_columns(
            pl.when(is_control).then(pl.lit(CONTROL)).otherwise(pl.lit(PATIENT)).alias("group"),
            **of_controls,
        )
    )


def _of_the_linked(
    table: str, folder: Path, clinical: ClinicalExtract, linked: pl.DataFrame, pseudonym: str
) -> pl.DataFrame:
    """One table before granting: the records of the people in `linked`."""
    ids = linked.select(ID, pseudonym)
    if table == "linked":
        return linked
    if table == "referrals":
        return clinical.referrals.join(ids.drop_nulls(), on=pseudonym)
    return _SCHOOLING[table](folder).join(ids, on=ID, how="semi")


_SCHOOLING = {"attainment": attainment, "absence": absence}


def _granted(frame: pl.DataFrame, table: TableDescription, request: ExtractRequest) -> pl.DataFrame:
    """The granted columns under the project's pseudonym, in an order that nobody else has."""
    people = frame.select(ID).unique(maintain_order=True)
    named = people.with_columns(
        keyed(people[ID], request.key, f"person:{request.project}").alias("person_id")
    )
    columns = [pl.col(v.name).cast(_TYPES[v.type]) for v in table.variables]
    return frame.join(named, on=ID).select("person_id", *columns).sort(pl.all())
