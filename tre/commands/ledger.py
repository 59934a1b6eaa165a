"""`tre ledger …`: what was done, by whom, and the proof that none of it was changed."""

from pathlib import Path
from typing import Annotated

import typer

from tre.commands.asking import asking, opened
from tre.commands.showing import LARGEST, Json, answer, plain, say, show_json, show_table
from tre.commands.writing import must_be_writable
from tre.decision import UnusableRequestError
from tre.safe_outputs.atomic_file import write_whole
from tre.steps.checkpoint_ledger import HeldAgainst, checkpoint_ledger, verify_against
from tre.steps.ledger_search import as_csv, as_json_lines, search_for
from tre.steps.read_ledger import export_ledger, search_ledger
from tre.steps.verify_ledger import verify_ledger

app = typer.Typer(help="The ledger: show what was done and refused; verify that it is whole.")


Person = Annotated[str, typer.Option(help="Only what this person did or met.")]
Project = Annotated[str, typer.Option(help="Only this project.")]
Request = Annotated[int | None, typer.Option(help="Only this release request.", min=1, max=LARGEST)]
Tag = Annotated[str, typer.Option(help="Only tags that begin so, such as outputs:review.")]
Outcome = Annotated[str, typer.Option(help="Only done, or only refused.")]
Since = Annotated[str, typer.Option(help="From this day on (YYYY-MM-DD, UTC).")]
Until = Annotated[str, typer.Option(help="Up to this day, included (YYYY-MM-DD, UTC).")]


@app.command("show")
def show(  # noqa: PLR0913 - each is a way to narrow the search
    context: typer.Context,
    *,
    person: Person = "",
    project: Project = "",
    request: Request = None,
    tag: Tag = "",
    outcome: Outcome = "",
    since: Since = "",
    until: Until = "",
    limit: Annotated[
        int, typer.Option(help="At most so many, the newest first.", min=1, max=LARGEST)
    ] = 50,
    as_json: Json = False,
) -> None:
    """Show the ledger, the newest entry first.

    Example: tre ledger show --project early-onset-psychosis --outcome refused
    """
    asked = asking(context)
    search = search_for(
        person=person,
        project=project,
        request=str(request or ""),
        tag=tag,
        outcome=outcome,
        since=since,
        until=until,
    )
    with opened(asked.config()) as tre:
        entries = search_ledger(tre, asked.as_manager(), search, limit=limit)
    if as_json:
        show_json(entries)
        return
    show_table(
        ("no.", "at", "who", "what", "outcome", "project", "request"),
        [(e.number, e.at, e.actor, e.tag, e.outcome, e.project, e.request) for e in entries],
        empty="The ledger has no such entry.",
    )


@app.command("verify")
def verify(
    context: typer.Context,
    *,
    against: Annotated[
        list[Path] | None,
        typer.Option(help="A checkpoint kept elsewhere, or a folder of them; may be repeated."),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(help="SHA-256 of the key that must have signed them (16 digits or more)."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Prove that the ledger is whole, or say which entry was changed.

    With --against, also that it goes on from checkpoints that were kept elsewhere: even the
    owner of the machine, with every key there is, cannot rewrite what those cover unseen. The
    checkpoints that are kept here are always asked. Where the ledger's key is gone, hashes and
    checkpoints are held against each other all the same. Exit status 2 where it does not hold,
    1 where one of these is gone or the clock was turned back: look at it.
    Example: tre ledger verify --against /media/usb
    """
    with opened(asking(context).config(), to_verify=True) as tre:
        verdict = verify_ledger(tre)
        held = verify_against(tre, against or [], key=key)
    if as_json:
        show_json({**plain(verdict), "against": plain(held)})
    else:
        say(verdict.message)
        for one in held:
            say(_about(one))
    if not verdict.whole or not all(one.holds for one in held):
        raise typer.Exit(2)
    if verdict.remarks:
        raise typer.Exit(1)


def _about(one: HeldAgainst) -> str:
    """Say what came of one checkpoint, and whose key it is."""
    sign = "holds" if one.holds else "DOES NOT HOLD"
    key = f"signed by {one.signed_by}"
    if one.same_key is False:
        key += ", which is not the environment's key today: it was changed since, or is another's"
    return (
        f"{sign}: {one.file} of {one.at:%Y-%m-%d %H:%M} UTC, {one.entries:,} entries: "
        f"{one.message}\n  {key}"
    )


@app.command("checkpoint")
def checkpoint(
    context: typer.Context,
    *,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Where to write it.", show_default="checkpoints/"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write what the ledger is now, signed, to keep on another machine.

    The environment writes one a day into checkpoints/ of the data home by itself: copy them to
    where its operator cannot write. Example: tre ledger checkpoint -o /media/usb/ledger-1.json
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        kept = checkpoint_ledger(tre, asked.as_manager(), output)
    if as_json:
        show_json(kept)
        return
    say(f"{kept.file}: {kept.entries:,} entries, the last with the hash {kept.hash}")
    say(f"signed by {kept.signed_by}; keep that with it: tre ledger verify --key asks for it")


EXPORTS = {".csv": as_csv, ".jsonl": as_json_lines}


@app.command("export")
def export(  # noqa: PLR0913 - each is a way to narrow the search
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Ends in .csv or .jsonl.")],
    *,
    person: Person = "",
    project: Project = "",
    request: Request = None,
    tag: Tag = "",
    outcome: Outcome = "",
    since: Since = "",
    until: Until = "",
    as_json: Json = False,
) -> None:
    """Write what a search finds to a file, the oldest entry first.

    Example: tre ledger export refused.csv --outcome refused --since 2026-01-01
    """
    write = EXPORTS.get(file.suffix)
    if write is None:
        message = f"{file} must end in .csv or .jsonl"
        raise UnusableRequestError(message)
    must_be_writable(file)
    asked = asking(context)
    search = search_for(
        person=person,
        project=project,
        request=str(request or ""),
        tag=tag,
        outcome=outcome,
        since=since,
        until=until,
    )
    with opened(asked.config()) as tre:
        found = export_ledger(tre, asked.as_manager(), search)
    write_whole(file, write(found).encode())
    told = {"file": file, "entries": len(found)}
    answer(told, f"{file}: {len(found):,} entries", as_json=as_json)
