"""Example applications, one for each state that an application can be in, as data.

They go on from the studies that these data were really linked for (see `studies.py`): the same
registers, and the questions that would follow.
"""

from dataclasses import dataclass

from tre.safe_projects.application import Choice
from tre.safe_projects.project import ProjectState
from tre.training.studies import LEAD
from tre.vocabulary import PersonId, ProjectId

WHY_YEARS = "the years before the pandemic, so that the pandemic is not mistaken for an effect"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAsk:
    """What is asked of a dataset: each variable with its reason."""

    dataset: str
    variables: tuple[tuple[str, str], ...]
    years: tuple[int, int] = (2010, 2019)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoApplication:
    """An application, and where it is brought when the world is built.

    state: where it stops; with the data owners one dataset is left to decide, with the panel one
    vote is in. votes: of the panel's members in their order. question: what those say who do not
    approve. condition: of the vote that decides.
    """

    id: ProjectId
    title: str
    summary: str
    methods: str
    benefit: str
    asks: tuple[DemoAsk, ...]
    state: ProjectState
    lead: PersonId = LEAD
    votes: tuple[Choice, ...] = (Choice.APPROVE,) * 3
    question: str = ""
    condition: str = ""


def _patients(*more: tuple[str, str]) -> DemoAsk:
    common = (
        ("patients.sex", "women and men use services differently"),
        ("patients.birth_year", "the outcome depends on age, and the year is enough"),
        ("patients.diagnosis_group", "it is the exposure of the study, in five groups"),
    )
    return DemoAsk(dataset="cris", variables=(*common, *more))


_ADMISSIONS = DemoAsk(
    dataset="hes",
    variables=(
        ("admissions.admitted", "the day from which the days in hospital are counted"),
        ("admissions.discharged", "the day to which the days in hospital are counted"),
        ("admissions.admission_method", "only emergencies count as an outcome"),
    ),
)
_EMERGENCIES = DemoAsk(
    dataset="hes",
    variables=(
        ("emergency_attendances.arrived", "an attendance within thirty days is the outcome"),
        ("emergency_attendances.disposal", "who left before being seen is told apart"),
    ),
)
_SCHOOL = DemoAsk(
    dataset="npd",
    variables=(
        ("absence.school_year", "absence is compared year by year before the referral"),
        ("absence.sessions_possible", "what absence is a share of"),
        ("absence.sessions_missed", "it is the outcome of the study"),
        ("absence_reasons.school_year", "reasons are compared year by year as well"),
        ("absence_reasons.reason", "illness is told apart from absence without leave"),
        ("absence_reasons.sessions", "how much was missed for each reason"),
    ),
)
_REFERRALS = DemoAsk(
    dataset="cris",
    variables=(
        ("referrals.referral_year", "it says where before ends and after begins"),
        ("linked.diagnosis_group", "it is the exposure of the study, in five groups"),
    ),
)
_DEATHS = DemoAsk(
    dataset="mortality",
    variables=(
        ("deaths.date_of_death", "a death within a year is the outcome"),
        ("deaths.underlying_cause", "deaths from outside causes are told apart"),
    ),
)
_S, _C = ProjectState, Choice

EXTENDED: ProjectId = "hospital-use"
"""A study whose extension waits for the panel's chair."""

ENLARGED: ProjectId = "life-expectancy"
MORE = _EMERGENCIES
"""A study that asks for more data, and which: a change that waits for their owner."""

