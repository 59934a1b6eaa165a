"""A member of the panel votes; the third vote decides, and only then are they all shown."""

from dataclasses import replace
from datetime import date

from tre.decision import UnusableRequestError
from tre.safe_people.person import Person
from tre.safe_projects.application import Application, PanelVote
from tre.safe_projects.lifecycle import Event
from tre.safe_projects.membership import leads_on
from tre.safe_projects.owners import grants
from tre.safe_projects.panel import conditions, is_independent, is_reasoned, outcome
from tre.safe_projects.project import Project, ProjectState
from tre.steps.acting import Act, acting
from tre.steps.decide_as_owner import Answer, usable_conditions
from tre.steps.project_in_hand import InHand, in_hand, keep, move_on, tell
from tre.steps.texts import usable_text
from tre.steps.tre import Tre
from tre.store.project_applications import add_judgement
from tre.store.project_changes import people_with
from tre.vocabulary import Action, PersonId, ProjectId, Role


def vote_on_project(
    tre: Tre,
    actor: PersonId,
    project: ProjectId,
    answer: Answer,
    *,
    criteria: tuple[str, ...] = (),
    no_interest: bool,
) -> ProjectState:
    """Vote on a project, with reasons; the state in which it is then.

    criteria: those of the panel that the member finds met. no_interest: the member declares to
    have no interest in the project. The ledger says who voted, and what only when all have.
    Raises RefusedError with every reason.
    """
    if not no_interest:
        message = "declare that you have no interest in the project, or leave it to other members"
        raise UnusableRequestError(message)
    with acting(tre, actor, Action.VOTE_ON_PROJECT) as act:
        held = in_hand(act, project)
        application = held.applied
        reasons = usable_text(answer.reasons, what="reason", required=False)
        act.require(held.subject, is_reasoned(answer.choice, reasons, criteria))
        said = PanelVote(
            person=act.actor.id,
            at=act.at,
            round=application.round,
            choice=answer.choice,
            reasons=reasons,
            conditions=usable_conditions(answer.conditions),
            criteria=tuple(criteria),
            independent=_sits_independent(act.actor, held, application, act.at.date()),
        )
        add_judgement(act.connection, project, said)
        voted = replace(application, votes=(*application.votes, said))
        seat = {"seat": len(voted.votes_now()), "independent": said.independent}
        move_on(act, held, Event.VOTE, {"round": said.round, **seat})
        _decide(act, held, voted)
        return held.project.state


def _sits_independent(actor: Person, held: InHand, application: Application, on: date) -> bool:
    lead = leads_on(held.project, on)[0]
    organisation = held.subject.people[lead].organisation
    return is_independent(actor.organisation, organisation, application.controllers())


def _decide(act: Act, held: InHand, application: Application) -> None:
    """Where all have voted: what it comes to, with every vote, for the books and the lead."""
    votes = application.votes_now()
    event = outcome(votes)
    if event is None:
        return
    details = {
        "round": application.round,
        "votes": {vote.person: str(vote.choice) for vote in votes},
        "conditions": list(conditions(application)),
    }
    move_on(act, held, event, details, by_system=True)
    if event is Event.ACCREDIT:
        granted = replace(held.project, datasets=grants(application))
        keep(act, held, granted)
        _tell_linkers(act, granted)


def _tell_linkers(act: Act, project: Project) -> None:
    linkers = people_with(act.connection, Role.DATA_LINKER)
    tell(act, project, linkers, "The project is accredited: make its extract.")
