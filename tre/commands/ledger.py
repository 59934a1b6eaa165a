"""`tre ledger …`: what was done, by whom, and the proof that none of it was changed."""

from typing import Annotated

import typer

from tre.commands.asking import asking, opened
from tre.commands.showing import LARGEST, Json, say, show_json, show_table
from tre.steps.read_ledger import read_ledger
from tre.steps.verify_ledger import verify_ledger

app = typer.Typer(help="The ledger: show what was done and refused; verify that it is whole.")


@app.command("show")
def show(
    context: typer.Context,
    *,
    person: Annotated[str | None, typer.Option(help="Only what this person did or met.")] = None,
    project: Annotated[str | None, typer.Option(help="Only this project.")] = None,
    request: Annotated[
        int | None, typer.Option(help="Only this release request.", min=1, max=LARGEST)
    ] = None,
    limit: Annotated[
        int, typer.Option(help="At most so many, the newest first.", min=1, max=LARGEST)
    ] = 50,
    as_json: Json = False,
) -> None:
    """Show the ledger, the newest entry first.

    Example: tre ledger show --project early-onset-psychosis
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        entries = read_ledger(
            tre, asked.as_manager(), person=person, project=project, request=request, limit=limit
        )
    if as_json:
        show_json(entries)
        return
    show_table(
        ("no.", "at", "who", "what", "outcome", "project", "request"),
        [(e.number, e.at, e.actor, e.tag, e.outcome, e.project, e.request) for e in entries],
        empty="The ledger has no such entry.",
    )


@app.command("verify")
def verify(context: typer.Context, *, as_json: Json = False) -> None:
    """Prove that the ledger is whole, or say which entry was changed.

    Exit status 2 where it is not whole. Example: tre ledger verify
    """
    with opened(asking(context).config()) as tre:
        verdict = verify_ledger(tre)
    if as_json:
        show_json(verdict)
    else:
        say(verdict.message)
    if not verdict.whole:
        raise typer.Exit(2)
