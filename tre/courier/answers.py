"""Do what a letter asks, as the person whose outbox it lay in, and say how it went."""

from collections.abc import Sequence

from tre.courier.letters import (
    Asked,
    BudgetAsked,
    PrivateCountAsked,
    ReleaseAsked,
    RequestsAsked,
)
from tre.courier.outcomes import Answer, answered
from tre.courier.paths import Outbox
from tre.steps.ask_for_release import PackageFile, ReleasePackage, ask_for_release
from tre.steps.my_requests import my_requests
from tre.steps.private_count import CountAsked, privacy_budget, private_count
from tre.steps.tre import Tre
from tre.steps.view_request import view_request
from tre.steps.views import FileView, RequestView
from tre.vocabulary import RequestId


def answer(tre: Tre, outbox: Outbox, asked: Asked, contents: Sequence[bytes]) -> Answer:
    """Do it, or say every reason why not; whatever happens, the asker gets an answer."""
    return answered(lambda: _do(tre, outbox, asked, contents))


def _do(tre: Tre, outbox: Outbox, asked: Asked, contents: Sequence[bytes]) -> Answer:
    match asked:
        case ReleaseAsked():
            return _release(tre, outbox, asked, contents)
        case PrivateCountAsked():
            return _private_count(tre, outbox, asked)
        case RequestsAsked():
            return _requests(tre, outbox)
        case BudgetAsked():
            return _budget(tre, outbox)


def _release(tre: Tre, outbox: Outbox, asked: ReleaseAsked, contents: Sequence[bytes]) -> Answer:
    files = zip(asked.files, contents, strict=True)
    package = ReleasePackage(
        title=asked.title,
        context=asked.context,
        controls=asked.controls,
        files=tuple(
            PackageFile(
                name=file.name, content=content, kind=file.kind, declaration=file.declaration
            )
            for file, content in files
        ),
    )
    request = ask_for_release(tre, outbox.person, outbox.project, package)
    view = view_request(tre, outbox.person, request)
    return _what_became_of_it(view, _desk(tre, request))


def _what_became_of_it(view: RequestView, desk: str) -> Answer:
    files = [_file(file) for group in view.groups for file in group.files]
    return {
        "request": view.id,
        "state": str(view.state),
        "verdict": view.worst_verdict,
        "files": files,
        "desk": desk,
    }


def _file(file: FileView) -> Answer:
    check = file.check or {}
    kept = ("rule", "severity", "message", "remedy")
    return {
        "name": file.name,
        "kind": str(file.kind),
        "verdict": check.get("verdict"),
        "provenance": check.get("provenance"),
        "findings": [
            {name: finding.get(name) for name in kept} for finding in check.get("findings") or ()
        ],
    }


def _private_count(tre: Tre, outbox: Outbox, asked: PrivateCountAsked) -> Answer:
    count = CountAsked(
        dataset=asked.dataset, rows=asked.rows, columns=asked.columns, where=asked.where
    )
    counted = private_count(tre, outbox.person, outbox.project, count, epsilon=asked.epsilon)
    return {
        "csv": counted.csv,
        "declaration": counted.declaration,
        "dataset": asked.dataset,
        "rows": list(asked.rows),
        "columns": list(asked.columns),
        "epsilon": asked.epsilon,
        "total": counted.budget.epsilon_total,
        "spent": sum(counted.budget.spent),
    }


def _requests(tre: Tre, outbox: Outbox) -> Answer:
    rows = [row for row in my_requests(tre, outbox.person) if row.project_id == outbox.project]
    return {
        "requests": [
            {
                "request": row.id,
                "title": row.title,
                "state": str(row.state),
                "verdict": row.worst_verdict,
                "turn": row.turn,
                "desk": _desk(tre, row.id),
            }
            for row in rows
        ]
    }


def _budget(tre: Tre, outbox: Outbox) -> Answer:
    told = privacy_budget(tre, outbox.person, outbox.project)
    return {"total": told.epsilon_total, "spent": sum(told.spent)}


def _desk(tre: Tre, request: RequestId) -> str:
    return f"{tre.config.desk_address}/requests/{request}"
