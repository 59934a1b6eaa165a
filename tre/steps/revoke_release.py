"""Take a release back when a mistake was found in it."""

from tre.safe_outputs.release_request import State
from tre.safe_outputs.states import TRANSITIONS, Event
from tre.steps.acting import acting
from tre.steps.advance import advance
from tre.steps.in_question import request_in_question
from tre.steps.telling_checkers import tell_of_request
from tre.steps.texts import usable_text
from tre.steps.tre import Tre
from tre.store.releases import set_revoked
from tre.vocabulary import Action, PersonId, RequestId


def revoke_release(tre: Tre, actor: PersonId, request: RequestId, reason: str) -> None:
    """Stop all access to a release; the record keeps both, and the reason is shown with it.

    Everybody who is or was on the project is told, since they may hold its files.
    """
    reason = usable_text(reason, what="reason")
    with acting(tre, actor, Action.REVOKE_RELEASE, request=request) as act:
        found, project, subject = request_in_question(act, request)
        act.require(subject)
        set_revoked(act.connection, request, act.at, reason)
        advance(act, found, Event.REVOKE)
        began = {one.person for one in project.members if one.since <= act.at.date()}
        title = f"Request {found.id} is revoked"
        tell_of_request(act, found, began - {found.author}, title=title, text=_NOTICE)


_NOTICE = TRANSITIONS[State.RELEASED, Event.REVOKE].notice
