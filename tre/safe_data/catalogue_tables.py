"""The tables of the catalogue, variable by variable."""

from dataclasses import replace

from tre.safe_data.deidentify.treatment import ICD10_CATEGORY, RARE_GROUPED, SCRUBBED
from tre.safe_data.population.places import BOROUGHS
from tre.safe_data.records.school_codes import (
    ABSENCE,
    AUTHORISED,
    CATEGORIES,
    REASONS,
    UNAUTHORISED,
    codes,
    meanings,
)
from tre.safe_data.variable import TableDescription, Variable

ETHNIC_GROUPS = (
    "White British",
    "White Other",
    "Black African",
    "Black Caribbean",
    "Asian",
    "Mixed",
    "Other",
    "Not known",
)
DIAGNOSIS_GROUPS = (
    "Psychosis (F20-F29)",
    "Mood (F30-F39)",
    "Neurotic (F40-F48)",
    "Neurodevelopmental (F80-F98)",
    "Other",
)
NO_RECORD = "No CAMHS record"
PATIENT, CONTROL = "CAMHS patient", "control"

_NPD = "National Pupil Database, "
_CRIS = "CRIS, "
_LINKED = "One row a person: patients of SLaM child services linked with the NPD, and controls"


def _of(name: str, kind: str, description: str, source: str, codes: tuple = ()) -> Variable:
    return Variable(name=name, type=kind, description=description, codes=codes, source=source)


NPD_TABLES = (
    TableDescription(
        name="linked",
        description=_LINKED,
        unit="person",
        variables=(
            _of("sex", "string", "Sex", _NPD + "school census: Gender", ("Female", "Male")),
            _of("birth_year", "integer", "Year of birth", _NPD + "school census: Date of birth"),
            _of(
                "ethnic_group",
                "string",
                "Ethnic group, as the school last recorded it",
                _NPD + "school census: Ethnicity, grouped",
                ETHNIC_GROUPS,
            ),
            _of(
                "imd_decile",
                "integer",
                "Deprivation decile of the area of residence, 1 most deprived to 10 least",
                _NPD + "school census: postcode to Index of Multiple Deprivation",
            ),
            _of(
                "borough",
                "string",
                "Borough of residence, last recorded",
                _NPD + "school census: postcode to local authority",
                (*BOROUGHS, "Elsewhere"),
            ),
            _of(
                "free_school_meals",
                "boolean",
                "Eligible for free school meals in any school year on record",
                _NPD + "school census: FSMeligible",
            ),
            _of(
                "sen_support",
                "boolean",
                "Special educational needs, support or plan, in any school year on record",
                _NPD + "school census: SENprovision",
            ),
            _of(
                "ks2_score",
                "number",
                "Key stage 2 scaled score, reading and mathematics, 80 to 120; none in 2020, 2021",
                _NPD + "key stage 2",
            ),
            _of(
                "ks4_attainment8",
                "number",
                "Attainment 8 score, 0 to 90 (back-series before 2016)",
                _NPD + "key stage 4",
            ),
            _of(
                "absence_percent",
                "number",
                "Sessions missed, of all possible sessions on record, per cent, 0 to 100",
                _NPD + "absence",
            ),
            _of(
                "exclusions",
                "integer",
                "Suspensions and permanent exclusions in all school years on record",
                _NPD + "exclusions",
            ),
        ),
    ),
    TableDescription(
        name="attainment",
        description="One row a pupil and key stage that has a result",
        unit="pupil and key stage",
        variables=(
            _of("key_stage", "string", "Key stage", _NPD + "attainment", ("KS1", "KS2", "KS4")),
            _of("school_year", "string", "School year of the result", _NPD + "attainment"),
            _of("measure", "string", "What the score is", _NPD + "attainment"),
            _of(
                "score",
                "number",
                "The score: KS1 3 to 21 points, from 2015/16 85 to 115; KS2 80 to 120; KS4 0 to 90",
                _NPD + "attainment",
            ),
        ),
    ),
    TableDescription(
        name="absence",
        description="One row a pupil and school year",
        unit="pupil and school year",
        variables=(
            _of("school_year", "string", "School year, as 2018/19", _NPD + "absence"),
            _of("year_group", "integer", "National curriculum year, 0 to 11", _NPD + "census"),
            _of("sessions_possible", "integer", "Half-days at school", _NPD + "absence"),
            _of("sessions_missed", "integer", "Half-days missed", _NPD + "absence"),
            _of("sessions_unauthorised", "integer", "Of those, not authorised", _NPD + "absence"),
            _of(
                "suspensions",
                "integer",
                "Suspensions and permanent exclusions in the year",
                _NPD + "exclusions",
            ),
            _of("free_school_meals", "boolean", "Eligible in this year", _NPD + "census"),
            _of(
                "sen_provision",
                "string",
                "Special educational needs in this year",
                _NPD + "census: SENprovision, with the codes of 2015 throughout",
                ("N", "K", "E"),
            ),
        ),
    ),
    TableDescription(
        name="absence_reasons",
        description="One row a pupil, school year and reason for which half-days were missed",
        unit="pupil, school year and reason",
        variables=(
            _of("school_year", "string", "School year, as 2018/19", _NPD + "absence"),
            replace(
                _of(
                    "reason",
                    "string",
                    f"Authorised: {meanings(AUTHORISED)}; unauthorised: {meanings(UNAUTHORISED)}",
                    _NPD + "absence; DfE, Working together to improve school attendance",
                    codes(ABSENCE),
                ),
                treatment=RARE_GROUPED,
            ),
            _of("sessions", "integer", "Half-days missed for the reason", _NPD + "absence"),
        ),
    ),
    TableDescription(
        name="exclusions",
        description="One row a suspension or permanent exclusion",
        unit="exclusion",
        variables=(
            _of("school_year", "string", "School year, as 2018/19", _NPD + "exclusions"),
            _of("started", "date", "First day of the exclusion", _NPD + "exclusions"),
            _of(
                "category",
                "string",
                meanings(CATEGORIES),
                _NPD + "exclusions; DfE, Common Basic Data Set: exclusion category",
                codes(CATEGORIES),
            ),
            replace(
                _of(
                    "reason",
                    "string",
                    f"Main reason: {meanings(REASONS)}",
                    _NPD + "exclusions; DfE, Common Basic Data Set: exclusion reason",
                    codes(REASONS),
                ),
                treatment=RARE_GROUPED,
            ),
            _of(
                "sessions",
                "integer",
                "Half-days lost, 1 to 10: from the sixth day on a pupil is taught elsewhere",
                _NPD + "exclusions",
            ),
        ),
    ),
)

