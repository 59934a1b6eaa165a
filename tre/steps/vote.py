"""A checker's answer on one file."""

from tre.decision import UnusableRequestError
from tre.safe_outputs.release_request import FileKind, VoteChoice
from tre.steps.acting import acting
from tre.steps.advance import refuse_old_page
from tre.steps.file_adding import live_file
from tre.steps.in_question import request_in_question
from tre.steps.tre import Tre
from tre.store.request_writing import set_vote
from tre.vocabulary import Action, PersonId, RequestId


def vote(
    tre: Tre,
    actor: PersonId,
    request: RequestId,
    file_id: int,
    choice: VoteChoice,
    *,
    seen_turn: int | None = None,
) -> None:
    """Vote on an output, in the place of one's earlier vote of this turn.

    seen_turn: the turn of the page that the checker has before them, if that is known.
    Raises OvertakenError where the page shows an earlier turn, UnusableRequestError where the
    file is not in the request any more or is no output.
    """
    choice = VoteChoice(choice)
    with acting(tre, actor, Action.VOTE, request=request) as act:
        found, _, subject = request_in_question(act, request)
        act.require(subject)
        refuse_old_page(found, seen_turn)
        file = live_file(found, file_id)
        if file.kind is not FileKind.OUTPUT:
            message = f"“{file.name}” is {file.kind}: only outputs are voted on"
            raise UnusableRequestError(message)
        set_vote(act.connection, file.id, actor, choice, found.turn, act.at)
        act.record({"file": file.id, "sha256": file.sha256, "choice": choice, "turn": found.turn})
