"""The example studies that a panel accredited: they have data, and some have come further."""

from datetime import timedelta

from tre.safe_projects.changes import ChangeKind
from tre.safe_projects.project import ProjectState
from tre.training.study import (
    BEFORE_PANDEMIC,
    DFE_REVIEW,
    Study,
    StudyAsk,
    StudyChange,
    StudyResult,
    patients,
)

_S = ProjectState

_PUPILS = StudyAsk(
    dataset="cris",
    why=(
        ("linked", "who fell ill with what, and how early, is the exposure of the study"),
        ("referrals.referral_year", "it says where before ends and after begins"),
        ("referrals.age_at_referral", "illness is compared at the same age, not the same year"),
        ("referrals.accepted", "who was turned away is told from who was treated"),
        ("referrals.days_in_care", "long care is told from a single appointment"),
    ),
)
_SCHOOL = StudyAsk(
    dataset="npd",
    why=(
        ("linked", "the outcome at school, and what goes with it, one row a pupil"),
        ("linked.borough", "schools of four boroughs differ, and are compared within one"),
        ("attainment", "attainment is compared before and after, by key stage and year"),
        ("absence.school_year", "absence is compared year by year around the referral"),
        ("absence.year_group", "pupils of the same class are compared with each other"),
        ("absence.sessions_possible", "what absence is a share of"),
        ("absence.sessions_missed", "absence may explain how far pupils fall behind"),
        ("absence.suspensions", "suspension is told apart from absence by choice"),
        ("absence_reasons", "illness is told apart from absence without leave"),
        ("exclusions.school_year", "exclusions are counted before and after the referral"),
        ("exclusions.category", "a suspension is told from a permanent exclusion"),
        ("exclusions.reason", "exclusion for behaviour may be the first sign of illness"),
        ("exclusions.sessions", "how much school was lost to it"),
    ),
)
_EMERGENCIES = StudyAsk(
    dataset="hes",
    why=(
        ("emergency_attendances.arrived", "an attendance in the last year of life is the outcome"),
        ("emergency_attendances.disposal", "who left before being seen is told apart"),
    ),
    years=(2010, 2019),
    why_years=BEFORE_PANDEMIC,
)