APPLICATIONS: tuple[DemoApplication, ...] = (
    DemoApplication(
        id="admissions-after-a-first-episode",
        title="Admissions after a first episode",
        summary=(
            "People who fall ill with psychosis are often taken to hospital for other reasons "
            "later. We want to know for which, and how soon, so that they can be kept well."
        ),
        methods="Which admissions follow? Counts and rates by diagnosis and years since.",
        benefit="Physical health care that begins with the first episode.",
        asks=(_patients(), _ADMISSIONS),
        state=_S.DRAFT,
        lead="ada",
    ),
    DemoApplication(
        id="absence-before-referral",
        title="School absence before a first referral",
        summary=(
            "Children often miss school for a long time before anybody asks why. We want to see "
            "whether absence could have told sooner that a child needed help."
        ),
        methods="How does absence grow before a referral? Compared with controls of the same age.",
        benefit="Help that begins when a child first stays away.",
        asks=(_REFERRALS, _SCHOOL),
        state=_S.WITH_LAY_GROUP,
    ),
    DemoApplication(
        id="care-after-emergencies",
        title="Care after an emergency attendance",
        summary=(
            "Many people come to an emergency department in a crisis and go home the same night. "
            "We ask who is seen again by a mental-health team within a week, and who is not."
        ),
        methods="Who is followed up within seven days? Shares by diagnosis, age and sex.",
        benefit="Nobody sent home from a crisis and forgotten.",
        asks=(_patients(), _EMERGENCIES),
        state=_S.ADVISED,
    ),
    DemoApplication(
        id="absence-and-diagnosis",
        title="Absence and diagnosis in secondary school",
        summary=(
            "Some illnesses keep young people from school more than others do. We compare absence "
            "between groups of diagnoses, to see which pupils need support at school the most."
        ),
        methods="How much school is missed by diagnosis group? Means per year with intervals.",
        benefit="Support at school for those who miss most of it.",
        asks=(_REFERRALS, _SCHOOL),
        state=_S.WITH_OWNERS,
    ),
    DemoApplication(
        id="attendances-after-discharge",
        title="Emergency attendances after discharge",
        summary=(
            "The first month after leaving a psychiatric ward is dangerous. We count who comes to "
            "an emergency department in that month, and ask what could have been arranged before."
        ),
        methods="Who attends within thirty days of discharge? Rates by diagnosis group.",
        benefit="A safer first month at home.",
        asks=(_patients(), _EMERGENCIES),
        state=_S.WITH_PANEL,
    ),
    DemoApplication(
        id="deaths-within-a-year",
        title="Deaths within a year of first contact",
        summary=(
            "People with severe mental illness die earlier than others. We ask how many die in "
            "the first year after they come to a service, and of what, to see what can be changed."
        ),
        methods="Who dies within a year, and of what? Proportions by diagnosis and cause.",
        benefit="Years of life for the people who lose most of them.",
        asks=(_patients(("patients.first_referral", "the year is counted from it")), _DEATHS),
        state=_S.RETURNED,
        lead="ada",
        votes=(_C.APPROVE, _C.RETURN, _C.APPROVE),
        question="How are causes with very few deaths kept from identifying somebody?",
    ),
    DemoApplication(
        id="reading-every-note",
        title="Reading every note",
        summary=(
            "We would like to read what is written about all patients and see what comes of it. "
            "We do not know yet what we are looking for, and shall decide when we have read it."
        ),
        methods="Open reading of all notes; questions will follow from it.",
        benefit="Something may be found that nobody has looked for.",
        asks=(
            _patients(
                ("notes.written", "we would like to have everything there is"),
                ("notes.text", "we would like to have everything there is"),
            ),
        ),
        state=_S.REFUSED,
        votes=(_C.REFUSE, _C.RETURN, _C.REFUSE),
        question="Without a question nobody can say which data are needed for it.",
    ),
    DemoApplication(
        id="long-stays",
        title="Long stays in hospital",
        summary=(
            "Some people with a mental illness stay in general hospitals for months after they "
            "are well enough to leave. We ask who they are, and what they were waiting for."
        ),
        methods="Who stays longer than expected? Days in hospital by diagnosis and admission.",
        benefit="People at home when they are well enough to be.",
        asks=(_patients(), _ADMISSIONS),
        state=_S.ACCREDITED,
        condition="Report to the Trust what was found before it is published.",
    ),
    DemoApplication(
        id="missed-emergencies",
        title="Emergencies that were missed",
        summary=(
            "Chest pain is sometimes taken for fear in people who are known to a mental-health "
            "service. We look for attendances after which a heart attack was found within days."
        ),
        methods="How often is an emergency found late? Proportions with and without a diagnosis.",
        benefit="Physical illness that is not overlooked.",
        asks=(_patients(), _EMERGENCIES),
        state=_S.SUSPENDED,
        condition="Counts of fewer than ten are never discussed outside the environment.",
    ),
    DemoApplication(
        id="admissions-in-winter",
        title="Admissions in winter",
        summary=(
            "Hospitals are fuller in winter. We asked whether people with a mental illness are "
            "admitted later than others when beds are short, and found that they are not."
        ),
        methods="Are admissions delayed in winter? Rates by month and diagnosis.",
        benefit="Beds for those who need them, all the year round.",
        asks=(_patients(), _ADMISSIONS),
        state=_S.ENDED,
    ),
)
"""In the order of the states; an id is that of the project."""
