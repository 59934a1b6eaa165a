"""The tables of a study of school records: the DfE's side and the CDLS's, joined in the SRS."""

import polars as pl

from tre.safe_data.catalogue_tables import CONTROL, PATIENT
from tre.safe_data.extracts.clinical import ClinicalExtract, clinical_extract, control_values
from tre.safe_data.extracts.meeting import Meeting
from tre.safe_data.extracts.request import PERSON
from tre.safe_data.extracts.schooling import (
    ID,
    absence,
    absence_reasons,
    attainment,
    exclusions,
    pupils,
)
from tre.safe_data.extracts.withdrawing import person, without_objectors
from tre.safe_data.extracts.years import EVERY_YEAR
from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.variable import TableDescription

_SCHOOLING = {
    "attainment": attainment,
    "absence": absence,
    "absence_reasons": absence_reasons,
    "exclusions": exclusions,
}
TABLES = ("linked", *_SCHOOLING, "referrals")


def education_frames(
    meeting: Meeting, linkage: Linkage, tables: tuple[TableDescription, ...]
) -> dict[str, pl.DataFrame]:
    """The asked ones of TABLES, with `_person`, of pupils who may be in an extract."""
    folder = meeting.parties.latest(linkage.id, linkage.place)
    clinical = _bring_clinical(meeting, linkage, tables)
    of_school = meeting.request.years.get(linkage.id, EVERY_YEAR)
    education = without_objectors(meeting, linkage, pupils(folder, of_school))
    linked = _linked(education, clinical, linkage)
    ids = linked.select(ID, linkage.pseudonym, PERSON)
    frames: dict[str, pl.DataFrame] = {}
    for table in tables:
        if table.name == "linked":
            frames[table.name] = linked
        elif table.name == "referrals":
            of_patients = ids.drop_nulls(linkage.pseudonym)
            frames[table.name] = clinical.referrals.join(of_patients, on=linkage.pseudonym)
        else:
            frames[table.name] = _SCHOOLING[table.name](folder, of_school).join(ids, on=ID)
    return frames


def _bring_clinical(
    meeting: Meeting, linkage: Linkage, tables: tuple[TableDescription, ...]
) -> ClinicalExtract:
    """The CDLS brings the project's clinical records into the SRS."""
    names = {table.name: table.names() for table in tables}
    request = meeting.request
    of_cris = request.years.get("cris", EVERY_YEAR)
    brought = clinical_extract(meeting.parties.slam, linkage, request.on, names, of_cris)
    files = {"patients": brought.patients}
    if names.get("referrals"):
        files["referrals"] = brought.referrals
    purpose = f"anonymised clinical extract of the project {request.project}"
    for name, frame in files.items():
        meeting.bring(frame, linkage.supplier, f"{purpose}: {name}", linkage)
    return brought


def _linked(education: pl.DataFrame, clinical: ClinicalExtract, linkage: Linkage) -> pl.DataFrame:
    """One row a person: what the school knows, and the CDLS of its patients.

    A linked pupil whose patient record the CDLS did not bring is no control either.
    """
    patients = clinical.patients.with_columns(known=pl.lit(value=True))
    is_control = pl.col(linkage.pseudonym).is_null()
    of_controls = {
        name: pl.when(is_control).then(pl.lit(value)).otherwise(pl.col(name))
        for name, value in control_values().items()
        if name in clinical.patients.columns
    }
    return (
        education.join(patients, on=linkage.pseudonym, how="left")
        .filter(is_control | pl.col("known"))
        .with_columns(
            pl.when(is_control).then(pl.lit(CONTROL)).otherwise(pl.lit(PATIENT)).alias("group"),
            person(linkage, ID, linkage.pseudonym).alias(PERSON),
            **of_controls,
        )
    )
