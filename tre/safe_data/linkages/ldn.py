"""CRIS with Lambeth DataNet."""

from tre.safe_data.linkages.linkage import (
    CDLS,
    IDENTIFIERS_OF_THE_NHS,
    Controls,
    Covered,
    Linkage,
    RegisterTable,
)
from tre.safe_data.records import people, primary_care
from tre.safe_data.records.errors import NHS_ERRORS
from tre.safe_data.records.items import Items

_DICTIONARY = "Lambeth DataNet, EMIS Web GP records"
_ITEM = Items(dictionary=_DICTIONARY)

LINKAGE = Linkage(
    id="ldn",
    order=4,
    title="Primary care in Lambeth",
    register="Lambeth DataNet",
    holder="Lambeth DataNet",
    matcher="Lambeth DataNet",
    identifiers=IDENTIFIERS_OF_THE_NHS,
    covered=Covered(
        text="SLaM patients registered with a general practice in Lambeth", gp_borough="Lambeth"
    ),
    controls=Controls(
        text=(
            "residents of Lambeth who are not linked SLaM patients; a few are SLaM patients whose "
            "practice, as SLaM knows it, is elsewhere: they are not sent, so the practices cannot "
            "know them"
        ),
        among={"borough": ("Lambeth",)},
    ),
    limits=(
        "people registered in Lambeth on 31 August 2025 or until they died, from when they moved "
        "to where they live; consultations from April 2015 on; whoever left has no record"
    ),
    access_basis="approved by the CRIS Oversight Committee under section 251 support",
    place=CDLS,
    people=RegisterTable(
        name="ldn_people",
        description="One row a person registered with a practice in Lambeth",
        unit="person",
        variables=people.variables(_DICTIONARY),
    ),
    tables=(
        RegisterTable(
            name="registrations",
            description="One row a registration with a practice",
            unit="registration",
            dated_by="registered",
            in_order=(("registered", "left"),),
            variables=(
                _ITEM.day("registered", "First day with the practice", "Registration date"),
                _ITEM.day("left", "Day of death, null while registered", "Deduction date"),
                _ITEM.text("practice", "Practice", "Organisation", primary_care.PRACTICES),
            ),
        ),
        RegisterTable(
            name="consultations",
            description="One row a consultation",
            unit="consultation",
            dated_by="consulted",
            may_repeat=True,
            variables=(
                _ITEM.day("consulted", "Day of the consultation", "Consultation date"),
                _ITEM.text("mode", "How", "Consultation type, grouped", primary_care.MODES),
                _ITEM.flag("with_doctor", "With a doctor, not a nurse or other", "User role"),
            ),
        ),
        RegisterTable(
            name="primary_care_diagnoses",
            description="One row a long-term condition, when first recorded",
            unit="person and condition",
            dated_by="diagnosed",
            variables=(
                _ITEM.day("diagnosed", "Day on which it was first recorded", "Effective date"),
                _ITEM.text("snomed", "SNOMED CT concept", "Code; SNOMED CT", primary_care.CODES),
                _ITEM.text("term", "Its preferred term", "Term; SNOMED CT", primary_care.TERMS),
            ),
        ),
        RegisterTable(
            name="prescriptions",
            description="One row an antidepressant issued",
            unit="issue",
            dated_by="issued",
            variables=(
                _ITEM.day("issued", "Day of issue", "Issue date"),
                _ITEM.text(
                    "drug",
                    "Antidepressant, British National Formulary 4.3",
                    "Drug; BNF",
                    tuple(name for name, _ in primary_care.DRUGS),
                ),
                _ITEM.whole("days_supplied", "For how many days", "Quantity and dose"),
            ),
        ),
    ),
    errors=NHS_ERRORS,
    simulate=primary_care.simulate,
    source="CDLS page on CRIS data linkages; SNOMED CT; British National Formulary",
    assumed=("holder", "matcher", "identifiers", "limits", "access_basis", "errors"),
)
