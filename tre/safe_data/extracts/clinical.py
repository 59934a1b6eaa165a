"""What the CDLS brings into the SRS for one project: clinical records, without identifiers."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.catalogue_tables import NO_RECORD
from tre.safe_data.extracts.years import EVERY_YEAR, Years, within
from tre.safe_data.files import read_table
from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.opt_outs import objecting_patients
from tre.safe_data.population.disorders import DISORDERS

_CHILD = "child"
_PATIENT_COLUMNS = ("diagnosis_group", "early_onset_psychosis", "first_referral_age")
_GROUPS = tuple(disorder.group for disorder in DISORDERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalExtract:
    """Under the CRIS pseudonym: one row a patient, and one row a referral to child services."""

    patients: pl.DataFrame
    referrals: pl.DataFrame


def clinical_extract(
    slam: Path,
    linkage: Linkage,
    on: date,
    granted: dict[str, tuple[str, ...]],
    years: Years = EVERY_YEAR,
) -> ClinicalExtract:
    """The granted clinical variables of the covered patients who do not object on this day.

    granted: names of granted variables by table. years: of referrals. Raises UnusableRequestError
    for a register file that is missing, empty, or lacks a column, and for a diagnosis that is not
    in ICD-10 form.
    """
    key = linkage.pseudonym
    patients = read_table(slam / "cris_patients.parquet", (key, "first_referral_age"))
    kept = patients.filter(pl.col("first_referral_age") < 18).join(
        objecting_patients(slam, linkage, on), on=key, how="anti"
    )
    as_children = diagnoses(slam, key).filter(pl.col("age_at_diagnosis") < 18)
    described = kept.join(main_groups(as_children, key), on=key, how="left").with_columns(
        pl.col("diagnosis_group").fill_null("Other"),
        (pl.col("diagnosis_group") == _GROUPS[0]).fill_null(value=False).alias(_PATIENT_COLUMNS[1]),
    )
    wanted = [name for name in _PATIENT_COLUMNS if name in granted.get("linked", ())]
    return ClinicalExtract(
        patients=described.select(key, *wanted).sort(key),
        referrals=_referrals(slam, key, granted.get("referrals", ()), kept, years),
    )


def control_values() -> dict[str, object]:
    """What the clinical columns of `linked` say of a person who is no patient."""
    return dict(zip(_PATIENT_COLUMNS, (NO_RECORD, False, None), strict=True))


def diagnoses(slam: Path, key: str) -> pl.DataFrame:
    """pseudonym, diagnosed, icd10, is_main, age_at_diagnosis of every patient.

    Raises UnusableRequestError for a diagnosis that is not in ICD-10 form.
    """
    columns = (key, "diagnosed", "icd10", "is_main", "age_at_diagnosis")
    found = read_table(slam / "cris_diagnoses.parquet", columns)
    if not found["icd10"].str.contains(r"^[A-Z]\d\d(\.\d)?$").all():
        message = "cris_diagnoses.parquet holds a diagnosis that is not written as in ICD-10"
        raise UnusableRequestError(message)
    return found


def main_groups(found: pl.DataFrame, key: str) -> pl.DataFrame:
    """The most severe group of the diagnoses of each patient: pseudonym, diagnosis_group."""
    codes = found["icd10"].unique()
    groups = pl.DataFrame({"icd10": codes, "group": [diagnosis_group(code) for code in codes]})
    return (
        found.join(groups, on="icd10")
        .with_columns(pl.col("group").cast(pl.Enum(_GROUPS)).alias("diagnosis_group"))
        .group_by(key)
        .agg(pl.col("diagnosis_group").min().cast(pl.String))
    )


def diagnosis_group(icd10: str) -> str:
    """The group in which the catalogue counts an ICD-10 code: F20.0 is in Psychosis (F20-F29)."""
    if icd10.startswith("F"):
        block = int(icd10[1:3])
        for first, last, group in _BLOCKS:
            if first <= block <= last:
                return group
    return _GROUPS[-1]


_BLOCKS = tuple(
    (first, last, group)
    for (first, last), group in zip(((20, 29), (30, 39), (40, 48), (80, 98)), _GROUPS, strict=False)
)


def _referrals(
    slam: Path, key: str, granted: tuple[str, ...], kept: pl.DataFrame, years: Years
) -> pl.DataFrame:
    columns = (
        key, "referred", "age_at_referral", "service", "team", "referral_source", "accepted",
        "days_in_care",
    )  # fmt: skip
    return (
        within(read_table(slam / "cris_referrals.parquet", columns), "referred", years)
        .filter(pl.col("service") == _CHILD)
        .join(kept, on=key, how="semi")
        .sort(*columns)
        .with_columns(pl.col("referred").dt.year().alias("referral_year"))
        .select(key, *granted)
    )
