"""What a researcher imports inside a sealed session: `from tre import session`.

about() · extract() · data() · request_release() · requests() · private_count() · budget()
Nothing here can open a door: the session has no network, and the service believes none of it.
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from output_checks import Data
from tre.session import extracts, outbox, packages, words
from tre.session.errors import (
    IncompleteError,
    NoReplyError,
    NotHereError,
    NotInSessionError,
    OutboxFullError,
    RefusedHereError,
    SessionError,
)
from tre.session.listings import About, Budget, PrivateCount, Requests
from tre.session.packages import Output
from tre.session.receipt import Receipt
from tre.session.whereabouts import Session

__all__ = [
    "About",
    "Budget",
    "IncompleteError",
    "NoReplyError",
    "NotHereError",
    "NotInSessionError",
    "OutboxFullError",
    "PrivateCount",
    "Receipt",
    "RefusedHereError",
    "Requests",
    "SessionError",
    "about",
    "budget",
    "data",
    "extract",
    "private_count",
    "request_release",
    "requests",
]


def about() -> About:
    """Say whose session this is, which project, which policy, and which tables there are.

    Raises NotInSessionError outside a session, NotHereError without an extract.
    """
    return extracts.describe(Session.here())


def extract(name: str = "linked") -> pl.LazyFrame:
    """Open a table of the project's extract, lazily.

    name: one of the tables that about() lists. Raises NotHereError for another.
    """
    return extracts.extract(Session.here(), name)


def data(name: str = "linked") -> Data:
    """Open a table of the extract for checked tables: `session.data().table("sex")`.

    It knows whose rows they are and which disclosure policy the project is under.
    """
    return extracts.checked_data(Session.here(), name)


def request_release(  # noqa: PLR0913  (the one call of the flow: every word of it is said here)
    outputs: Output | Sequence[Output],
    *,
    title: str,
    context: str,
    controls: str,
    name: str | None = None,
    notebook: str | Path | None = None,
    supporting: Sequence[Output] = (),
    wait_seconds: float = 60,
) -> Receipt:
    """Ask for outputs to leave; nothing leaves before two output checkers have approved.

    outputs: a table of output_checks, a path in the workspace, or a list of them.
    title, context, controls: what a checker reads first; the errors show good examples.
    name: the file's name, for one output. notebook: the code that made it, as last saved;
    found by itself where there is only one. supporting: shown to checkers, never released.
    Raises IncompleteError, NotHereError, OutboxFullError, NoReplyError, RefusedHereError.
    """
    notes = words.require_words(title=title, context=context, controls=controls)
    session = Session.here()
    files = packages.pack_outputs(session, outputs, name)
    files += packages.pack_outputs(session, supporting, None, "supporting")
    code = packages.pack_notebook(session, notebook)
    if code is None:
        notes = (*notes, _NO_CODE)
    else:
        files.append(code)
    if outbox.is_rerun(session):
        packages.leave_in_workspace(session, files)
        return Receipt.of_a_rerun(title)
    asked = {
        "title": title,
        "context": context,
        "controls": controls,
        "files": [
            {"name": file.name, "kind": file.kind, "declaration": file.declaration}
            for file in files
        ],
    }
    reply = outbox.ask(
        session, "release", asked, [file.content for file in files], wait_seconds=wait_seconds
    )
    return Receipt.of(reply, title=title, notes=notes)


_NO_CODE = (
    "No notebook went with the request, because it could not be told which one made the output. "
    "Checkers like to see the code: pass notebook='the-notebook.ipynb' next time."
)


def requests() -> Requests:
    """List my release requests on this project and where each stands."""
    session = Session.here()
    if outbox.is_rerun(session):
        return Requests(rows=(), desk=session.desk_address)
    reply = outbox.ask(session, "requests", {})
    return Requests(rows=tuple(reply.get("requests") or ()), desk=session.desk_address)


def private_count(
    rows: str | Sequence[str],
    columns: str | Sequence[str] = (),
    *,
    epsilon: float,
    where: str | None = None,
    name: str = "linked",
) -> PrivateCount:
    """Count people with noise that hides any one of them, paid from the project's budget.

    epsilon: the price and the precision; 0.1 is cautious, 1 is precise. where: a SQL condition.
    The count is made by the service from its own copy of the extract. Raises RefusedHereError
    when the budget does not reach, before anything is computed.
    """
    asked = {
        "dataset": name,
        "rows": [rows] if isinstance(rows, str) else list(rows),
        "columns": [columns] if isinstance(columns, str) else list(columns),
        "where": where,
        "epsilon": epsilon,
    }
    return PrivateCount.of(outbox.ask(Session.here(), "private_count", asked))


def budget() -> Budget:
    """Say how much of the project's privacy budget is left."""
    reply = outbox.ask(Session.here(), "budget", {})
    return Budget(total=float(reply["total"]), spent=float(reply["spent"]))
