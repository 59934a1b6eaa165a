"""An application for a project: what it asks for, and what was said about it so far."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tre.safe_projects.project import Place
from tre.vocabulary import PersonId, ProjectId

EARLIEST_YEAR = 1900
LATEST_YEAR = 2100
"""Years outside of these are mistakes of typing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedVariable:
    """A variable, as `table.variable`, and why the study cannot do without it."""

    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedDataset:
    """What is asked of one dataset.

    controller, place, passport_trust, policy, seen_at: as the catalogue has them; seen_at is where
    the linked data live. since_year, until_year: both included, None for all that there is.
    why_years: why these and no fewer. changed_in: the round in which it last became another ask.
    """

    dataset: str
    controller: str
    place: Place
    passport_trust: str | None
    policy: str
    seen_at: str
    variables: tuple[AskedVariable, ...]
    since_year: int | None = None
    until_year: int | None = None
    why_years: str = ""
    changed_in: int = 1

    @property
    def names(self) -> tuple[str, ...]:
        """The variables, without the reasons."""
        return tuple(variable.name for variable in self.variables)


class Opinion(StrEnum):
    """What the lay group thinks; advice, and no veto."""

    SUPPORTS = "supports it"
    SUGGESTS = "supports it with suggestions"
    IS_WORRIED = "has concerns"


class Choice(StrEnum):
    """What a data owner or a member of the panel says to an application or a change."""

    APPROVE = "approve"
    RETURN = "ask first"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What the Service User and Carer Advisory Group said, by the member who wrote it down."""

    person: PersonId
    at: datetime
    round: int
    opinion: Opinion
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the applicant answered: to the lay group's advice, or to questions that came back."""

    person: PersonId
    at: datetime
    round: int
    text: str
    to_advice: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerDecision:
    """What a controller said about its own dataset. variables: granted, none unless approved."""

    person: PersonId
    at: datetime
    round: int
    dataset: str
    choice: Choice
    reasons: str
    conditions: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelVote:
    """A member's vote. independent: whether they sat as independent of the project."""

    person: PersonId
    at: datetime
    round: int
    choice: Choice
    reasons: str
    conditions: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    independent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The part of a project's record that its application adds.

    round: how often it was handed in, 1 from the first draft on. methods: the questions, and how
    they are answered. rec, iras, cag: references of the ethics reviews.
    """

    project: ProjectId
    round: int = 1
    methods: str = ""
    gateways: tuple[str, ...] = ()
    rec: str = ""
    iras: str = ""
    cag: str = ""
    asked: tuple[AskedDataset, ...] = ()
    advice: tuple[Advice, ...] = ()
    replies: tuple[Reply, ...] = ()
    decisions: tuple[OwnerDecision, ...] = ()
    votes: tuple[PanelVote, ...] = ()

    def votes_now(self) -> tuple[PanelVote, ...]:
        """The votes of the present round, in the order in which they came."""
        return tuple(vote for vote in self.votes if vote.round == self.round)

    def of(self, dataset: str) -> AskedDataset | None:
        """What is asked of a dataset; None where it is not asked for."""
        return next((one for one in self.asked if one.dataset == dataset), None)

    def controllers(self) -> frozenset[str]:
        """Whose data are asked for."""
        return frozenset(one.controller for one in self.asked)
