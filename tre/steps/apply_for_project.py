"""Apply for a project: write the application, hand it in, answer, take it back."""

import re
import secrets
import unicodedata
from dataclasses import replace

from tre.decision import UnusableRequestError
from tre.five_safes import Subject
from tre.safe_people.person import Person
from tre.safe_projects.application import Application, Reply
from tre.safe_projects.draft import Draft
from tre.safe_projects.gateways import in_words
from tre.safe_projects.lifecycle import Event, states_before
from tre.safe_projects.membership import everybody_named, leads_on
from tre.safe_projects.owners import undecided
from tre.safe_projects.project import Membership, Project, ProjectState
from tre.steps.acting import Act, acting, known_person
from tre.steps.asked_data import asked_of
from tre.steps.project_in_hand import InHand, in_hand, keep, move_on, tell
from tre.steps.texts import usable_line, usable_text
from tre.steps.tre import Tre
from tre.store.project_applications import add_judgement, write_application
from tre.store.project_changes import people_with
from tre.store.projects import projects_of, read_project, write_project
from tre.vocabulary import Action, PersonId, ProjectId, Role

MOST_UNDER_WAY = 10
"""Applications that one person may lead at the same time, before their accreditation."""

UNDER_WAY = frozenset(states_before(Event.WITHDRAW))
LONGEST_SLUG = 40
LONGEST_REFERENCE = 40


def apply_for_project(
    tre: Tre, actor: PersonId, draft: Draft, *, project: ProjectId | None = None
) -> ProjectId:
    """Begin an application, which its applicant leads; its project's id.

    project: an id to use, for the makers of a world; else it is made from the title and from
    chance, so that nobody finds out by trying which projects there are.
    Raises RefusedError with every reason; UnusableRequestError for unfit words or unknown data.
    """
    with acting(tre, actor, Action.APPLY_FOR_PROJECT) as act:
        act.require(Subject())
        _refuse_too_many(act)
        title = usable_line(draft.title, what="title")
        act.project = project or _id_for(title)
        if read_project(act.connection, act.project) is not None:
            message = f"the id {act.project!r} cannot be used; try again"
            raise UnusableRequestError(message)
        made = _project(act, draft, act.project)
        write_project(act.connection, made)
        application = _application(draft, Application(project=made.id), round_=1)
        write_application(act.connection, application)
        _record(act, made, application)
        return made.id


def change_application(tre: Tre, actor: PersonId, project: ProjectId, draft: Draft) -> None:
    """Put another text in the place of the application's, while it is in its lead's hands.

    Owners have granted their data for a purpose and to people: where one of these becomes another,
    each is asked again.
    Raises RefusedError with every reason; HiddenError where the actor has no part in it.
    """
    with acting(tre, actor, Action.APPLY_FOR_PROJECT) as act:
        held = in_hand(act, project)
        act.require(held.subject)
        before = held.applied
        is_back = held.project.state is ProjectState.RETURNED
        changed = replace(_project(act, draft, project), state=held.project.state)
        kept = replace(before, asked=before.asked if _same_purpose(held, changed, draft) else ())
        application = _application(draft, kept, round_=before.round + 1 if is_back else 1)
        keep(act, held, changed)
        write_application(act.connection, application)
        _record(act, changed, application)


def submit_application(tre: Tre, actor: PersonId, project: ProjectId, reply: str = "") -> None:
    """Hand an application in: at first to the lay group, after questions to the data owners.

    reply: the answer to the questions with which it came back; then it is needed. Where every
    owner's word still stands, it goes on to the panel at once.
    """
    with acting(tre, actor, Action.SUBMIT_APPLICATION) as act:
        held = in_hand(act, project)
        act.require(held.subject)
        application = held.applied
        if held.project.state is ProjectState.RETURNED:
            application = replace(application, round=application.round + 1)
            _answer(act, application, reply, to_advice=False)
            write_application(act.connection, application)
        move_on(act, held, Event.SUBMIT, {"round": application.round})
        if held.project.state is ProjectState.WITH_LAY_GROUP:
            lay = people_with(act.connection, Role.LAY_MEMBER)
            tell(act, held.project, lay, "A project waits for the group's advice.")
            return
        go_to_owners(act, held, application)


def answer_advice(tre: Tre, actor: PersonId, project: ProjectId, text: str) -> None:
    """Say what the project makes of the lay group's advice; then the data owners have it."""
    with acting(tre, actor, Action.ANSWER_ADVICE) as act:
        held = in_hand(act, project)
        act.require(held.subject)
        _answer(act, held.applied, text, to_advice=True)
        move_on(act, held, Event.ANSWER, {"round": held.applied.round})
        go_to_owners(act, held, held.applied)


def withdraw_application(tre: Tre, actor: PersonId, project: ProjectId) -> None:
    """Take an application back, for good."""
    with acting(tre, actor, Action.WITHDRAW_APPLICATION) as act:
        held = in_hand(act, project)
        act.require(held.subject)
        move_on(act, held, Event.WITHDRAW, {"round": held.applied.round})


