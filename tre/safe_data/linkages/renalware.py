"""CRIS with Renalware, the records of the renal unit of King's College Hospital."""

from datetime import date

from tre.safe_data.linkages.linkage import (
    CDLS,
    IDENTIFIERS_OF_THE_NHS,
    Covered,
    Linkage,
    RegisterTable,
)
from tre.safe_data.records import people
from tre.safe_data.records.errors import NHS_ERRORS
from tre.safe_data.records.items import Items
from tre.safe_data.records.renal import DIAGNOSES, DONORS, ENDS, MODALITIES, STAGES, simulate

_ITEM = Items(dictionary="UK Renal Registry data set")
_TABLES = (
    RegisterTable(
        name="renal_diagnoses",
        description="One row a patient of the renal unit first seen since 1996",
        unit="person",
        dated_by="first_seen",
        variables=(
            _ITEM.day("first_seen", "First visit to the renal unit", "First seen date"),
            _ITEM.text(
                "primary_renal_diagnosis", "What the kidney disease comes from",
                "Primary renal diagnosis (ERA-EDTA code), grouped", DIAGNOSES,
            ),
            _ITEM.flag("kidney_failure", "Kidney disease reached stage G5", "CKD stage"),
        ),
    ),
    RegisterTable(
        name="renal_tests",
        description="One row a yearly test of kidney function",
        unit="test",
        dated_by="tested",
        variables=(
            _ITEM.day("tested", "Date of the test", "Result date"),
            _ITEM.number(
                "egfr", "Estimated glomerular filtration rate, ml/min/1.73 m2", "Result: eGFR",
            ),
            _ITEM.text(
                "stage", "Stage of chronic kidney disease by this test, KDIGO 2012",
                "CKD stage, from eGFR", STAGES,
            ),
        ),
    ),
    RegisterTable(
        name="renal_dialysis",
        description="One row a period of dialysis",
        unit="period of dialysis",
        dated_by="started",
        in_order=(("started", "ended"),),
        variables=(
            _ITEM.day("started", "First day of dialysis", "Treatment timeline: from date"),
            _ITEM.day("ended", "Last day; null where it goes on", "Treatment timeline: to date"),
            _ITEM.text(
                "modality", "Kind of dialysis", "Treatment timeline: modality, grouped",
                MODALITIES,
            ),
            _ITEM.text(
                "end_reason", "Why it ended; null where it goes on",
                "Treatment timeline: reason for discharge", ENDS,
            ),
        ),
    ),
    RegisterTable(
        name="renal_transplants",
        description="One row a kidney transplant",
        unit="transplant",
        dated_by="transplanted",
        variables=(
            _ITEM.day("transplanted", "Date of the transplant", "Transplant date"),
            _ITEM.text("donor", "Kind of donor", "Transplant: donor type", DONORS),
        ),
    ),
)  # fmt: skip

LINKAGE = Linkage(
    id="renalware",
    order=6,
    title="Kidney disease, dialysis and transplantation",
    register="Renalware",
    holder="King's College Hospital Renal Unit",
    matcher="King's College Hospital Renal Unit",
    identifiers=IDENTIFIERS_OF_THE_NHS,
    covered=Covered(text="SLaM patients; those who are KCH renal patients are found"),
    controls=None,
    first_day=date(1996, 1, 1),
    limits=(
        "records since 1996, of patients of the King's College Hospital renal unit alone: a "
        "patient who is not found may be seen by another unit"
    ),
    access_basis="approved by the CRIS Oversight Committee under section 251 support",
    place=CDLS,
    people=RegisterTable(
        name="renalware_people",
        description="One row a patient of the renal unit",
        unit="person",
        variables=people.variables("Renalware"),
    ),
    tables=_TABLES,
    errors=NHS_ERRORS,
    simulate=simulate,
    source="CDLS page on CRIS data linkages; UK Renal Registry, data set and annual report",
    assumed=("matcher", "identifiers", "identifier_basis", "access_basis", "errors", "objects"),
)
