"""Ask somebody to supervise one on a project; they answer, and it counts once they confirm."""

from dataclasses import replace

from tre.decision import NotThereError, OvertakenError
from tre.five_safes import Subject
from tre.steps.acting import Act, acting, known_person
from tre.steps.application_in_question import may_be_supervised
from tre.steps.telling import News, tell
from tre.steps.tre import Tre
from tre.store.applications import (
    CONFIRMED,
    DECLINED,
    Supervision,
    answer_supervision,
    ask_supervision,
    supervisions_about,
)
from tre.store.people import write_person
from tre.vocabulary import Action, PersonId, ProjectId


def ask_to_supervise(tre: Tre, actor: PersonId, supervisor: PersonId, project: ProjectId) -> None:
    """Ask a full accredited researcher of one's organisation and project to supervise one.

    An earlier question that was not answered is over; who supervises now goes on until somebody
    else confirms. Raises RefusedError where they could not supervise.
    """
    with acting(tre, actor, Action.ASK_SUPERVISION) as act:
        act.require(Subject(person=actor), may_be_supervised(act, act.actor, supervisor, project))
        ask_within(act, supervisor, project)


def ask_within(act: Act, supervisor: PersonId, project: ProjectId) -> None:
    """Ask within a step, unless they have confirmed this very thing before."""
    asked = supervisions_about(act.connection, act.actor.id)
    wanted = (act.actor.id, supervisor, project, CONFIRMED)
    if any((s.person, s.supervisor, s.project, s.answer) == wanted for s in asked):
        return
    ask_supervision(act.connection, act.actor.id, supervisor, project, act.at)
    act.record({"project": project}, tag=str(Action.ASK_SUPERVISION), person=supervisor)
    news = News(
        title="You are asked to supervise",
        text=f"{act.actor.name} asks you to supervise them as a provisional researcher. Confirm or "
        "decline it on your page.",
        path="/me/supervisor",
    )
    tell(act.tre, act.connection, supervisor, news)


def answer_supervisor_question(tre: Tre, actor: PersonId, number: int, *, confirm: bool) -> None:
    """Say as the supervisor whether one supervises somebody; a confirmation counts at once.

    Raises NotThereError unless it is one's own question, OvertakenError where it is over.
    """
    with acting(tre, actor, Action.ANSWER_SUPERVISION) as act:
        asked = _asked_of(act, number)
        person = known_person(act.connection, asked.person)
        if confirm:
            act.require(
                Subject(person=person.id), may_be_supervised(act, person, actor, asked.project)
            )
        else:
            act.require(Subject(person=person.id))
        answer = CONFIRMED if confirm else DECLINED
        if not answer_supervision(act.connection, number, answer, act.at):
            message = "this was answered already, or somebody else was asked instead"
            raise OvertakenError(message)
        if confirm:
            write_person(act.connection, replace(person, supervisor=actor))
        act.record({"answer": answer, "project": asked.project}, person=person.id)
        tell(act.tre, act.connection, person.id, _answered(act.actor.name, answer))


def supervisions_of(tre: Tre, actor: PersonId) -> tuple[Supervision, ...]:
    """List what one asked of supervisors, and was asked as one, the newest first."""
    with tre.store.reading() as connection:
        return supervisions_about(connection, actor)


def _asked_of(act: Act, number: int) -> Supervision:
    for each in supervisions_about(act.connection, act.actor.id):
        if each.number == number and each.supervisor == act.actor.id:
            return each
    message = "nobody asked you this"
    raise NotThereError(message)


def _answered(name: str, answer: str) -> News:
    return News(
        title=f"Your supervision is {answer}",
        text=f"{name} has confirmed that they supervise you."
        if answer == CONFIRMED
        else f"{name} cannot supervise you. Ask somebody else.",
        path="/me/supervisor",
    )