def go_to_owners(act: Act, held: InHand, application: Application) -> None:
    """Ask the owners who have still to decide; where there are none, the panel."""
    left = undecided(application)
    if not left:
        go_to_panel(act, held, application)
        return
    controllers = {asked.controller for asked in left}
    owners = people_with(act.connection, Role.DATA_OWNER, controllers)
    tell(act, held.project, owners, "A project asks for data of your organisation.")


def go_to_panel(act: Act, held: InHand, application: Application) -> None:
    """Every owner has granted their data: the panel is asked."""
    move_on(act, held, Event.GRANT_ALL, {"round": application.round}, by_system=True)
    panel = people_with(act.connection, Role.PANEL_MEMBER)
    tell(act, held.project, panel, "A project waits for the panel's votes.")


def _answer(act: Act, application: Application, text: str, *, to_advice: bool) -> None:
    said = Reply(
        person=act.actor.id,
        at=act.at,
        round=application.round,
        text=usable_text(text, what="answer"),
        to_advice=to_advice,
    )
    add_judgement(act.connection, application.project, said)


def _project(act: Act, draft: Draft, project: ProjectId) -> Project:
    """The project's record as the draft has it, led by the applicant; nothing is granted."""
    named = tuple(dict.fromkeys((act.actor.id, *draft.members)))
    for person in named[1:]:
        _known_member(act, person)
    return Project(
        id=project,
        title=usable_line(draft.title, what="title"),
        summary=usable_text(draft.summary, what="lay summary", required=False),
        state=ProjectState.DRAFT,
        starts=draft.starts,
        ends=draft.ends,
        legal_gateway=in_words(draft.gateways),
        ethics_reference=f"REC {draft.rec}, IRAS {draft.iras}" if draft.rec else "",
        public_benefit=usable_text(draft.public_benefit, what="public benefit", required=False),
        practice=False,
        members=tuple(
            Membership(
                person=person, since=draft.starts, until=draft.ends, lead=person == act.actor.id
            )
            for person in named
        ),
        datasets=(),
        meeting=usable_text(draft.meeting, what="meeting of the data", required=False),
        shift_dates=draft.shift_dates,
    )


def _same_purpose(held: InHand, changed: Project, draft: Draft) -> bool:
    """Whether the same people want the data for the same study, for no longer; however it is told.

    The title, the lay summary and the references of the ethics reviews may be put right.
    """
    before, application = held.project, held.applied
    return (
        usable_text(draft.methods, what="questions and methods", required=False)
        == application.methods
        and changed.public_benefit == before.public_benefit
        and changed.meeting == before.meeting
        and set(draft.gateways) <= set(application.gateways)
        and everybody_named(changed) <= everybody_named(before)
        and changed.ends <= before.ends
    )


def _refuse_too_many(act: Act) -> None:
    """Nobody fills the store, or the panel's desk, with applications."""
    led = projects_of(act.connection, act.actor.id)
    under_way = [
        p for p in led if p.state in UNDER_WAY and act.actor.id in leads_on(p, act.at.date())
    ]
    if len(under_way) >= MOST_UNDER_WAY:
        message = (
            f"you lead {len(under_way)} applications that are under way; {MOST_UNDER_WAY} at most. "
            "Finish one, or withdraw it"
        )
        raise UnusableRequestError(message)


def _known_member(act: Act, person: PersonId) -> Person:
    found = known_person(act.connection, usable_line(person, what="sign-in name"))
    if Role.RESEARCHER not in found.roles:
        message = f"{person[:40]!r} has no account of a researcher, and cannot be on a project"
        raise UnusableRequestError(message)
    return found


def _application(draft: Draft, before: Application, *, round_: int) -> Application:
    return replace(
        before,
        methods=usable_text(draft.methods, what="questions and methods", required=False),
        gateways=tuple(usable_line(each, what="gateway") for each in draft.gateways),
        rec=_reference(draft.rec, "REC reference"),
        iras=_reference(draft.iras, "IRAS number"),
        cag=_reference(draft.cag, "CAG reference"),
        asked=asked_of(draft.asks, before.asked, round_=round_),
    )


def _reference(text: str, what: str) -> str:
    return usable_text(text, what=what, longest=LONGEST_REFERENCE, required=False)


def _record(act: Act, project: Project, application: Application) -> None:
    act.record(
        {
            "round": application.round,
            "members": sorted({member.person for member in project.members}),
            "gateways": list(application.gateways),
            "asked": {one.dataset: len(one.variables) for one in application.asked},
        }
    )


def _id_for(title: str) -> ProjectId:
    """An id that says what the project is about, and that nobody can guess."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_SLUG].strip("-")
    if not slug or not slug[0].isalpha():
        slug = f"project-{slug}".rstrip("-")
    return f"{slug}-{secrets.token_hex(3)}"
