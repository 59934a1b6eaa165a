"""Start a session: ask the gate, and say which folders the session sees."""

from pathlib import Path

from tre.config import Config
from tre.decision import UnusableRequestError
from tre.safe_settings.session_spec import Limits, SessionSpec
from tre.steps.acting import acting
from tre.steps.extracts import extract_of, policy_of
from tre.steps.in_question import project_in_question
from tre.steps.offered_packages import offered_packages
from tre.steps.tre import Tre
from tre.store.sessions import open_session
from tre.vocabulary import Action, PersonId, ProjectId


def start_session(tre: Tre, actor: PersonId, project_id: ProjectId) -> SessionSpec:
    """Let somebody in to a project's data, if all of the Five Safes hold now.

    Raises RefusedError with every reason, and UnusableRequestError while the project has no
    extract.
    """
    with acting(tre, actor, Action.START_SESSION, project=project_id) as act:
        subject = project_in_question(act, project_id)
        act.require(subject)
        project = subject.project
        extract = extract_of(tre, project_id)
        if project is None or extract is None:
            message = f"no data were made for {project_id} yet; a data linker makes its extract"
            raise UnusableRequestError(message)
        spec = SessionSpec(
            person=actor,
            project=project.id,
            title=project.title,
            practice=project.practice,
            policy=policy_of(tre, project),
            extract=extract,
            workspace=_made(tre.folders.workspace(project.id)),
            outbox=_made(tre.folders.outbox(project.id, actor)),
            replies=_made(tre.folders.replies(project.id, actor)),
            packages=offered_packages(tre, act.connection),
            limits=limits_of(tre.config),
        )
        open_session(act.connection, actor, project.id, act.at)
        act.record({"extract": extract.name})
    return spec


def limits_of(config: Config) -> Limits:
    """What the installation lets one session use."""
    return Limits(
        memory_bytes=config.session_memory_mib * 2**20,
        file_bytes=config.session_file_mib * 2**20,
        tmp_bytes=config.session_tmp_mib * 2**20,
        processes=config.session_processes,
        cpu_percent=config.session_cpu_percent,
        workspace_bytes=config.workspace_mib * 2**20,
        shown_bytes=config.session_shown_mib * 2**20,
    )


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        message = f"the session's folder {folder.name} cannot be made: {error.strerror}"
        raise UnusableRequestError(message) from error
    return folder
