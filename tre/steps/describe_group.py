"""Say what a group of files is, and what was done about disclosure in it."""

from tre.steps.acting import acting
from tre.steps.in_question import request_in_question
from tre.steps.texts import usable_name, usable_text
from tre.steps.tre import Tre
from tre.store import request_writing
from tre.vocabulary import Action, PersonId, RequestId


def describe_group(
    tre: Tre,
    actor: PersonId,
    request: RequestId,
    group: str,
    *,
    context: str,
    controls: str,
) -> None:
    """Write a group's context (what it is, of whom) and controls; either may still be empty."""
    name = usable_name(group, what="group")
    words = (
        usable_text(context, what="context", required=False),
        usable_text(controls, what="controls", required=False),
    )
    with acting(tre, actor, Action.UPDATE_REQUEST, request=request) as act:
        found, _, subject = request_in_question(act, request)
        act.require(subject)
        request_writing.describe_group(act.connection, found.id, name, words)
        act.record({"did": "describe a group"})
