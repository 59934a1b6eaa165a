"""`tre ingress …`: code that people bring into their projects' workspaces."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from tre.commands.asking import asking, opened
from tre.commands.showing import LARGEST, Json, answer, say, show_fields, show_json, show_table
from tre.decision import UnusableRequestError
from tre.desk.shown.code import Piece, parts_of
from tre.safe_settings.ingress.limits import MOST_BYTES
from tre.safe_settings.ingress.request import FileState
from tre.safe_settings.ingress.rules import Finding
from tre.safe_settings.ingress.scan import Offered, Scanned
from tre.safe_settings.ingress.scan import scan as scan_files
from tre.steps.accept_code import accept_code
from tre.steps.bring_code import bring_code
from tre.steps.ingress_requests import ingress_file, ingress_queue, my_ingress, view_ingress
from tre.steps.ingress_views import IngressView
from tre.steps.refuse_code import refuse_code
from tre.steps.withdraw_code import withdraw_code

app = typer.Typer(
    help="Code that comes in: scan, bring, list, show, accept, refuse, withdraw.",
)

NumberArgument = Annotated[
    int, typer.Argument(help="The ingress request's number.", min=1, max=LARGEST)
]
FilesArgument = Annotated[list[Path], typer.Argument(help="Scripts, notebooks, short texts.")]
WhichOption = Annotated[
    list[int] | None,
    typer.Option("--file", help="A file's number; may be given again. Without it, all that wait."),
]
KeepOption = Annotated[
    bool,
    typer.Option("--keep-outputs", help="Leave notebooks as they are: outputs then block them."),
]

A_PERSON_MUST_LOOK, BLOCKED = 1, 2


@app.command("scan")
def scan(
    context: typer.Context,
    files: FilesArgument,
    *,
    keep_outputs: KeepOption = False,
    as_json: Json = False,
) -> None:
    """Say what would be found in files, before bringing them; needs no world.

    Exit status 1 where a person must look, 2 where a file would be blocked.
    Example: tre ingress scan model.py analysis.ipynb
    """
    _ = context
    scanned = scan_files(_read(files), strip=not keep_outputs)
    if as_json:
        show_json([_as_json(file) for file in scanned])
    else:
        rows = [row for file in scanned for row in _finding_rows(file.name, file.findings)]
        show_table(_FOUND, rows, empty="Nothing was found. A checker reads the files anyway.")
    if any(file.blocked for file in scanned):
        raise typer.Exit(BLOCKED)
    if any(file.findings for file in scanned):
        raise typer.Exit(A_PERSON_MUST_LOOK)


@app.command("bring")
def bring(  # noqa: PLR0913 - a request is made of exactly these
    context: typer.Context,
    project: Annotated[str, typer.Argument(help="The project's id.")],
    files: FilesArgument,
    purpose: Annotated[str, typer.Option(help="What they are for; a checker reads it.")],
    source: Annotated[str, typer.Option(help="Where they come from; a checker reads it.")],
    *,
    keep_outputs: KeepOption = False,
    as_json: Json = False,
) -> None:
    """Ask to bring files into a project; they wait until an output checker accepts them.

    Exit status 1, for a checker must look; 2 where a file was blocked.
    Example: tre ingress bring early-onset-psychosis model.py --purpose "The models" --source
    "Written by us" --as ada
    """
    asked = asking(context)
    actor = asked.as_manager()
    offered = _read(files)
    with opened(asked.config()) as tre:
        number = bring_code(
            tre, actor, project, offered, purpose=purpose, source=source, strip=not keep_outputs
        )
        view = view_ingress(tre, actor, number)
    _show(view, as_json=as_json)
    blocked = any(file.state is FileState.BLOCKED for file in view.files)
    raise typer.Exit(BLOCKED if blocked else A_PERSON_MUST_LOOK)


@app.command("list")
def list_ingress(
    context: typer.Context,
    *,
    mine: Annotated[
        bool, typer.Option("--mine", help="What comes into my projects, decided or not.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List what waits for a checker, the oldest first.

    Example: tre ingress list --as cora
    """
    asked = asking(context)
    listing = my_ingress if mine else ingress_queue
    with opened(asked.config()) as tre:
        rows = listing(tre, asked.as_manager())
    if as_json:
        show_json(rows)
        return
    show_table(
        ("no.", "project", "who", "state", "files", "blocked", "findings", "since"),
        [
            (
                *(r.id, r.project_id, r.author_name, r.state),
                *(r.files, r.blocked, r.findings, r.created_at),
            )
            for r in rows
        ],
        empty="Nothing waits. A researcher brings code with `tre ingress bring` or at the desk.",
    )


