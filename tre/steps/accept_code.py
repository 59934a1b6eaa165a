"""Accept files that are brought in: only now are they in the workspace."""

from collections.abc import Collection

from tre.safe_settings.ingress.request import Event, IngressId
from tre.steps.acting import acting
from tre.steps.ingress_in_question import ingress_in_question, news_of, waiting_files
from tre.steps.ingress_placing import placed_at, placing
from tre.steps.telling import tell
from tre.steps.tre import Tre
from tre.store.files import thaw
from tre.store.ingress import move_file
from tre.vocabulary import Action, PersonId


def accept_code(
    tre: Tre, actor: PersonId, number: IngressId, files: Collection[int] | None = None
) -> tuple[str, ...]:
    """Copy the files named, or all that wait, into the workspace; their paths there.

    The copies are the bytes that were scanned and shown, by their hash. Nothing is overwritten
    and no link is followed. Raises RefusedError with every reason, UnusableRequestError where a
    file does not wait or something is in the way; then nothing is changed.
    """
    with placing() as place, acting(tre, actor, Action.ACCEPT_CODE) as act:
        found, project, subject = ingress_in_question(act, number)
        act.require(subject)
        chosen = waiting_files(found, files)
        frozen = tre.folders.ingress(number)
        contents = {file.name: thaw(frozen, file.sha256) for file in chosen}
        for file in chosen:
            move_file(act.connection, file, Event.ACCEPT, by=actor, at=act.at)
            act.record({"ingress": number, "file": file.id, "sha256": file.sha256})
        tell(tre, act.connection, found.author, news_of(found, len(chosen), "accepted"))
        # Last, and undone where the transaction does not end well.
        place(tre.folders.workspace(project.id), number, contents)
    return tuple(placed_at(number, file.name) for file in chosen)
