"""CRIS with the records of the Child and Family Court Advisory and Support Service."""

from datetime import date

from tre.safe_data.linkages.linkage import CDLS, Covered, Linkage, RegisterTable
from tre.safe_data.records import family_court, people
from tre.safe_data.records.errors import NHS_ERRORS
from tre.safe_data.records.items import Items

_DICTIONARY = "Cafcass, administrative data (SAIL Databank and Family Justice Data Partnership)"
_ITEM = Items(dictionary=_DICTIONARY)

LINKAGE = Linkage(
    id="cafcass",
    order=11,
    title="Mothers in care proceedings",
    register="Case records of Cafcass",
    holder="Child and Family Court Advisory and Support Service",
    matcher="Child and Family Court Advisory and Support Service",
    identifiers=("first_name", "last_name", "date_of_birth", "postcode"),
    covered=Covered(
        text=(
            "mothers in care proceedings: women of 16 and older are sent, since SLaM does not "
            "know who is a mother, and those in a case are found"
        ),
        sex="Female",
        born_by=date(2009, 8, 31),
    ),
    controls=None,
    limits="cases that begin from September 2007 on; one of each kind a mother",
    access_basis="approved by the CRIS Oversight Committee under section 251 support",
    place=CDLS,
    people=RegisterTable(
        name="cafcass_people",
        description="One row a mother in a case",
        unit="person",
        variables=people.variables(_DICTIONARY),
    ),
    tables=(
        RegisterTable(
            name="proceedings",
            description="One row a case that a mother is a party of",
            unit="case",
            dated_by="applied",
            in_order=(("applied", "closed"),),
            variables=(
                _ITEM.text("kind", "Kind of case", "Case type", family_court.KINDS),
                _ITEM.day("applied", "Day of the application", "Application received date"),
                _ITEM.day("closed", "Day of the final order, null while open", "Closed date"),
                _ITEM.number("weeks", "Length of the case, weeks", "Duration"),
                _ITEM.text("outcome", "Final order", "Legal output", family_court.OUTCOMES),
                _ITEM.whole(
                    "age_of_youngest",
                    "Age of the youngest child at the application, whole years",
                    "Child: date of birth",
                ),
            ),
        ),
    ),
    errors=NHS_ERRORS,
    simulate=family_court.simulate,
    source=(
        "CDLS page on CRIS data linkages; Ministry of Justice, Family Court Statistics Quarterly"
    ),
    assumed=("covered", "matcher", "identifiers", "limits", "access_basis", "errors"),
)
