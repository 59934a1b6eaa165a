"""One example study for each linkage, as the projects that these data were really linked for.

Source: the project's founding documents (the CDLS page on CRIS data linkages), one title a study.
What a study is granted follows from the description of its linkage.
"""

from dataclasses import dataclass

from tre.training.demo import PROJECTS, SLAM, DemoGrant, DemoProject
from tre.vocabulary import PersonId, ProjectId

LEAD: PersonId = "grace"
MEETING = (
    "What lives in the SRS never leaves it: the CDLS brings the hospital records, linked and "
    "without identifiers, into the SRS under the CRIS pseudonym, and the two meet there."
)
_GATEWAY = "Section 251 of the NHS Act 2006 (linkage); approval of the CRIS Oversight Committee"
_IN_THE_SRS = "Section 251 of the NHS Act 2006 (linkage); Digital Economy Act 2017, section 64"
_PATIENTS = (
    "patients.sex",
    "patients.birth_year",
    "patients.ethnic_group",
    "patients.imd_decile",
    "patients.diagnosis_group",
    "patients.severe_mental_illness",
    "patients.first_referral",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A study in short. linkages: whose tables it is granted, all but the place of residence.

    also: variables of CRIS beside those that every study has. shift_dates: where the study needs
    days between events, and not the calendar.
    """

    id: ProjectId
    title: str
    summary: str
    benefit: str
    linkages: tuple[str, ...]
    also: tuple[str, ...] = ()
    shift_dates: bool = False


STUDIES = (
    Study(
        id="hospital-use",
        title="Physical illness and hospital use of mental-health patients",
        summary="Which physical illnesses bring patients of SLaM to hospital, and how often.",
        benefit="Physical health care that comes before the emergency.",
        linkages=("hes",),
        shift_dates=True,
    ),
    Study(
        id="life-expectancy",
        title="Life expectancy by diagnosis and cause of death",
        summary="How much earlier people with severe mental illness die, and of what.",
        benefit="Years of life for the people who lose most of them.",
        linkages=("mortality",),
    ),
    Study(
        id="depression-in-primary-care",
        title="Depression care in Lambeth primary care",
        summary="How depression is treated in general practice before and after referral.",
        benefit="Treatment that begins where people already are.",
        linkages=("ldn",),
        also=("notes.written", "notes.author", "notes.text"),
    ),
    Study(
        id="pandemic-attendances",
        title="Acute attendances in the pandemic",
        summary="Who of the patients of SLaM came to the acute hospitals between 2020 and 2022.",
        benefit="Emergency care that reaches everybody in the next crisis.",
        linkages=("khp",),
        shift_dates=True,
    ),
    Study(
        id="kidney-disease",
        title="Kidney disease and severe mental illness",
        summary="Whether kidney disease is found later in people with severe mental illness.",
        benefit="Kidneys that are looked after before dialysis.",
        linkages=("renalware",),
        shift_dates=True,
    ),
    Study(
        id="birth-outcomes",
        title="Maternal mental health and birth outcomes",
        summary="How mothers' mental health goes with the birth and health of their children.",
        benefit="Help for mothers when it does most for two.",
        linkages=("elixir",),
    ),
    Study(
        id="sep-md",
        title="Social and economic predictors of severe mental disorder (SEP-MD)",
        summary=(
            "How household, work and migration in the Census of 2011 go with severe mental "
            "disorder, and with hospital care after it."
        ),
        benefit="Prevention where the circumstances can be changed.",
        linkages=("census2011", "hes"),
    ),
    Study(
        id="cancer-survival",
        title="Cancer survival with and without mental disorder",
        summary="Whether cancer is found later, treated less, and survived less long.",
        benefit="Cancer care that does not stop at a diagnosis of mental illness.",
        linkages=("thames-cancer", "ncras"),
        shift_dates=True,
    ),
    Study(
        id="care-proceedings",
        title="Mothers in care proceedings",
        summary="The mental health care of mothers before, during and after proceedings.",
        benefit="Support for mothers at the time at which children are lost.",
        linkages=("cafcass",),
    ),
    Study(
        id="welfare-and-relapse",
        title="Welfare reform and relapse",
        summary="Whether assessments and sanctions are followed by relapse.",
        benefit="Benefits that do not make people ill.",
        linkages=("dwp",),
    ),
    Study(
        id="hiv",
        title="HIV and severe mental illness",
        summary="Whether people with severe mental illness reach and keep a suppressed viral load.",
        benefit="HIV care that holds people who are hard to hold.",
        linkages=("hars",),
    ),
    Study(
        id="fertility-treatment",
        title="Fertility treatment and depression",
        summary="Depression before, during and after fertility treatment, and births that follow.",
        benefit="Clinics that know when to ask how somebody is.",
        linkages=("hfea",),
    ),
)


def every_project() -> tuple[DemoProject, ...]:
    """The projects of the demonstration: those with a story, then a study for each linkage."""
    return (*PROJECTS, *(as_project(study) for study in STUDIES))


def as_project(study: Study) -> DemoProject:
    """A study as a project of the demonstration, with what it is granted spelt out."""
    from tre.safe_data.catalogue import catalogue  # noqa: PLC0415  the registers are slow to import

    datasets = {dataset.id: dataset for dataset in catalogue()}
    linked = tuple(f"patients.linked_{one.replace('-', '_')}" for one in study.linkages)
    grants = [
        DemoGrant(dataset="cris", controller=SLAM, variables=(*_PATIENTS, *linked, *study.also))
    ]
    for one in study.linkages:
        variables = tuple(
            name for name in datasets[one].variables() if not name.endswith(".borough")
        )
        controller = datasets[one].controller
        grants.append(DemoGrant(dataset=one, controller=controller, variables=variables))
    needs_both = study.id == "sep-md"
    return DemoProject(
        id=study.id,
        title=study.title,
        summary=study.summary,
        years_ago=0.4,
        lasts_years=3.0,
        legal_gateway=_IN_THE_SRS if needs_both else _GATEWAY,
        ethics_reference="REC 23/SC/0257 (CRIS research database)",
        public_benefit=study.benefit,
        members=(LEAD,),
        lead=LEAD,
        grants=tuple(grants),
        meeting=MEETING if needs_both else "",
        shift_dates=study.shift_dates,
    )
