"""Ask again about a session that is open: the very decision of its start, and its extract."""

from tre.decision import ALLOWED, Decision, Rule
from tre.five_safes import decide
from tre.steps.acting import known_person, known_project
from tre.steps.extracts import extract_of
from tre.steps.in_question import subject_of_project
from tre.steps.tre import Tre
from tre.vocabulary import Action, PersonId, ProjectId, Safe

EXTRACT = Rule(
    name="extract in use",
    safe=Safe.DATA,
    sentence="The extract that the session shows is the project's current one.",
    source="five safes: people who object, and data that were destroyed, are in no session",
)


def ask_again(
    tre: Tre, person_id: PersonId, project_id: ProjectId, extract: str | None = None
) -> Decision:
    """Whether somebody who is in a session might start it now; every reason if not.

    extract: the name of the version that the session shows; None asks for no particular one.
    Nothing is written: the ledger has a line when the session ends. Raises NotThereError for a
    person or project that is gone, StoreUnavailableError where the store does not answer.
    """
    on = tre.now()
    with tre.store.reading() as connection:
        person = known_person(connection, person_id)
        project = known_project(connection, project_id)
        subject = subject_of_project(tre, connection, person, project)
    return decide(person, Action.START_SESSION, subject, on=on).also(
        _is_current(tre, project_id, extract)
    )


def _is_current(tre: Tre, project: ProjectId, extract: str | None) -> Decision:
    current = extract_of(tre, project)
    if current is None:
        return EXTRACT.refuses(
            "the project's data are not there any more. Ask a data linker for a new extract."
        )
    if extract is not None and current.name != extract:
        return EXTRACT.refuses(
            "the project's extract was made again since the session began, as when somebody in it "
            "objects. Open the session again: it then shows the new one."
        )
    return ALLOWED
