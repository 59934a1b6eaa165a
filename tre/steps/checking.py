"""Run the automatic checks of a request's outputs, outside any transaction: they take a while."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tre.safe_outputs.automatic_check import check_output
from tre.safe_outputs.file_check import FileCheck
from tre.safe_outputs.release_request import FileKind
from tre.safe_projects.project import Project
from tre.steps.extracts import extract_of, policy_of
from tre.steps.file_adding import NewFile
from tre.steps.tre import Tre
from tre.store.budgets import private_results


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The outcomes by the file's name, and the policy under which they were found."""

    policy: str
    checks: Mapping[str, FileCheck]


def check_files(tre: Tre, project: Project, files: Iterable[NewFile]) -> Checked:
    """Check every output among the files against the project's own extract."""
    extract = extract_of(tre, project.id)
    policy = policy_of(tre, project)
    with tre.store.reading() as connection:
        private = private_results(connection, project.id)
    checks = {
        file.name: check_output(
            file.content,
            file.name,
            file.declaration,
            extract,
            policy,
            private_results=private,
        )
        for file in files
        if file.kind is FileKind.OUTPUT
    }
    return Checked(policy=policy, checks=checks)
