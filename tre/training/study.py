"""What an example study is, as data: what it asks for, and how far it is brought, by whose word."""

from dataclasses import dataclass
from datetime import timedelta

from tre.safe_projects.application import Choice
from tre.safe_projects.changes import ChangeKind
from tre.safe_projects.lifecycle import PUBLIC
from tre.safe_projects.project import ProjectState
from tre.vocabulary import PersonId, ProjectId

EVERY_YEAR = "a course of illness has no first and last year, and early years are few as it is"
BEFORE_PANDEMIC = (
    "the years before the pandemic, so that the pandemic is not mistaken for an effect"
)
ALL_APPROVE = (Choice.APPROVE,) * 3


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyAsk:
    """What a study asks of a dataset.

    why: the reason by `table`, for all of it but the place of residence, which is said beside each
    column's own (see `reasons.py`); or by `table.variable`, which is said alone.
    """

    dataset: str
    why: tuple[tuple[str, str], ...]
    years: tuple[int | None, int | None] = (None, None)
    why_years: str = EVERY_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class EthicsReview:
    """The references of the reviews that a study names: REC, IRAS and CAG."""

    rec: str
    iras: str
    cag: str


CRIS_REVIEW = EthicsReview(rec="23/SC/0257", iras="329801", cag="23/CAG/0096")
DFE_REVIEW = EthicsReview(rec="25/SC/0229", iras="356975", cag="25/CAG/0092")


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyChange:
    """A change that the lead of an accredited study has proposed, and that waits for an answer."""

    kind: ChangeKind
    reason: str
    ask: StudyAsk | None = None
    longer: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyResult:
    """A table that a study released: people of its linked table, counted by one variable."""

    title: str
    by: str
    context: str
    controls: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """An example study, and the state to which the building of the world brings it.

    shows: what a visitor learns from it, a sentence. linkages: whose data it asks for. granted:
    the datasets that are decided when it stops with the data owners. votes: of the panel's members
    in their order; fewer than three leave it with the panel. question: what those say who do not
    approve. condition: of the vote that decides. because: the manager's reason for the state.
    members: beside the lead. meeting, shift_dates: as those of a project.
    """

    id: ProjectId
    title: str
    summary: str
    methods: str
    benefit: str
    asks: tuple[StudyAsk, ...]
    state: ProjectState
    shows: str
    lead: PersonId = "grace"
    members: tuple[PersonId, ...] = ()
    granted: tuple[str, ...] = ()
    votes: tuple[Choice, ...] = ALL_APPROVE
    question: str = ""
    condition: str = ""
    because: str = ""
    change: StudyChange | None = None
    result: StudyResult | None = None
    review: EthicsReview = CRIS_REVIEW
    meeting: str = ""
    shift_dates: bool = False

    @property
    def linkages(self) -> tuple[str, ...]:
        """The linkages whose data it asks for, in order; CRIS itself is none."""
        return tuple(ask.dataset for ask in self.asks if ask.dataset != "cris")

    @property
    def was_accredited(self) -> bool:
        """Whether it is brought through its panel, whatever came after, so that it has data."""
        return self.state in PUBLIC

    @property
    def before_data(self) -> ProjectState:
        """Where it stands before any data are there: what comes later needs its extract."""
        return ProjectState.ACCREDITED if self.was_accredited else self.state


def patients(linkage: str, *more: tuple[str, str]) -> StudyAsk:
    """Ask CRIS for what describes the patients of a study of one linkage."""
    linked = f"patients.linked_{linkage.replace('-', '_')}"
    return StudyAsk(
        dataset="cris",
        why=(
            ("patients.sex", "women and men fall ill and use services differently"),
            ("patients.birth_year", "outcomes depend on age, and the year is enough"),
            ("patients.ethnic_group", "care and outcomes differ between groups, in five of them"),
            ("patients.imd_decile", "poverty goes with illness and outcome, and would confound"),
            ("patients.diagnosis_group", "it is the exposure of the study, in five groups"),
            ("patients.severe_mental_illness", "it is the exposure where groups are too small"),
            ("patients.first_referral", "it says where before ends and after begins"),
            (linked, "who could not be linked must be told from who had no event"),
            *more,
        ),
    )
