"""Refuse files that are brought in: they never come near the workspace."""

from collections.abc import Collection

from tre.safe_settings.ingress.request import Event, IngressId
from tre.steps.acting import acting
from tre.steps.ingress_in_question import ingress_in_question, news_of, waiting_files
from tre.steps.telling import tell
from tre.steps.texts import usable_text
from tre.steps.tre import Tre
from tre.store.ingress import move_file
from tre.vocabulary import Action, PersonId


def refuse_code(
    tre: Tre,
    actor: PersonId,
    number: IngressId,
    reason: str,
    files: Collection[int] | None = None,
) -> None:
    """Refuse the files named, or all that wait; who brought them reads the reason."""
    reason = usable_text(reason, what="reason", longest=2_000)
    with acting(tre, actor, Action.REFUSE_CODE) as act:
        found, _, subject = ingress_in_question(act, number)
        act.require(subject)
        chosen = waiting_files(found, files)
        for file in chosen:
            move_file(act.connection, file, Event.REFUSE, by=actor, at=act.at, reason=reason)
            act.record({"ingress": number, "file": file.id, "sha256": file.sha256})
        tell(tre, act.connection, found.author, news_of(found, len(chosen), "refused"))
