"""Which extract a project works on now, and under which policy its outputs are checked."""

import json
from pathlib import Path

from tre.decision import UnusableRequestError
from tre.safe_projects.project import Project
from tre.steps.tre import Tre
from tre.vocabulary import ProjectId


def extract_of(tre: Tre, project: ProjectId) -> Path | None:
    """Give the folder of the project's current extract, or None where none was made.

    Raises UnusableRequestError where `current` does not name one of its versions.
    """
    folder = tre.folders.extracts(project)
    try:
        version = (folder / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    extract = folder / version
    if not version or extract.parent != folder or version.startswith(".") or not extract.is_dir():
        message = f"extracts/{project}/current names no version of the extract; make it again"
        raise UnusableRequestError(message)
    return extract


def policy_of(tre: Tre, project: Project) -> str:
    """Name the policy of the project's extract; before there is one, those of its datasets.

    Several names joined by "+" mean the strictest of them. Raises UnusableRequestError where
    nothing says: a policy is never guessed.
    """
    extract = extract_of(tre, project.id)
    if extract is not None:
        return _policy_of_manifest(extract)
    policies = sorted({dataset.policy for dataset in project.datasets})
    if not policies:
        message = f"no dataset was granted to {project.id}, so that no policy holds for it"
        raise UnusableRequestError(message)
    return "+".join(policies)


def _policy_of_manifest(extract: Path) -> str:
    try:
        manifest = json.loads((extract / "manifest.json").read_text(encoding="utf-8"))
        return str(manifest["policy"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"the manifest of extract {extract.name} does not say its policy; make it again"
        raise UnusableRequestError(message) from error
