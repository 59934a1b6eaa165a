"""Ask for a release in one call: everything that the request needs, or nothing of it."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from tre.safe_outputs.release_request import (
    FileKind,
    FileOrigin,
    Group,
    ReleaseRequest,
    RequestFile,
    State,
)
from tre.safe_outputs.request_limits import RequestLimits
from tre.safe_projects.project import Project
from tre.steps.acting import Act, acting, known_project, known_request
from tre.steps.checking import check_files
from tre.steps.create_request import begin, no_other_is_open
from tre.steps.file_adding import NewFile, put_file, refuse_too_much, usable_file
from tre.steps.in_question import project_in_question
from tre.steps.submit_request import hand_over
from tre.steps.texts import usable_line, usable_text
from tre.steps.tre import Tre
from tre.steps.up_to_date import refuse_outdated
from tre.store.files import sha256_of
from tre.store.request_writing import describe_group
from tre.vocabulary import Action, PersonId, ProjectId, RequestId

GROUP = "outputs"
"""The one group of a request that is made in one call."""


class PackageFile(NamedTuple):
    """A file to ask for: declaration is the output's, as JSON, where it has one."""

    name: str
    content: bytes
    kind: FileKind
    declaration: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePackage:
    """What a session hands over: files with what is said about them."""

    title: str
    context: str
    controls: str
    files: tuple[PackageFile, ...]


def ask_for_release(
    tre: Tre, actor: PersonId, project: ProjectId, package: ReleasePackage
) -> RequestId:
    """Begin a request, fill it, have it checked and submit it; its number.

    All or nothing: where anything is missing or refused, no request is left behind. Raises
    UnusableRequestError also where people object since the project's extract was made.
    """
    title = usable_line(package.title, what="title")
    files = _usable_files(package.files, tre.request_limits)
    words = _words(package)
    with acting(tre, actor, Action.SUBMIT_REQUEST, project=project) as act:
        known = _decided(act, project, files, words)
    refuse_outdated(tre, known)
    checked = check_files(tre, known, files)
    with acting(tre, actor, Action.SUBMIT_REQUEST, project=project) as act:
        number = begin(act, _decided(act, project, files, words), title)
        try:
            _fill(act, number, files, words)
            hand_over(act, known_request(act.connection, number), checked)
        except BaseException:
            shutil.rmtree(tre.folders.frozen(number), ignore_errors=True)
            raise
    return number


def _usable_files(given: Iterable[PackageFile], limits: RequestLimits) -> tuple[NewFile, ...]:
    package = [PackageFile(*file) for file in given]
    refuse_too_much([len(file.content) for file in package], limits)
    return tuple(
        usable_file(
            NewFile(
                name=file.name,
                content=file.content,
                kind=FileKind(file.kind),
                group=GROUP,
                declaration=file.declaration,
                origin=FileOrigin.SESSION,
            ),
            limits,
        )
        for file in package
    )


def _words(package: ReleasePackage) -> Group:
    return Group(
        name=GROUP,
        context=usable_text(package.context, what="context", required=False),
        controls=usable_text(package.controls, what="controls", required=False),
    )


def _decided(act: Act, project: ProjectId, files: tuple[NewFile, ...], words: Group) -> Project:
    """Decide on the request as it would be, before any of it is there."""
    subject = project_in_question(act, project)
    imagined = ReleaseRequest(
        id=0,
        project=project,
        author=act.actor.id,
        title="",
        state=State.DRAFT,
        turn=1,
        created_at=act.at,
        submitted_at=None,
        files=tuple(_imagined(number, file) for number, file in enumerate(files, start=1)),
        groups=(words,),
    )
    act.require(replace(subject, request=imagined), no_other_is_open(act, project))
    return known_project(act.connection, project)


def _imagined(number: int, file: NewFile) -> RequestFile:
    return RequestFile(
        id=number,
        name=file.name,
        group=file.group,
        kind=file.kind,
        sha256=sha256_of(file.content),
        size_bytes=len(file.content),
        added_turn=1,
        declaration=file.declaration,
        origin=file.origin,
    )


def _fill(act: Act, number: RequestId, files: tuple[NewFile, ...], words: Group) -> None:
    for file in files:
        put_file(act, known_request(act.connection, number), file)
    describe_group(act.connection, number, words.name, (words.context, words.controls))
