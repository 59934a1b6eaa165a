"""`tre request …`: what was asked to leave, and whether a bundle is what was released."""

from pathlib import Path
from typing import Annotated

import typer

from tre.commands.asking import asking, opened
from tre.commands.showing import Json, say, show_fields, show_json, show_table
from tre.decision import UnusableRequestError
from tre.safe_outputs.bundle import verify_bundle
from tre.steps.queue import queue
from tre.steps.view_request import view_request
from tre.steps.views import FileView, RequestView

app = typer.Typer(help="Release requests: list, show; verify a released bundle anywhere.")

RequestArgument = Annotated[int, typer.Argument(help="The request's number.", min=1)]


@app.command("list")
def list_requests(context: typer.Context, *, as_json: Json = False) -> None:
    """List the requests that wait for review, the worst and oldest first.

    Example: tre request list --json
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        rows = queue(tre, asked.as_manager())
    if as_json:
        show_json(rows)
        return
    show_table(
        ("no.", "title", "project", "author", "state", "turn", "verdict", "days"),
        [
            (
                r.id,
                r.title,
                r.project_id,
                r.author_name,
                r.state,
                r.turn,
                r.worst_verdict,
                r.age_working_days,
            )
            for r in rows
        ],
        empty="Nothing waits for review. A researcher asks with session.request_release(…).",
    )


@app.command("show")
def show(context: typer.Context, request: RequestArgument, *, as_json: Json = False) -> None:
    """Show a request: files, automatic verdicts, what was said, what happened.

    Shows what the person you act as may see. Example: tre request show 1 --as cora
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        view = view_request(tre, asked.as_manager(), request)
    if as_json:
        show_json(view)
        return
    show_fields(_fields(view))
    show_table(
        ("file", "kind", "verdict", "provenance", "decision"),
        [_file_row(file) for group in view.groups for file in group.files],
        empty="No files yet.",
    )
    show_table(("at", "who", "what"), [(e.at, e.who, e.what) for e in view.history], empty="")


def _fields(view: RequestView) -> dict[str, object]:
    said = {
        f"{name} of {group.name}": text
        for group in view.groups
        for name, text in (("context", group.context), ("controls", group.controls))
    }
    return {
        "request": f"{view.id}: {view.title}",
        "project": view.project_title,
        "author": view.author_name,
        "state": f"{view.state} (turn {view.turn})",
        "verdict": view.worst_verdict,
        "policy": view.policy,
        **said,
    }


def _file_row(file: FileView) -> tuple[object, ...]:
    check = file.check or {}
    return (file.name, file.kind, check.get("verdict"), check.get("provenance"), file.decision)


@app.command("verify")
def verify(
    context: typer.Context,
    bundle: Annotated[Path, typer.Argument(help="The zip that was downloaded from the desk.")],
    *,
    key: Annotated[
        Path | None, typer.Option(help="The environment's public key (PEM), from its operator.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Verify a released bundle: every file is what was reviewed, and the signature holds.

    Works anywhere, without a data home. Exit status 2 where it does not hold.
    Example: tre request verify request-1.zip
    """
    _ = context
    if not bundle.is_file():
        message = f"there is no file {bundle}"
        raise UnusableRequestError(message)
    result = verify_bundle(bundle, key.read_bytes() if key else None)
    if as_json:
        show_json(result)
    else:
        say(result.message)
    if not result.valid:
        raise typer.Exit(2)
