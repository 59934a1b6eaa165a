"""Withdraw files that wait: nobody needs to look at them any more."""

from tre.safe_settings.ingress.request import Event, IngressId
from tre.steps.acting import acting
from tre.steps.ingress_in_question import ingress_in_question, waiting_files
from tre.steps.tre import Tre
from tre.store.ingress import move_file
from tre.vocabulary import Action, PersonId


def withdraw_code(tre: Tre, actor: PersonId, number: IngressId) -> None:
    """Withdraw every file of the request that waits; what was accepted stays in the workspace."""
    with acting(tre, actor, Action.WITHDRAW_CODE) as act:
        found, _, subject = ingress_in_question(act, number)
        act.require(subject)
        for file in waiting_files(found, None):
            move_file(act.connection, file, Event.WITHDRAW, by=actor, at=act.at)
            act.record({"ingress": number, "file": file.id, "sha256": file.sha256})
