"""What is asked of the Five Safes, and how one rule is put to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_outputs.release_request import ReleaseRequest
from tre.safe_people.person import Person
from tre.safe_projects import membership
from tre.safe_projects.application import Application
from tre.safe_projects.project import Place, Project
from tre.safe_settings.ingress.request import IngressRequest
from tre.vocabulary import PersonId, Safe


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an action is about; a rule that needs what is missing refuses.

    person: whose record or ledger entries are asked for. place: where the session is used.
    people: others that rules ask about, by id: the request's author, supervisors of either, the
    project's lead. application: the project's, where there is one. controller: whose dataset is
    decided on. changes_ask: the controllers whose data changes to the project ask for.
    """

    project: Project | None = None
    request: ReleaseRequest | None = None
    ingress: IngressRequest | None = None
    place: Place | None = None
    person: PersonId | None = None
    people: Mapping[PersonId, Person] = field(default_factory=dict)
    application: Application | None = None
    controller: str | None = None
    changes_ask: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One person asks for one thing at one time; facts that it lacks raise MissingFactError."""

    actor: Person
    subject: Subject
    on: datetime

    @property
    def day(self) -> date:
        """The day of asking, in UTC."""
        return self.on.date()

    @property
    def project(self) -> Project:
        """The project, which must be known and be the one of the request."""
        project, request = self.subject.project, self.subject.request
        if project is None:
            raise MissingFactError(KNOWN.refuses("there is no such project. Choose one of yours."))
        if request is not None and request.project != project.id:
            raise MissingFactError(KNOWN.refuses("the request is of another project. Reload it."))
        return project

    @property
    def ingress(self) -> IngressRequest:
        """The ingress request, which must be known and be of the project."""
        found = self.subject.ingress
        if found is None:
            raise MissingFactError(KNOWN.refuses("there is no such request. Choose another."))
        if found.project != self.project.id:
            raise MissingFactError(KNOWN.refuses("the request is of another project. Reload it."))
        return found

    @property
    def application(self) -> Application:
        """The project's application, which must be known."""
        if self.subject.application is None:
            raise MissingFactError(KNOWN.refuses("there is no application. Choose one of yours."))
        return self.subject.application

    @property
    def leads_organisation(self) -> str:
        """The organisation of the project's lead, who must be known."""
        for person in membership.leads_on(self.project, self.day):
            if person in self.subject.people:
                return self.subject.people[person].organisation
        raise MissingFactError(KNOWN.refuses("the project's lead is not known. Look again."))

    @property
    def request(self) -> ReleaseRequest:
        """The release request, which must be known."""
        if self.subject.request is None:
            raise MissingFactError(KNOWN.refuses("there is no such request. Choose another."))
        return self.subject.request

    @property
    def author(self) -> Person:
        """The author of the request, who must be known."""
        author = self.request.author
        if author == self.actor.id:
            return self.actor
        if author not in self.subject.people:
            raise MissingFactError(KNOWN.refuses("the request's author is not known any more."))
        return self.subject.people[author]

    @property
    def is_on_the_authors_side(self) -> bool:
        """Whether the asker is the author or named on the project, at any time."""
        named = membership.everybody_named(self.project)
        return self.actor.id in named or self.actor.id == self.request.author


class MissingFactError(Exception):
    """A rule asks for a fact that the question does not hold: that is a refusal."""

    def __init__(self, decision: Decision):
        self.decision = decision
        super().__init__("a fact is missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """For whom a requirement holds, where it does not hold for everybody."""

    words: str
    holds: Callable[[Question], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A rule asked of one question; `only` narrows whom it is asked of."""

    rule: Rule
    check: Callable[[Question], Decision]
    only: Only | None = None

    def ask(self, question: Question) -> Decision:
        """Apply the rule where it applies; a missing fact refuses."""
        try:
            applies = self.only is None or self.only.holds(question)
            return self.check(question) if applies else ALLOWED
        except MissingFactError as missing:
            return missing.decision


KNOWN = Rule(
    name="known",
    safe=Safe.PROJECTS,
    sentence="The project, the request and its author exist and belong together.",
    source="fail closed: a missing fact refuses",
)


def every_reason(requirements: tuple[Requirement, ...], question: Question) -> Decision:
    """Ask all requirements and keep every reason to refuse, each once, in their order."""
    found = [reason for need in requirements for reason in need.ask(question).reasons]
    return Decision(reasons=tuple(dict.fromkeys(found)))