@app.command("show")
def show(context: typer.Context, number: NumberArgument, *, as_json: Json = False) -> None:
    """Show an ingress request: its files, what was found, what was decided.

    Example: tre ingress show 1 --as cora
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        view = view_ingress(tre, asked.as_manager(), number)
    _show(view, as_json=as_json)


@app.command("read")
def read(
    context: typer.Context,
    number: NumberArgument,
    file: Annotated[int, typer.Argument(help="The file's number.", min=1, max=LARGEST)],
    *,
    as_json: Json = False,
) -> None:
    """Print a file with its findings at their lines, and what cannot be seen by its number.

    Example: tre ingress read 1 2 --as cora
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        content = ingress_file(tre, asked.as_manager(), number, file)
    parts = parts_of(content.file.name, content.bytes, content.file.findings)
    if as_json:
        show_json({"file": content.file, "parts": parts})
        return
    if not parts:
        say("This is no text: it cannot be shown, and does not come in.")
    for part in parts:
        if part.cell:
            say(f"-- cell {part.cell}, {'code' if part.is_code else 'text'}")
        for line in part.lines:
            say(f"{line.number:5}  " + "".join(map(_piece, line.pieces)))
            for finding in line.findings:
                say(f"       ^ {finding.severity}: {finding.message}")


@app.command("accept")
def accept(
    context: typer.Context,
    number: NumberArgument,
    *,
    file: WhichOption = None,
    as_json: Json = False,
) -> None:
    """Copy files into the workspace; an output checker who is not on the project decides.

    Example: tre ingress accept 1 --file 1 --as cora
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        paths = accept_code(tre, asked.as_manager(), number, file or None)
    if as_json:
        show_json({"paths": paths})
        return
    for path in paths:
        say(f"/workspace/{path}")


@app.command("refuse")
def refuse(
    context: typer.Context,
    number: NumberArgument,
    reason: Annotated[str, typer.Option(help="Why; who brought the files reads it.")],
    *,
    file: WhichOption = None,
    as_json: Json = False,
) -> None:
    """Refuse files; they never come near the workspace.

    Example: tre ingress refuse 1 --reason "The list has no source" --as cora
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        refuse_code(tre, asked.as_manager(), number, reason, file or None)
    sentence = "Refused. Who brought the files reads the reason at the desk."
    answer({"ingress": number, "refused": file or "all"}, sentence, as_json=as_json)


@app.command("withdraw")
def withdraw(context: typer.Context, number: NumberArgument, *, as_json: Json = False) -> None:
    """Take back every file of a request that waits.

    Example: tre ingress withdraw 1 --as ada
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        withdraw_code(tre, asked.as_manager(), number)
    sentence = "Withdrawn. What was accepted before stays in the workspace."
    answer({"ingress": number, "withdrawn": True}, sentence, as_json=as_json)


_FOUND = ("file", "where", "severity", "rule", "what", "remedy")


def _show(view: IngressView, *, as_json: bool) -> None:
    if as_json:
        show_json(view)
        return
    show_fields(
        {
            "ingress": f"{view.id}, {view.state}",
            "project": view.project_title,
            "from": view.author_name,
            "purpose": view.purpose,
            "source": view.source,
        }
    )
    show_table(
        ("no.", "file", "state", "bytes", "brought in without", "why refused", "in the workspace"),
        [
            (f.id, f.name, f.state, f.size_bytes, f.removed, f.reason, f.placed_at)
            for f in view.files
        ],
        empty="",
    )
    rows = [row for file in view.files for row in _finding_rows(file.name, file.findings)]
    show_table(_FOUND, rows, empty="The scan found nothing.")


def _finding_rows(name: str, findings: Iterable[Finding]) -> list[tuple[object, ...]]:
    return [(name, _where(f), f.severity, f.rule, f.message + _more(f), f.remedy) for f in findings]


def _piece(piece: Piece) -> str:
    """Hidden characters by their numbers, which also keeps a file from steering the terminal."""
    return f"<{piece.text}>" if piece.mark == "hidden" else piece.text


def _where(finding: Finding) -> str:
    cell = f"cell {finding.cell}" if finding.cell else ""
    line = f"line {finding.line}" if finding.line else ""
    return ", ".join(filter(None, (cell, line)))


def _more(finding: Finding) -> str:
    return f" (and {finding.more} more)" if finding.more else ""


def _as_json(file: Scanned) -> dict[str, object]:
    return {
        "name": file.name,
        "blocked": file.blocked,
        "removed": file.removed,
        "findings": file.findings,
    }


def _read(paths: Iterable[Path]) -> list[Offered]:
    """Read regular files, and no link; of too much no more is read than tells that it is."""
    offered, left = [], MOST_BYTES
    for path in paths:
        content = _read_one(path, left)
        left -= len(content)
        offered.append(Offered(name=path.name, content=content))
    return offered


def _read_one(path: Path, most: int) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                message = f"{path} is no file; bring files one by one"
                raise UnusableRequestError(message)
            content = file.read(most + 1)
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror} (a link is not followed)"
        raise UnusableRequestError(message) from error
    if len(content) > most:
        message = f"at most {MOST_BYTES // 2**20} MiB come in at once; bring fewer files"
        raise UnusableRequestError(message)
    return content
