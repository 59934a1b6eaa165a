"""What the CDLS gives of CRIS to any study: patients, their diagnoses, notes about them."""

from pathlib import Path

import polars as pl

from tre.safe_data.catalogue_tables import LINKED
from tre.safe_data.covered import free_to_send
from tre.safe_data.extracts.clinical import diagnoses, main_groups
from tre.safe_data.extracts.meeting import Meeting
from tre.safe_data.extracts.notes import MASKED, TABLE, gives_text, notes_frame
from tre.safe_data.extracts.request import PERSON
from tre.safe_data.extracts.withdrawing import people_of
from tre.safe_data.extracts.years import within, years_of
from tre.safe_data.files import read_table
from tre.safe_data.linkages import linkage as known_linkage
from tre.safe_data.linkages.linkage import CDLS, Linkage
from tre.safe_data.opt_outs import out_of_cris
from tre.safe_data.population.disorders import DISORDERS
from tre.safe_data.variable import TableDescription

_DATED = {"patients": None, "diagnoses": "diagnosed", TABLE: "written"}
TABLES = tuple(_DATED)
_KEY = "cris_pseudonym"
_PATIENT = (
    "sex", "birth_month", "ethnic_group", "borough", "imd_decile", "first_referral",
    "first_referral_age",
)  # fmt: skip


def patient_frames(
    meeting: Meeting, linkages: tuple[Linkage, ...], tables: tuple[TableDescription, ...]
) -> dict[str, pl.DataFrame]:
    """The asked ones of TABLES, with `_person`, of the patients whom the study may see.

    They are those whom at least one of its linkages covers and who do not object to it, linked or
    not; without a linkage, everybody who is not out of CRIS.
    """
    allowed = _allowed(meeting, linkages)
    frames = {"patients": _patients, "diagnoses": _diagnoses, TABLE: notes_frame}
    found = {}
    for table in tables:
        frame = frames[table.name](meeting.parties.slam, allowed, table)
        if table.name == "patients":
            frame = _with_links(meeting, frame, table)
        when = _DATED[table.name]
        frame = within(frame, when, years_of(table.name, meeting.request.years))
        given = frame.rename({_KEY: PERSON}).select(PERSON, *table.names())
        for one in linkages[:1]:
            meeting.bring(given, CDLS, _purpose(meeting.request.project, table), one)
        found[table.name] = given
    return found


def _purpose(project: str, table: TableDescription) -> str:
    """What the record of a transfer says that it was for."""
    purpose = f"anonymised clinical extract of the project {project}: {table.name}"
    return f"{purpose}, {MASKED}" if gives_text(table) else purpose


def _allowed(meeting: Meeting, linkages: tuple[Linkage, ...]) -> pl.DataFrame:
    """The pseudonyms of the patients whom the study may see on the day of its request."""
    slam, on = meeting.parties.slam, meeting.request.on
    if not linkages:
        everybody = read_table(slam / "cris_patients.parquet", (_KEY,))
        return everybody.join(out_of_cris(slam, on), on=_KEY, how="anti")
    free = [free_to_send(slam, one, on) for one in linkages]
    return pl.concat(free).unique().sort(_KEY)


def _patients(slam: Path, allowed: pl.DataFrame, _: TableDescription) -> pl.DataFrame:
    """What describes each patient, and the most severe group of diagnoses at any age."""
    described = read_table(slam / "cris_patients.parquet", (_KEY, *_PATIENT))
    groups = main_groups(diagnoses(slam, _KEY), _KEY)
    severe = pl.col("diagnosis_group") == DISORDERS[0].group
    return (
        allowed.join(described, on=_KEY)
        .join(groups, on=_KEY, how="left")
        .with_columns(
            pl.col("diagnosis_group").fill_null(DISORDERS[-1].group),
            pl.col("birth_month").dt.year().alias("birth_year"),
            severe.fill_null(value=False).alias("severe_mental_illness"),
        )
    )


def _diagnoses(slam: Path, allowed: pl.DataFrame, _: TableDescription) -> pl.DataFrame:
    return diagnoses(slam, _KEY).join(allowed, on=_KEY, how="semi")


def _with_links(meeting: Meeting, frame: pl.DataFrame, table: TableDescription) -> pl.DataFrame:
    """Whether each patient was linked with each register that is asked for."""
    for name in table.names():
        if name.startswith(LINKED):
            one = known_linkage(name.removeprefix(LINKED).replace("_", "-"))
            matched = people_of(meeting, one)[one.pseudonym].drop_nulls()
            frame = frame.with_columns(pl.col(_KEY).is_in(matched.implode()).alias(name))
    return frame
