"""CRIS with the National Pupil Database."""

from datetime import date

from tre.safe_data.catalogue_tables import NPD_TABLES
from tre.safe_data.linkages.linkage import (
    SRS,
    Controls,
    Covered,
    Linkage,
    Period,
    RegisterTable,
)
from tre.safe_data.population.places import BOROUGHS
from tre.safe_data.records.errors import NPD_ERRORS
from tre.safe_data.records.npd import simulate
from tre.safe_data.variable import Variable

_NPD = "National Pupil Database, "


def _of(name: str, kind: str, description: str, source: str, codes: tuple = ()) -> Variable:
    return Variable(name=name, type=kind, description=description, codes=codes, source=source)


_PUPILS = RegisterTable(
    name="pupils",
    description="One row a pupil of a state school, as last seen",
    unit="pupil",
    about=("pupil",),
    variables=(
        _of("sex", "string", "Sex", _NPD + "school census: Gender", ("Female", "Male")),
        _of("birth_year", "integer", "Year of birth", _NPD + "school census: Date of birth"),
        _of("ethnic_group", "string", "Ethnic group", _NPD + "school census: Ethnicity, grouped"),
        _of("borough", "string", "Borough of residence", _NPD + "school census: postcode"),
        _of("school_borough", "string", "Borough of the school", _NPD + "school census: LA"),
        _of("imd_decile", "integer", "Deprivation decile", _NPD + "school census: postcode"),
    ),
)
_SCHOOL_YEARS = RegisterTable(
    name="school_years",
    description="One row a pupil and school year",
    unit="pupil and school year",
    about=("pupil",),
    dated_by="school_year",
    variables=next(table for table in NPD_TABLES if table.name == "absence").variables,
)
_RESULTS = RegisterTable(
    name="results",
    description="One row a pupil and key stage that has a result",
    unit="pupil and key stage",
    about=("pupil",),
    dated_by="school_year",
    variables=next(table for table in NPD_TABLES if table.name == "attainment").variables,
)
_ABSENCE_REASONS = RegisterTable(
    name="absence_reasons",
    description="One row a pupil, school year and reason for which half-days were missed",
    unit="pupil, school year and reason",
    about=("pupil",),
    dated_by="school_year",
    variables=next(table for table in NPD_TABLES if table.name == "absence_reasons").variables,
)
_EXCLUSIONS = RegisterTable(
    name="exclusions",
    description="One row a suspension or permanent exclusion",
    unit="exclusion",
    about=("pupil",),
    dated_by="school_year",
    variables=next(table for table in NPD_TABLES if table.name == "exclusions").variables,
    may_repeat=True,
)

_HISTORIC = Period(
    id="historic",
    title="historic linkage 2008-2013",
    referred_from=date(2008, 1, 1),
    referred_by=date(2013, 12, 31),
    first_day=date(2007, 9, 1),
    last_day=date(2013, 8, 31),
    limits=(
        "historic linkage 2008-2013: first referrals of 2008 to 2013 and school years 2007/08 to "
        "2012/13; whoever was first referred later is no linked patient"
    ),
)

LINKAGE = Linkage(
    id="npd",
    order=1,
    title="Child mental-health records with school records",
    register="National Pupil Database",
    holder="Department for Education",
    matcher="Department for Education",
    identifiers=("first_name", "last_name", "date_of_birth", "postcode"),
    covered=Covered(
        text="children seen by SLaM child services (CAMHS): first referral before the age of 18",
        referred_before_age=18,
    ),
    controls=Controls(
        text=(
            "school-aged children at school and living in Croydon, Lambeth, Lewisham or Southwark "
            "who are not linked patients of SLaM child services; some are patients of other SLaM "
            "services, first seen as adults: they are not sent, so the DfE cannot know them"
        ),
        among={"borough": BOROUGHS, "school_borough": BOROUGHS},
    ),
    periods=(_HISTORIC,),
    limits=(
        "school years 2007/08 to 2024/25; state schools only, so a child at a private school "
        "has no record; a patient who is not matched cannot be told from a control"
    ),
    identifier_basis="Section 251 of the NHS Act 2006 (IRAS 356975, REC 25/SC/0229)",
    access_basis="Digital Economy Act 2017, section 64",
    place=SRS,
    people=_PUPILS,
    tables=(_SCHOOL_YEARS, _RESULTS, _ABSENCE_REASONS, _EXCLUSIONS),
    extract=NPD_TABLES,
    record="pupil",
    research_id="education_id",
    errors=NPD_ERRORS,
    simulate=simulate,
    objects=0.003,
    assumed=("first and last days of the historic linkage",),
    source=(
        "Health Research Authority record of the SLaM-DfE linkage (IRAS 356975); "
        "CDLS page on CRIS data linkages"
    ),
)