AT_WORK: tuple[Study, ...] = (
    Study(
        id="early-onset-psychosis",
        title="Early-onset psychosis and attainment",
        summary=(
            "How far young people who develop psychosis before 18 fall behind at school, and how "
            "much of it absence and exclusion explain."
        ),
        methods="Do they fall behind? Regression of attainment on diagnosis, with controls.",
        benefit="Earlier help at school for the young people whose first episode begins there.",
        asks=(_PUPILS, _SCHOOL),
        state=_S.ACCREDITED,
        shows="A study at work: its session opens, its notebook runs, its table can be released.",
        lead="ada",
        members=("bola",),
        review=DFE_REVIEW,
    ),
    Study(
        id="covid-pathways",
        title="Clinical and educational pathways before, during and after Covid-19",
        summary=(
            "Referrals to child mental-health services and school careers across the pandemic: who "
            "came to the services, who came later than before, and what became of them at school."
        ),
        methods="Which pathways changed with the pandemic? Counts and rates by year and group.",
        benefit="Services and schools that are ready for the next disruption.",
        asks=(_PUPILS, _SCHOOL),
        state=_S.ENDED,
        shows=(
            "A study that is over: its workspace is archived, its extract destroyed with the "
            "hashes as proof, and what it released stays in the public register."
        ),
        lead="ada",
        because="The paper is published.",
        result=StudyResult(
            title="Young people by first diagnosis",
            by="diagnosis_group",
            context="Young people of the study, by first diagnosis; the first table of the paper.",
            controls="Cells under 10 are suppressed, and others so that they cannot be worked out.",
        ),
        review=DFE_REVIEW,
    ),
    Study(
        id="hospital-use",
        title="Physical illness and hospital use of mental-health patients",
        summary=(
            "Which physical illnesses bring patients of SLaM to hospital, how often, and whether "
            "an appointment that was missed comes before the emergency that could have been spared."
        ),
        methods="What brings them to hospital? Rates by diagnosis, against residents as controls.",
        benefit="Physical health care that comes before the emergency.",
        asks=(
            patients("hes"),
            StudyAsk(
                dataset="hes",
                why=(
                    ("hes_people", "controls of the same age, sex and poverty are compared"),
                    ("admissions", "which illness led to hospital, by which way and for how long"),
                    ("outpatients", "missed appointments may come before an emergency"),
                    ("emergency_attendances", "emergencies are the outcome of the study"),
                ),
            ),
        ),
        state=_S.ACCREDITED,
        change=StudyChange(
            kind=ChangeKind.EXTENSION,
            reason="The revised paper needs another year of follow-up.",
            longer=timedelta(days=365),
        ),
        shows="An extension that waits for the panel's chair, while work goes on.",
        shift_dates=True,
    ),
    Study(
        id="life-expectancy",
        title="Life expectancy by diagnosis and cause of death",
        summary=(
            "How much earlier people with severe mental illness die than others of their age, and "
            "of which causes, so that the years that could be won back are known by their number."
        ),
        methods="How many years are lost, to which causes? Life tables by diagnosis and sex.",
        benefit="Years of life for the people who lose most of them.",
        asks=(
            patients("mortality"),
            StudyAsk(
                dataset="mortality",
                why=(
                    ("mortality_people", "deaths are compared by age, sex and poverty"),
                    ("deaths", "when somebody died, and of what, is the outcome"),
                ),
            ),
        ),
        state=_S.ACCREDITED,
        change=StudyChange(
            kind=ChangeKind.MORE_DATA,
            reason="Reviewers ask how many of those who died had been to an emergency department.",
            ask=_EMERGENCIES,
        ),
        shows="More data asked for: a change that waits for the data owner, and then the chair.",
    ),
    Study(
        id="sep-md",
        title="Social and economic predictors of severe mental disorder (SEP-MD)",
        summary=(
            "How household, work and migration in the Census of 2011 go with severe mental "
            "disorder, and with hospital care after it."
        ),
        methods="Which circumstances come first? Hazards of severe disorder by census answers.",
        benefit="Prevention where the circumstances can be changed.",
        asks=(
            patients(
                "census2011", ("patients.linked_hes", "who is in no hospital record is told apart")
            ),
            StudyAsk(
                dataset="census2011",
                why=(
                    ("census2011_people", "patients are compared by age, sex and poverty"),
                    ("census_answers", "work, health and migration are the exposures"),
                    ("census_households", "the household is an exposure: crowding and tenure"),
                ),
                why_years="the Census asked once, in 2011",
            ),
            StudyAsk(
                dataset="hes",
                why=(
                    ("hes_people", "who has a hospital record at all must be known"),
                    ("admissions", "hospital care after the disorder is the second outcome"),
                    ("outpatients", "planned care is told from emergencies"),
                    ("emergency_attendances", "emergencies are part of the second outcome"),
                ),
                years=(2011, 2019),
                why_years="from the Census to the last year before the pandemic",
            ),
        ),
        state=_S.ACCREDITED,
        condition="Report to the Office for National Statistics before a result is published.",
        shows=(
            "Data of two places that meet in the SRS, limited years of one of them, and a "
            "condition that the panel set."
        ),
        meeting=(
            "What lives in the SRS never leaves it: the CDLS brings the hospital records, linked "
            "and without identifiers, into the SRS under the CRIS pseudonym, and the two meet "
            "there."
        ),
    ),
    Study(
        id="pandemic-attendances",
        title="Acute attendances in the pandemic",
        summary=(
            "Who of the patients of SLaM came to the acute hospitals between 2020 and 2022, who "
            "stayed away, and whether those who stayed away were more ill when they came at last."
        ),
        methods="Who came later, and how ill? Attendances by month, diagnosis and outcome.",
        benefit="Emergency care that reaches everybody in the next crisis.",
        asks=(
            patients("khp"),
            StudyAsk(
                dataset="khp",
                why=(
                    ("khp_people", "patients are compared by age, sex and poverty"),
                    ("khp_attendances", "an attendance, and how it ended, is the outcome"),
                    ("khp_admissions", "how ill somebody was shows in the admission after it"),
                ),
                years=(2020, 2022),
                why_years="the pandemic is the question",
            ),
        ),
        state=_S.SUSPENDED,
        condition="Counts of fewer than ten are never discussed outside the environment.",
        because="A draft of the paper quoted a count that had not been released.",
        shows=(
            "A condition that was broken: sessions stop and requests stand still until the TRE "
            "manager lets the study go on."
        ),
        shift_dates=True,
    ),
)
