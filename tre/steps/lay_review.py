"""The Service User and Carer Advisory Group advises on a project: no veto, but an answer is due."""

from tre.safe_projects.application import Advice, Opinion
from tre.safe_projects.lifecycle import Event
from tre.steps.acting import acting
from tre.steps.project_in_hand import in_hand, move_on
from tre.steps.texts import usable_text
from tre.steps.tre import Tre
from tre.store.project_applications import add_judgement
from tre.vocabulary import Action, PersonId, ProjectId


def advise_on_project(
    tre: Tre, actor: PersonId, project: ProjectId, opinion: Opinion, text: str
) -> None:
    """Write down what the group says of the project, whatever that is: it goes on.

    Raises RefusedError with every reason; HiddenError where the actor has no part in it.
    """
    with acting(tre, actor, Action.ADVISE_ON_PROJECT) as act:
        held = in_hand(act, project)
        act.require(held.subject)
        said = Advice(
            person=act.actor.id,
            at=act.at,
            round=held.applied.round,
            opinion=opinion,
            text=usable_text(text, what="advice"),
        )
        add_judgement(act.connection, project, said)
        move_on(act, held, Event.ADVISE, {"round": said.round, "opinion": str(opinion)})
