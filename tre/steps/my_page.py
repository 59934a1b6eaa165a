"""In one look: what I may do today, what stops me and what to do about it, what runs out next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from tre.decision import ALLOWED, Decision, Reason
from tre.five_safes import Subject, decide
from tre.safe_people.accreditation import is_accredited, is_trained
from tre.safe_people.applications import OPEN, Application
from tre.safe_people.declarations import has_declared, to_be_signed
from tre.safe_people.expiry import Expiry
from tre.safe_people.person import Person
from tre.safe_projects.project import ProjectState
from tre.steps.acting import acting, known_person
from tre.steps.in_question import subject_of_project
from tre.steps.remind import runs_out
from tre.steps.tre import Tre
from tre.store.applications import ASKED, Supervision, applications_of, supervisions_about
from tre.store.credentials import recovery_codes_left
from tre.store.people import read_people
from tre.store.projects import projects_of
from tre.vocabulary import Action, PersonId, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Ability:
    """Something that a role is for, and whether it may be done today. path: where it is done."""

    what: str
    path: str
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A reason that stands in the way, with the page on which something can be done about it.

    label, path: "" where the sentence alone says what to do. what: whom or what it keeps from me.
    """

    reason: Reason
    label: str
    path: str
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MyPage:
    """What a person is shown about themselves.

    application: the open one. asked_of_me: who waits for my answer as a supervisor.
    to_sign: the newest version of the declaration, where I have not signed it.
    """

    person: Person
    today: date
    may: tuple[Ability, ...]
    stops: tuple[Stop, ...]
    runs_out: tuple[Expiry, ...]
    application: Application | None
    asked_of_me: tuple[Supervision, ...]
    to_sign: str | None
    recovery_codes: int

    @property
    def can(self) -> tuple[Ability, ...]:
        """What may be done today."""
        return tuple(each for each in self.may if each.decision.allowed)


BY_ROLE: dict[Role, tuple[str, str, Action]] = {
    Role.OUTPUT_CHECKER: ("Review what others ask to release", "/queue", Action.VIEW_QUEUE),
    Role.DATA_LINKER: (
        "Run linkages and see how well they matched",
        "/linkages",
        Action.RUN_LINKAGE,
    ),
    Role.TRE_MANAGER: ("Look after people, projects and releases", "/people", Action.LIFT_SANCTION),
    Role.AUDITOR: ("Read everybody's entries in the ledger", "/ledger", Action.VIEW_LEDGER),
    Role.DATA_OWNER: (
        "Decide which of your data a project is granted",
        "/projects",
        Action.SIGN_IN,
    ),
    Role.PANEL_MEMBER: ("Judge projects on the panel", "/projects", Action.SIGN_IN),
    Role.LAY_MEMBER: (
        "Advise on projects for service users and carers",
        "/projects",
        Action.SIGN_IN,
    ),
}
"""What each role is for without a project, where it is done, and the action that asks for it."""

MEND: dict[str, tuple[str, str]] = {
    "accreditation": ("Apply for accreditation", "/me/accreditation"),
    "supervision": ("Name a supervisor", "/me/supervisor"),
    "declaration": ("Sign the declaration", "/me/declaration"),
    "second factor": ("Switch on a second factor", "/me/second-factor"),
    "own password": ("Choose your own password", "/me/password"),
}
"""The rules that a person can do something about at once: what, and on which page."""


def my_page(tre: Tre, actor: PersonId) -> MyPage:
    """Show somebody their own page, whatever stands in their way; the ledger knows.

    Raises NotThereError for nobody.
    """
    with acting(tre, actor, Action.VIEW_PERSON) as act:
        act.record(person=actor)
    return page_of(tre, actor)


def page_of(tre: Tre, whose: PersonId) -> MyPage:
    """Gather a person's page; nothing of it is another's. Raises NotThereError for nobody."""
    on = tre.now()
    with tre.store.reading() as connection:
        person = known_person(connection, whose)
        people = read_people(connection, {whose, person.supervisor or whose})
        may = tuple(_abilities(tre, connection, person))
        mine = applications_of(connection, whose)
        asked = supervisions_about(connection, whose)
        return MyPage(
            person=person,
            today=on.date(),
            may=may,
            stops=_stops(may),
            runs_out=runs_out(connection, person, people, on.date()),
            application=next((each for each in mine if each.state in OPEN), None),
            asked_of_me=tuple(s for s in asked if s.supervisor == whose and s.answer == ASKED),
            to_sign=_to_sign(person),
            recovery_codes=recovery_codes_left(connection, whose),
        )


def _abilities(tre: Tre, connection: Connection, person: Person) -> Iterable[Ability]:
    on = tre.now()
    door = decide(person, Action.VIEW_LEDGER, Subject(person=person.id), on=on)
    for project in projects_of(connection, person.id):
        if project.ends < on.date() or project.state is ProjectState.ENDED:
            continue  # nothing stands in the way of what is over
        subject = subject_of_project(tre, connection, person, project)
        yield Ability(
            what=f"Work on “{project.title}”",
            path="/projects",
            decision=decide(person, Action.START_SESSION, subject, on=on),
        )
    for role, (what, path, action) in BY_ROLE.items():
        if role in person.roles:
            asked = door.also(decide(person, action, Subject(), on=on))
            yield Ability(what=what, path=path, decision=_once(asked))
    if Role.RESEARCHER in person.roles:
        yield Ability(
            what="Join projects with real data",
            path="/projects",
            decision=door.also(_researcher(person, on.date())),
        )
    yield Ability(what="See one's own entries in the ledger", path="/ledger", decision=door)


def _once(decision: Decision) -> Decision:
    return Decision(reasons=tuple(dict.fromkeys(decision.reasons)))


def _researcher(person: Person, on: date) -> Decision:
    """What every researcher needs on whatever real project."""
    decision = ALLOWED
    for each in (is_accredited(person, on), is_trained(person, on), has_declared(person, on)):
        decision = decision.also(each)
    return decision


def _stops(may: Iterable[Ability]) -> tuple[Stop, ...]:
    """Every reason once, with everything that it keeps from the person."""
    found: dict[Reason, list[str]] = {}
    for ability in may:
        for reason in ability.decision.reasons:
            found.setdefault(reason, []).append(ability.what)
    return tuple(
        Stop(
            reason=reason,
            label=MEND.get(reason.rule, ("", ""))[0],
            path=MEND.get(reason.rule, ("", ""))[1],
            what=tuple(what),
        )
        for reason, what in found.items()
    )


def _to_sign(person: Person) -> str | None:
    newest = to_be_signed(person.declaration_version)
    return newest.version if newest and Role.RESEARCHER in person.roles else None
