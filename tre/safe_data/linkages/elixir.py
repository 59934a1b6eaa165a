"""CRIS with eLIXIR: maternity and neonatal records, which link two persons, mother and child."""

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
from tre.safe_data.records.maternity import CARE_LEVELS, DELIVERIES, UNITS, simulate

_MOTHER = Items(dictionary="NHS Data Dictionary, Maternity Services Data Set")
_BABY = Items(dictionary="NHS Data Dictionary, National Neonatal Data Set")
_BOTH = ("record", "child_record")
_TABLES = (
    RegisterTable(
        name="births",
        description="One row a live birth: the mother, and the child",
        unit="birth, of a mother and a child",
        about=_BOTH,
        dated_by="birth_date",
        near_birth=("birth_date",),
        variables=(
            _MOTHER.day("birth_date", "Date of birth of the child", "PERSON BIRTH DATE (BABY)"),
            _MOTHER.whole("birth_weight_grams", "Birth weight, grams", "BIRTH WEIGHT"),
            _MOTHER.whole(
                "gestation_weeks", "Completed weeks of gestation; below 37 is preterm",
                "GESTATION LENGTH (AT BIRTH)",
            ),
            _MOTHER.text(
                "child_sex", "Sex of the child", "PERSON PHENOTYPIC SEX (BABY)", ("Female", "Male"),
            ),
            _MOTHER.flag(
                "multiple_birth", "One of two children of a pregnancy",
                "NUMBER OF BABIES DELIVERED INDICATION",
            ),
            _MOTHER.text("delivery", "How the child was born", "DELIVERY METHOD", DELIVERIES),
            _MOTHER.text("unit", "The trust of the birth", "ORGANISATION SITE IDENTIFIER", UNITS),
        ),
    ),
    RegisterTable(
        name="neonatal_admissions",
        description="One row a stay of a newborn in neonatal care: the mother, and the child",
        unit="stay of a child",
        about=_BOTH,
        dated_by="admitted",
        in_order=(("admitted", "discharged"),),
        near_birth=("admitted", "discharged"),
        variables=(
            _BABY.day("admitted", "First day in neonatal care", "ADMISSION DATE (NEONATAL)"),
            _BABY.day("discharged", "Last day in neonatal care", "DISCHARGE DATE (NEONATAL)"),
            _BABY.whole("nights", "Nights in neonatal care", "LENGTH OF STAY (NEONATAL)"),
            _BABY.text("care_level", "Highest level of care", "NEONATAL CARE LEVEL", CARE_LEVELS),
        ),
    ),
    RegisterTable(
        name="pregnancies",
        description="One row a pregnancy that ended in a birth, as written down at the booking",
        unit="pregnancy",
        dated_by="delivered",
        in_order=(("booked", "delivered"),),
        near_birth=("delivered",),
        variables=(
            _MOTHER.day("delivered", "Date of delivery", "PROCEDURE DATE (MOTHER DELIVERY)"),
            _MOTHER.day("booked", "Booking appointment", "ANTENATAL BOOKING DATE"),
            _MOTHER.whole("booking_weeks", "Weeks of gestation at the booking", "GESTATION LENGTH"),
            _MOTHER.whole("mother_age", "Age of the mother at delivery", "PERSON BIRTH DATE"),
            _MOTHER.whole("parity", "Earlier pregnancies that ended in a birth", "PREVIOUS BIRTHS"),
            _MOTHER.flag(
                "mental_health_flag", "Told the midwife of a mental-health problem",
                "MENTAL HEALTH PREDICTION AND DETECTION INDICATOR",
            ),
            _MOTHER.flag("smoker_at_booking", "Smoked at the booking", "SMOKING STATUS AT BOOKING"),
        ),
    ),
)  # fmt: skip

LINKAGE = Linkage(
    id="elixir",
    order=7,
    title="Pregnancies, births and newborns: mother and child",
    register="eLIXIR",
    holder="Local maternity and neonatal units",
    matcher="Local maternity and neonatal units",
    identifiers=IDENTIFIERS_OF_THE_NHS,
    covered=Covered(
        text=(
            "mothers and their children: SLaM patients of either kind; a birth is found by the "
            "mother, by the child, or by both"
        )
    ),
    controls=None,
    first_day=date(2018, 10, 1),
    limits=(
        "births since 1 October 2018 at Guy's and St Thomas' and King's College Hospital; a birth "
        "is given where at least one of the two persons is a linked patient, and neither objects"
    ),
    access_basis="approved by the CRIS Oversight Committee under section 251 support",
    place=CDLS,
    people=RegisterTable(
        name="elixir_people",
        description="One row a person, a mother or a child, who is a linked patient",
        unit="person",
        variables=people.variables("eLIXIR"),
    ),
    tables=_TABLES,
    errors=NHS_ERRORS,
    simulate=simulate,
    source=(
        "CDLS page on CRIS data linkages; Carson 2020, BMJ Open 10:e039583 (eLIXIR, births from "
        "1 October 2018)"
    ),
    assumed=("matcher", "identifiers", "identifier_basis", "access_basis", "errors", "objects"),
)
