"""A data owner decides on the dataset of their organisation that an application asks for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tre.decision import ALLOWED, UnusableRequestError
from tre.safe_projects.application import Choice, OwnerDecision
from tre.safe_projects.lifecycle import Event
from tre.safe_projects.owners import grants_no_more, undecided
from tre.steps.acting import acting
from tre.steps.apply_for_project import go_to_panel
from tre.steps.project_in_hand import in_hand, move_on
from tre.steps.texts import usable_line, usable_text
from tre.steps.tre import Tre
from tre.store.project_applications import add_judgement
from tre.vocabulary import Action, PersonId, ProjectId

MOST_CONDITIONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an owner or a member of the panel says. variables: granted, for an owner's yes."""

    choice: Choice
    reasons: str
    conditions: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()


def decide_as_owner(
    tre: Tre, actor: PersonId, project: ProjectId, dataset: str, answer: Answer
) -> None:
    """Grant a dataset or less of it, ask first, or refuse it; each with reasons.

    The last grant sends the project to its panel; a question or a refusal gives it back to its
    lead. Raises RefusedError with every reason; UnusableRequestError for a dataset that the project
    does not ask for.
    """
    with acting(tre, actor, Action.DECIDE_AS_OWNER) as act:
        held = in_hand(act, project)
        application = held.applied
        asked = application.of(dataset)
        if asked is None:
            message = f"“{held.project.title}” does not ask for {dataset[:40]!r}"
            raise UnusableRequestError(message)
        grants = answer.choice is Choice.APPROVE
        act.require(
            replace(held.subject, controller=asked.controller),
            grants_no_more(asked, answer.variables) if grants else ALLOWED,
        )
        said = OwnerDecision(
            person=act.actor.id,
            at=act.at,
            round=application.round,
            dataset=dataset,
            choice=answer.choice,
            reasons=usable_text(answer.reasons, what="reason"),
            conditions=usable_conditions(answer.conditions) if grants else (),
            variables=tuple(name for name in asked.names if name in answer.variables)
            if grants
            else (),
        )
        add_judgement(act.connection, project, said)
        event = Event.DECIDE_DATA if grants else Event.RETURN
        move_on(
            act,
            held,
            event,
            {
                "round": said.round,
                "dataset": dataset,
                "choice": str(said.choice),
                "variables": list(said.variables),
                "conditions": list(said.conditions),
            },
        )
        decided = replace(application, decisions=(*application.decisions, said))
        if grants and not undecided(decided):
            go_to_panel(act, held, decided)


def usable_conditions(conditions: Iterable[str]) -> tuple[str, ...]:
    """Give conditions as lines, each once; raises UnusableRequestError for too many or unfit."""
    found = tuple(
        dict.fromkeys(usable_line(each, what="condition") for each in conditions if each.strip())
    )
    if len(found) > MOST_CONDITIONS:
        message = f"{len(found)} conditions are more than anybody keeps; {MOST_CONDITIONS} at most"
        raise UnusableRequestError(message)
    return found
