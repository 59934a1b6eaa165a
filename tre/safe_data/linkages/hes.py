"""CRIS with Hospital Episode Statistics."""

from tre.safe_data.linkages.linkage import (
    CDLS,
    IDENTIFIERS_OF_THE_NHS,
    Controls,
    Covered,
    Linkage,
    RegisterTable,
)
from tre.safe_data.population.places import BOROUGHS
from tre.safe_data.population.population import Population
from tre.safe_data.records import episodes, people
from tre.safe_data.records.errors import NHS_ERRORS
from tre.safe_data.records.register import Register

_DICTIONARY = "NHS Digital, HES Data Dictionary"
_NAMES = {
    episodes.ADMISSIONS: "admissions",
    episodes.APPOINTMENTS: "outpatients",
    episodes.ATTENDANCES: "emergency_attendances",
}


def simulate(population: Population) -> Register:
    """Everybody who used a hospital: admissions, outpatient appointments, A&E attendances."""
    whole = episodes.episodes(population, tuple(_NAMES))
    return whole.register(_NAMES, "hes_people", population)


LINKAGE = Linkage(
    id="hes",
    order=2,
    title="Hospital use",
    register="Hospital Episode Statistics",
    holder="NHS Digital",
    matcher="NHS Digital",
    identifiers=IDENTIFIERS_OF_THE_NHS,
    covered=Covered(text="all SLaM patients, in hospitals anywhere in England"),
    controls=Controls(
        text="residents of Croydon, Lambeth, Lewisham and Southwark who are not SLaM patients",
        among={"borough": BOROUGHS},
    ),
    limits=(
        "April 2015 to August 2025, so that a large world stays small; care outside hospitals and "
        "private care are not in it; a patient who is not matched cannot be told from a control"
    ),
    access_basis="approved by the CRIS Oversight Committee under section 251 support",
    place=CDLS,
    people=RegisterTable(
        name="hes_people",
        description="One row a person who used a hospital, as last seen",
        unit="person",
        variables=people.variables(_DICTIONARY),
    ),
    tables=(
        RegisterTable(
            name="admissions",
            description="One row a stay in hospital",
            unit="stay",
            dated_by="admitted",
            in_order=(("admitted", "discharged"),),
            may_repeat=True,
            variables=episodes.stay_variables(_DICTIONARY),
        ),
        RegisterTable(
            name="outpatients",
            description="One row an outpatient appointment, kept or not",
            unit="appointment",
            dated_by="appointment",
            may_repeat=True,
            variables=episodes.appointment_variables(_DICTIONARY),
        ),
        RegisterTable(
            name="emergency_attendances",
            description="One row an attendance at A&E",
            unit="attendance",
            dated_by="arrived",
            may_repeat=True,
            variables=episodes.attendance_variables(_DICTIONARY),
        ),
    ),
    errors=NHS_ERRORS,
    simulate=simulate,
    source="CDLS page on CRIS data linkages; NHS Digital, HES Data Dictionary",
    assumed=("access_basis", "limits", "errors"),
)
