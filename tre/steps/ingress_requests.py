"""Look at what people bring in: the list, one request, one file."""

from collections.abc import Iterable
from typing import Literal

from tre.decision import NotThereError
from tre.five_safes import Subject, decide
from tre.safe_outputs.working_days import age_in_working_days
from tre.safe_projects.membership import everybody_named
from tre.safe_settings.ingress.request import (
    FileState,
    IngressFile,
    IngressId,
    IngressRequest,
)
from tre.steps.acting import Act, acting
from tre.steps.ingress_in_question import ingress_in_question
from tre.steps.ingress_placing import placed_at
from tre.steps.ingress_views import IngressContent, IngressFileView, IngressRow, IngressView
from tre.steps.tre import Tre
from tre.store.files import thaw
from tre.store.ingress import read_ingresses, waiting_ingresses
from tre.store.people import read_people
from tre.store.projects import projects_of, read_projects
from tre.store.tables import ingress_requests as rows
from tre.vocabulary import Action, PersonId

FILE_TAG = "settings:ingress-file:view"
_DECISIONS = (Action.ACCEPT_CODE, Action.REFUSE_CODE, Action.WITHDRAW_CODE)


def ingress_queue(tre: Tre, actor: PersonId) -> tuple[IngressRow, ...]:
    """List what waits for a checker, the oldest first; not what comes into the actor's projects."""
    with acting(tre, actor, Action.VIEW_QUEUE) as act:
        act.require(Subject())
        own = {project.id for project in projects_of(act.connection, actor)}
        waiting = [one for one in waiting_ingresses(act.connection) if one.author != actor]
        listed = _rows(act, [one for one in waiting if one.project not in own])
        act.record({"ingress": len(listed)})
    return listed


def my_ingress(tre: Tre, actor: PersonId) -> tuple[IngressRow, ...]:
    """List what comes into the actor's projects, the newest first; nothing else is asked.

    That they looked is on the ledger.
    """
    with acting(tre, actor, Action.VIEW_INGRESS) as act:
        own = [project.id for project in projects_of(act.connection, actor)]
        listed = _rows(act, read_ingresses(act.connection, rows.c.project.in_(own)))
        act.record({"ingress": len(listed)})
    return listed


def view_ingress(tre: Tre, actor: PersonId, number: IngressId) -> IngressView:
    """Give an ingress request to those who may see it; that they looked is on the ledger."""
    with acting(tre, actor, Action.VIEW_INGRESS) as act:
        found, project, subject = ingress_in_question(act, number)
        act.require(subject)
        act.record({"ingress": number})
        names = _names(act, found)
        return IngressView(
            id=found.id,
            project_id=found.project,
            project_title=project.title,
            author_id=found.author,
            author_name=names.get(found.author, found.author),
            purpose=found.purpose,
            source=found.source,
            state=found.state,
            created_at=found.created_at,
            files=tuple(_file_view(found, file, names) for file in found.files),
            may={str(a): decide(act.actor, a, subject, on=act.at) for a in _DECISIONS},
            i_am=_i_am(act, subject),
        )


def ingress_file(tre: Tre, actor: PersonId, number: IngressId, file_id: int) -> IngressContent:
    """Read one file's frozen bytes; raises FrozenFileError where they are not what was scanned."""
    with acting(tre, actor, Action.VIEW_INGRESS) as act:
        found, _, subject = ingress_in_question(act, number)
        act.require(subject)
        file = next((one for one in found.files if one.id == file_id), None)
        if file is None:
            message = f"ingress request {number} has no file {file_id}"
            raise NotThereError(message)
        content = thaw(tre.folders.ingress(number), file.sha256)
        act.record({"ingress": number, "file": file.id, "sha256": file.sha256}, tag=FILE_TAG)
        view = _file_view(found, file, _names(act, found))
    return IngressContent(request=number, file=view, bytes=content)


def _i_am(act: Act, subject: Subject) -> Literal["member", "checker", "reader"]:
    project = subject.project
    if project is not None and act.actor.id in everybody_named(project):
        return "member"
    decision = decide(act.actor, Action.REFUSE_CODE, subject, on=act.at)
    only_late = all(reason.rule == "ingress is waiting" for reason in decision.reasons)
    return "checker" if only_late else "reader"


def _names(act: Act, found: IngressRequest) -> dict[PersonId, str]:
    ids = {found.author, *(file.decided_by for file in found.files if file.decided_by)}
    return {id_: person.name for id_, person in read_people(act.connection, ids).items()}


def _file_view(
    found: IngressRequest, file: IngressFile, names: dict[PersonId, str]
) -> IngressFileView:
    accepted = file.state is FileState.ACCEPTED
    return IngressFileView(
        id=file.id,
        name=file.name,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        offered_sha256=file.offered_sha256,
        state=file.state,
        findings=file.findings,
        removed=file.removed,
        decided_by_name=names.get(file.decided_by) if file.decided_by else None,
        decided_at=file.decided_at,
        reason=file.reason,
        placed_at=placed_at(found.id, file.name) if accepted else None,
    )


def _rows(act: Act, found: Iterable[IngressRequest]) -> tuple[IngressRow, ...]:
    listed = list(found)
    people = read_people(act.connection, {one.author for one in listed})
    projects = read_projects(act.connection, {one.project for one in listed})
    return tuple(
        IngressRow(
            id=one.id,
            project_id=one.project,
            project_title=projects[one.project].title,
            author_id=one.author,
            author_name=people[one.author].name,
            purpose=one.purpose,
            state=one.state,
            created_at=one.created_at,
            decided_at=max((f.decided_at for f in one.files if f.decided_at), default=None),
            age_working_days=age_in_working_days(one.created_at, act.at),
            files=len(one.files),
            waiting=sum(f.state is FileState.WAITING for f in one.files),
            blocked=sum(f.state is FileState.BLOCKED for f in one.files),
            findings=sum(1 + finding.more for f in one.files for finding in f.findings),
        )
        for one in listed
    )