CRIS_TABLES = (
    TableDescription(
        name="linked",
        description=_LINKED,
        unit="person",
        variables=(
            _of("group", "string", "Patient or control", "linkage", (PATIENT, CONTROL)),
            _of(
                "diagnosis_group",
                "string",
                "Most severe diagnosis recorded before the age of 18, ICD-10 blocks",
                _CRIS + "diagnosis",
                (*DIAGNOSIS_GROUPS, NO_RECORD),
            ),
            _of(
                "early_onset_psychosis",
                "boolean",
                "A diagnosis of F20-F29 recorded before the age of 18",
                _CRIS + "diagnosis",
            ),
            _of(
                "first_referral_age",
                "integer",
                "Age in whole years at first referral, 0 to 17; none for controls",
                _CRIS + "referral",
            ),
        ),
    ),
    TableDescription(
        name="referrals",
        description="One row a referral to SLaM child services",
        unit="referral",
        variables=(
            _of("referral_year", "integer", "Calendar year", _CRIS + "referral"),
            _of("age_at_referral", "integer", "Age in whole years, 0 to 17", _CRIS + "referral"),
            _of("team", "string", "Team referred to", _CRIS + "referral"),
            _of("referral_source", "string", "Who referred", _CRIS + "referral"),
            _of("accepted", "boolean", "Whether the team took the child on", _CRIS + "referral"),
            _of("days_in_care", "integer", "Days to discharge; none if open", _CRIS + "referral"),
        ),
    ),
)

LINKED = "linked_"
"""Before a linkage's id (with _ for -): whether a patient was linked there."""


def cris_tables(registers: tuple[tuple[str, str], ...]) -> tuple[TableDescription, ...]:
    """The tables of CRIS, with one variable for each register: its id and name."""
    linked = tuple(
        _of(
            LINKED + one.replace("-", "_"),
            "boolean",
            f"Whether a record of the {register} was named for the patient",
            "linkage",
        )
        for one, register in registers
    )
    patients = replace(_PATIENTS, variables=(*_PATIENTS.variables, *linked))
    return (*CRIS_TABLES, patients, _DIAGNOSES, _NOTES)


_PATIENTS = TableDescription(
    name="patients",
    description="One row a patient of SLaM whom the study's linkages cover, linked or not",
    unit="person",
    variables=(
        _of("sex", "string", "Sex", _CRIS + "patient", ("Female", "Male")),
        _of("birth_year", "integer", "Year of birth", _CRIS + "patient"),
        _of("ethnic_group", "string", "Ethnic group", _CRIS + "patient", ETHNIC_GROUPS),
        _of(
            "borough", "string", "Borough of residence when last seen", _CRIS + "patient",
            (*BOROUGHS, "Elsewhere"),
        ),
        _of(
            "imd_decile", "integer", "Deprivation decile of residence, 1 most deprived to 10 least",
            _CRIS + "patient: postcode to Index of Multiple Deprivation",
        ),
        _of(
            "diagnosis_group", "string", "Most severe diagnosis at any age, ICD-10 blocks",
            _CRIS + "diagnosis", DIAGNOSIS_GROUPS,
        ),
        _of(
            "severe_mental_illness", "boolean", "A diagnosis of F20-F29 at any age",
            _CRIS + "diagnosis",
        ),
        _of("first_referral", "date", "Day of the first referral to SLaM", _CRIS + "referral"),
        _of(
            "first_referral_age", "integer", "Age in whole years at the first referral",
            _CRIS + "referral",
        ),
    ),
)  # fmt: skip
_DIAGNOSES = TableDescription(
    name="diagnoses",
    description="One row a recorded diagnosis",
    unit="diagnosis",
    variables=(
        _of("diagnosed", "date", "Day of the diagnosis", _CRIS + "diagnosis"),
        Variable(
            name="icd10",
            type="string",
            description="The diagnosis, ICD-10, three characters",
            codes=(),
            source=_CRIS + "diagnosis; WHO, ICD-10",
            treatment=ICD10_CATEGORY,
        ),
        _of("is_main", "boolean", "Whether it is the main diagnosis", _CRIS + "diagnosis"),
        _of("age_at_diagnosis", "integer", "Age in whole years", _CRIS + "diagnosis"),
    ),
)
_NOTES = TableDescription(
    name="notes",
    description="One row a note that a clinician wrote about a patient; few patients have any",
    unit="note",
    variables=(
        _of("written", "date", "Day on which it was written", _CRIS + "note"),
        _of("author", "string", "Profession of the author", _CRIS + "note"),
        Variable(
            name="text",
            type="text",
            description=(
                "The note. Masking misses some names: misspelt ones, and people of whom CRIS has "
                "no record. Handle it as if it named somebody, and copy none of it into an output"
            ),
            codes=(),
            source=_CRIS + "note, masked by the CDLS before it leaves",
            treatment=SCRUBBED,
        ),
    ),
)
