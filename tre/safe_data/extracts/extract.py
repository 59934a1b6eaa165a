"""A project's extract: the sides meet in one place, and leave it under the project's names."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.catalogue import UNIT, datasets_of, describe
from tre.safe_data.deidentify.apply import apply
from tre.safe_data.deidentify.column import Given
from tre.safe_data.deidentify.known import NOBODY
from tre.safe_data.deidentify.treatment import SHIFTED, Treatment
from tre.safe_data.extracts import education
from tre.safe_data.extracts.manifest import Manifest, Source
from tre.safe_data.extracts.meeting import Meeting, meeting_place
from tre.safe_data.extracts.notes import gives_text
from tre.safe_data.extracts.patients import TABLES as OF_PATIENTS
from tre.safe_data.extracts.patients import patient_frames
from tre.safe_data.extracts.registers import register_frame
from tre.safe_data.extracts.request import PERSON, ExtractRequest
from tre.safe_data.extracts.writing import Provenance, write_extract
from tre.safe_data.linkages import linkage
from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.linking.agreement import as_run
from tre.safe_data.parties import Parties
from tre.safe_data.pseudonyms import keyed
from tre.safe_data.variable import TableDescription, Variable

_TYPES = {
    "string": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.Date,
    "text": pl.String,
}


def make(parties: Parties, request: ExtractRequest, into: Path) -> Manifest:
    """Join the latest linkages with the clinical records and write what the project was granted.

    Raises UnusableRequestError for a variable that is not in the catalogue, a version that is
    already there, too short a key, a linkage that has not run, or data of two places of which the
    project has not said how they come together.
    """
    if into.exists():
        message = f"the version {into.name!r} is already there; an extract is never overwritten"
        raise UnusableRequestError(message)
    tables = describe(request.variables)
    asked = tuple(linkage(one) for one in datasets_of(tables))
    keyed(pl.Series([], dtype=pl.String), request.key, "")  # a key that is too short: say so first
    meeting = Meeting(parties=parties, request=request, place=meeting_place(asked, request))
    linkages = tuple(as_run(parties, one) for one in asked)
    sources = tuple(
        Source(
            linkage=one.id,
            version=parties.latest(one.id, one.place).name,
            period=one.agreement,
        )
        for one in linkages
    )
    frames = _frames(meeting, linkages, tables)
    known = _pseudonyms(frames, tables, request)
    granted = {t.name: _granted(frames.pop(t.name), t, request, known) for t in tables}
    provenance = Provenance(
        project=request.project,
        on=request.on,
        synthetic=False,
        place=meeting.place,
        sources=sources,
        variables=request.variables,
        transfers=tuple(meeting.transfers),
        treatments=_treatments(tables, request),
        years=request.years,
    )
    return write_extract(granted, tables, provenance, into)


def _frames(
    meeting: Meeting, linkages: tuple[Linkage, ...], tables: tuple[TableDescription, ...]
) -> dict[str, pl.DataFrame]:
    """Every asked table with `_person`, which says who a row is about in all of them."""
    frames: dict[str, pl.DataFrame] = {}
    of_education = tuple(table for table in tables if table.name in education.TABLES)
    if of_education:
        frames |= education.education_frames(meeting, linkage("npd"), of_education)
    of_patients = tuple(table for table in tables if table.name in OF_PATIENTS)
    if of_patients:
        frames |= patient_frames(meeting, linkages, of_patients)
    for one in linkages:
        theirs = {table.name for table in one.holdings}
        for table in tables:
            if table.name in theirs and table.name not in frames:
                frames[table.name] = register_frame(meeting, one, table)
    return frames


def _treatments(
    tables: tuple[TableDescription, ...], request: ExtractRequest
) -> Mapping[tuple[str, str], tuple[Treatment, ...]]:
    """What is done to each variable, by table and variable."""
    return {
        (table.name, variable.name): _treatment(table, variable, request)
        for table in tables
        for variable in table.variables
    }


def _treatment(
    table: TableDescription, variable: Variable, request: ExtractRequest
) -> tuple[Treatment, ...]:
    """A date is moved instead, where the project can live with that.

    Not in a record of two people: the days of one would tell those of the other.
    """
    if variable.type == "date" and request.shift_dates and not table.also:
        return (SHIFTED,)
    return variable.treated()


def _persons(table: TableDescription) -> dict[str, str]:
    """The columns that say who a row is about, and what the project calls them."""
    return {PERSON: UNIT.name} | {one.name: one.name for one in table.also}


def _pseudonyms(
    frames: Mapping[str, pl.DataFrame],
    tables: tuple[TableDescription, ...],
    request: ExtractRequest,
) -> pl.DataFrame:
    """Everybody in the extract, and the project's pseudonym of each, made once for all tables."""
    each = [
        frames[table.name][column].rename(PERSON).unique()
        for table in tables
        for column in _persons(table)
    ]
    people = pl.concat(each).drop_nulls().unique()
    made = keyed(people, request.key, f"person:{request.project}")
    return pl.DataFrame({PERSON: people, "made": made})


def _granted(
    frame: pl.DataFrame, table: TableDescription, request: ExtractRequest, known: pl.DataFrame
) -> pl.DataFrame:
    """The granted columns, treated, under the project's pseudonym, in an order nobody else has."""
    named = _persons(table)
    for before, after in named.items():
        told = known.rename({PERSON: before, "made": f"{after}_made"})
        frame = frame.join(told, on=before, how="left", maintain_order="left")
    renamed = frame.select(
        *(pl.col(f"{after}_made").alias(after) for after in named.values()),
        *(pl.col(v.name).cast(_TYPES[v.type]) for v in table.variables),
    )
    treatments = {v.name: _treatment(table, v, request) for v in table.variables}
    given = _given(renamed[UNIT.name], table)
    return apply(renamed, UNIT.name, treatments, request.key, given).sort(pl.all())


def _given(people: pl.Series, table: TableDescription) -> Given:
    """Notes come masked by what is known of each patient: here only the forms are looked for again.

    Text from anywhere else has not been masked, and without what is known there is none.
    """
    return Given(known=dict.fromkeys(people, NOBODY) if gives_text(table) else {})
