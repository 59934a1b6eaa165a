"""CRIS with the Census of 2011."""

from datetime import date

from tre.safe_data.linkages.linkage import SRS, Covered, Linkage, RegisterTable
from tre.safe_data.records import census, people
from tre.safe_data.records.errors import CENSUS_ERRORS
from tre.safe_data.records.items import Items

_DICTIONARY = "ONS, Census 2011 variables and classifications"
_ITEM = Items(dictionary=_DICTIONARY)
_DAY = date(2011, 3, 27)

LINKAGE = Linkage(
    id="census2011",
    order=8,
    title="Living circumstances on census day",
    register="Census 2011",
    holder="Office for National Statistics",
    matcher="Office for National Statistics",
    identifiers=("first_name", "last_name", "date_of_birth", "postcode"),
    covered=Covered(
        text=(
            "SLaM patients resident on census day, 27 March 2011: those born by then are sent, "
            "and those who answered are found"
        ),
        born_by=_DAY,
    ),
    controls=None,
    limits=(
        "one day, 27 March 2011; who came later, or did not answer, has no record: about half of "
        "the patients, and more of those who are young, deprived or of a minority ethnic group"
    ),
    access_basis="Digital Economy Act 2017, section 64",
    place=SRS,
    people=RegisterTable(
        name="census2011_people",
        description="One row a person who answered the census",
        unit="person",
        variables=people.variables(_DICTIONARY),
    ),
    tables=(
        RegisterTable(
            name="census_answers",
            description="One row a person: social, health and migration answers",
            unit="person",
            variables=(
                _ITEM.whole("age", "Age on census day, whole years", "AGE"),
                _ITEM.text("country_of_birth", "Where born", "COB, grouped", census.BIRTHPLACES),
                _ITEM.text(
                    "citizenship", "Passports held", "PASSPORT, grouped", census.CITIZENSHIPS
                ),
                _ITEM.whole(
                    "year_of_arrival",
                    "Year of most recent arrival, null where born in the United Kingdom",
                    "Year of arrival (ARRIVAL)",
                ),
                _ITEM.flag(
                    "moved_in_last_year",
                    "Lived elsewhere a year before",
                    "Migration: address one year ago",
                ),
                _ITEM.text("activity", "Economic activity", "ECOPUK, grouped", census.ACTIVITY),
                _ITEM.text("general_health", "General health", "HEALTH", census.HEALTH),
            ),
        ),
        RegisterTable(
            name="census_households",
            description="One row a person: the household in which they lived",
            unit="person",
            variables=(
                _ITEM.whole("household_size", "People in the household", "SIZHUK"),
                _ITEM.whole("dependent_children", "Children under 16 in it", "DPCHUK, under 16"),
                _ITEM.whole("bedrooms", "Bedrooms, 5 for five and more", "BEDROOMS"),
                _ITEM.text("tenure", "Tenure of the home", "TENHUK, grouped", census.TENURES),
                _ITEM.flag("has_car", "Has a car or van", "CARSNO"),
            ),
        ),
    ),
    errors=CENSUS_ERRORS,
    simulate=census.simulate,
    prone=census.prone,
    source=(
        "CDLS page on CRIS data linkages; Cybulski 2024, BMJ Open 14:e073582; ONS, Census 2011"
    ),
    assumed=("identifiers", "access_basis", "errors"),
)
