"""CRIS with the acute hospitals of King's Health Partners in the Covid-19 period."""

from datetime import date

from tre.safe_data.linkages.linkage import (
    CDLS,
    IDENTIFIERS_OF_THE_NHS,
    Covered,
    Linkage,
    RegisterTable,
)
from tre.safe_data.population.calendar import day
from tre.safe_data.population.population import Population
from tre.safe_data.records import episodes, people
from tre.safe_data.records.errors import NHS_ERRORS
from tre.safe_data.records.register import Register

_DICTIONARY = "KCH and GSTT, Emergency Care and Commissioning Data Sets (NHS Data Dictionary)"
_TRUSTS = ("King's College Hospital", "Guy's and St Thomas'")
_ON_FILE = (day(2019, 1, 1), day(2023, 12, 31))
"""The trusts' systems go on before and after what the linkage may see."""
_NAMES = {episodes.ADMISSIONS: "khp_admissions", episodes.ATTENDANCES: "khp_attendances"}


def simulate(population: Population) -> Register:
    """Who was at one of the two trusts: the same episodes that HES holds of them."""
    whole = episodes.episodes(population, tuple(_NAMES))
    return episodes.of_trusts(whole, _TRUSTS, _ON_FILE).register(_NAMES, "khp_people", population)


LINKAGE = Linkage(
    id="khp",
    order=5,
    title="Acute hospital attendances in the pandemic",
    register="Acute care records of KCH and GSTT",
    holder="King's College Hospital and Guy's and St Thomas'",
    matcher="King's College Hospital and Guy's and St Thomas'",
    identifiers=IDENTIFIERS_OF_THE_NHS,
    covered=Covered(text="SLaM patients; those who attended one of the trusts are found"),
    controls=None,
    first_day=date(2020, 3, 1),
    last_day=date(2022, 2, 28),
    limits=(
        "attendances and stays that begin from 1 March 2020 to 28 February 2022, at King's College "
        "Hospital and Guy's and St Thomas' alone"
    ),
    access_basis="approved by the CRIS Oversight Committee under section 251 support",
    place=CDLS,
    people=RegisterTable(
        name="khp_people",
        description="One row a person whom one of the trusts knows, as last seen",
        unit="person",
        variables=people.variables(_DICTIONARY),
    ),
    tables=(
        RegisterTable(
            name="khp_attendances",
            description="One row an attendance at A&E",
            unit="attendance",
            dated_by="arrived",
            may_repeat=True,
            variables=episodes.attendance_variables(_DICTIONARY),
        ),
        RegisterTable(
            name="khp_admissions",
            description="One row a stay in hospital",
            unit="stay",
            dated_by="admitted",
            in_order=(("admitted", "discharged"),),
            may_repeat=True,
            variables=episodes.stay_variables(_DICTIONARY),
        ),
    ),
    errors=NHS_ERRORS,
    simulate=simulate,
    source="CDLS page on CRIS data linkages; NHS Data Dictionary",
    assumed=("first_day", "last_day", "matcher", "identifiers", "access_basis", "errors"),
)
