"""`tre request …`: what was asked to leave, and whether a bundle is what was released."""

import threading
from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tre.commands import reviewing
from tre.commands.asking import asking, opened
from tre.commands.showing import LARGEST, Json, say, show_fields, show_json, show_table
from tre.decision import UnusableRequestError
from tre.hub.proven_seal import ProvenSeal
from tre.hub.reproduction import reproduce
from tre.safe_outputs.bundle import VerifyResult, verify_bundle
from tre.steps.queue import queue
from tre.steps.reproduce import waiting_to_run
from tre.steps.view_request import view_request
from tre.steps.views import FileView, RequestView

app = typer.Typer(
    help="Release requests: list, show, return, figures; verify a released bundle anywhere."
)

RequestArgument = Annotated[int, typer.Argument(help="The request's number.", min=1, max=LARGEST)]


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


@app.command("reproduce")
def run_again(
    context: typer.Context,
    request: Annotated[
        int | None,
        typer.Argument(
            help="The request's number; without it, every request that waits.", min=1, max=LARGEST
        ),
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Run requests' code again, sealed, and say which outputs it gives.

    While the environment is up it does so by itself. A request that is named is run once more,
    also where that was tried. Example: tre request reproduce 1
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        numbers = waiting_to_run(tre) if request is None else (request,)
        if numbers:
            ProvenSeal().must_hold()
        found = [
            each
            for number in numbers
            for each in reproduce(
                tre, number, stop=threading.Event(), also_tried=request is not None
            )
        ]
    if as_json:
        show_json(found)
        return
    show_table(
        ("request", "file", "outcome", "what came of it"),
        [(each.request, each.name, each.outcome, each.said) for each in found],
        empty="Nothing waits to be run again: outputs without code, or recomputed ones, do not.",
    )


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
    result = verify_bundle(bundle, _public_key(key) if key else None)
    if as_json:
        show_json(result)
    else:
        for problem in result.problems:
            say(f"- {problem}")
        say(_verdict(result, known=key is not None))
    if not result.whole:
        raise typer.Exit(2)


def _verdict(result: VerifyResult, *, known: bool) -> str:
    if not result.whole:
        return "Not whole: do not rely on what this bundle says."
    by = "the key you gave" if known else f"a key whose SHA-256 is {result.signed_by}"
    return f"Whole: {len(result.files)} files are as they were released, signed by {by}."


def _public_key(file: Path) -> Ed25519PublicKey:
    """Read the environment's public key. Raises UnusableRequestError for anything else."""
    try:
        key = load_pem_public_key(file.read_bytes())
    except ValueError as error:
        message = f"{file} is not a public key in PEM form"
        raise UnusableRequestError(message) from error
    if not isinstance(key, Ed25519PublicKey):
        message = f"{file} must be an Ed25519 key"
        raise UnusableRequestError(message)
    return key


app.command("queue")(reviewing.show_queue)
app.command("return")(reviewing.give_back)
app.command("figures")(reviewing.show_figures)
