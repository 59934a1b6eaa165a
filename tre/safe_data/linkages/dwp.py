"""CRIS with the benefits records of the Department for Work and Pensions."""

from datetime import date

from tre.safe_data.linkages.linkage import CDLS, Covered, Linkage, RegisterTable
from tre.safe_data.records import benefits, people
from tre.safe_data.records.errors import NHS_ERRORS
from tre.safe_data.records.items import Items

_DICTIONARY = "DWP, Stat-Xplore and the National Benefits Database"
_ITEM = Items(dictionary=_DICTIONARY)

LINKAGE = Linkage(
    id="dwp",
    order=12,
    title="Benefits and work",
    register="Benefits records of the DWP",
    holder="Department for Work and Pensions",
    matcher="Department for Work and Pensions",
    identifiers=("first_name", "last_name", "date_of_birth", "postcode"),
    covered=Covered(
        text="adult SLaM patients: 18 or older on 31 August 2025", adult_by=date(2025, 8, 31)
    ),
    controls=None,
    limits=(
        "claims from September 2007 on of people aged 18 to 65; a patient without a record claimed "
        "nothing, or was not matched; a claim goes on while a decision is appealed"
    ),
    access_basis="approved by the CRIS Oversight Committee under section 251 support",
    place=CDLS,
    people=RegisterTable(
        name="dwp_people",
        description="One row a person who claimed a benefit",
        unit="person",
        variables=people.variables(_DICTIONARY),
    ),
    tables=(
        RegisterTable(
            name="benefits",
            description="One row a claim",
            unit="claim",
            dated_by="started",
            in_order=(("started", "ended"),),
            variables=(
                _ITEM.text("benefit", "Benefit", "Benefit type", benefits.BENEFITS),
                _ITEM.day("started", "First day of the claim", "Claim start date"),
                _ITEM.day("ended", "Last day of the claim, null while it goes on", "End date"),
            ),
        ),
        RegisterTable(
            name="work_capability_assessments",
            description="One row a Work Capability Assessment",
            unit="assessment",
            dated_by="assessed",
            may_repeat=True,
            variables=(
                _ITEM.day("assessed", "Day of the decision", "ESA: assessment decision date"),
                _ITEM.text(
                    "outcome", "Outcome", "ESA: outcome of the assessment", benefits.OUTCOMES
                ),
                _ITEM.flag("is_reassessment", "Not the first of the claim", "ESA: assessment type"),
            ),
        ),
        RegisterTable(
            name="work_programmes",
            description="One row a work programme attended",
            unit="attachment",
            dated_by="attended_from",
            in_order=(("attended_from", "attended_to"),),
            variables=(
                _ITEM.day("attended_from", "First day", "Employment programmes: attachment date"),
                _ITEM.day("attended_to", "Last day", "Employment programmes: end date"),
                _ITEM.text("programme", "Programme", "Programme", benefits.PROGRAMMES),
                _ITEM.flag("into_job", "Ended with a job", "Job outcome"),
            ),
        ),
        RegisterTable(
            name="sanctions",
            description="One row a sanction of a claim that asks for work",
            unit="sanction",
            dated_by="decided",
            variables=(
                _ITEM.day("decided", "Day of the decision", "Benefit sanctions: decision date"),
                _ITEM.text("reason", "Why", "Benefit sanctions: reason", benefits.REASONS),
                _ITEM.whole("weeks", "For how many weeks", "Benefit sanctions: duration"),
            ),
        ),
    ),
    errors=NHS_ERRORS,
    simulate=benefits.simulate,
    source="CDLS page on CRIS data linkages; DWP, Stat-Xplore",
    assumed=("matcher", "identifiers", "limits", "access_basis", "errors"),
)
