"""`tre attack`: attack the running world, and say what held."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from tre.attack.attack import Attack, Outcome, Result
from tre.attack.families import HEADINGS, NOT_HELD
from tre.commands.asking import Asking, asking, opened
from tre.commands.progress import progress_bar
from tre.commands.showing import Json, console, say, show_json, show_table
from tre.commands.writing import must_be_writable

_STYLES = {
    Outcome.HELD: "green",
    Outcome.IN_PART: "yellow",
    Outcome.OPEN: "bold red",
    Outcome.NOT_RUN: "bold magenta",
}


def attack(
    context: typer.Context,
    *,
    only: Annotated[
        list[str] | None,
        typer.Option(help="An attack's id or a family; may be given several times."),
    ] = None,
    listed: Annotated[
        bool, typer.Option("--list", help="List the attacks, and make none.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page for an auditor as well.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Attack the running world from inside a session and from a browser, and say what held.

    Start the world first (`make up` in another terminal). It takes a minute or two, signs in as
    the people of the demonstration, and takes back what it made.

    Exit status: 0 all held (or in part, as documented), 2 something is open, 3 something could
    not be tried. Example: tre attack --html attacks.html
    """
    from tre.attack.attacks import chosen  # noqa: PLC0415  (JupyterHub and tornado load slowly)

    attacks = chosen(only or [])
    if listed:
        _list(attacks, as_json=as_json)
        return
    must_be_writable(html, "--html")
    raise typer.Exit(_attacked(asking(context), attacks, html, as_json=as_json))


def _attacked(asked: Asking, attacks: Sequence[Attack], html: Path | None, *, as_json: bool) -> int:
    from tre.attack import suite  # noqa: PLC0415  (the same)
    from tre.attack.page import About, page  # noqa: PLC0415
    from tre.attack.running import running_world  # noqa: PLC0415
    from tre.attack.target import Target  # noqa: PLC0415
    from tre.steps.attack_suite import end_attacks, start_attacks  # noqa: PLC0415

    config, person = running_world(asked.config()), asked.as_manager()
    began, results = time.monotonic(), []
    with opened(config) as tre:
        start_attacks(tre, person, len(attacks))
        target = Target(config, tre)
        try:
            with progress_bar() as told:
                results.extend(suite.make(target, attacks, told))
        finally:
            target.close()
            found = suite.counts(results)
            end_attacks(tre, person, {str(one): number for one, number in found.items()})
    if html is not None:
        about = About(
            at=datetime.now(UTC),
            person=person,
            home=str(config.home),
            seconds=time.monotonic() - began,
        )
        html.write_text(page(results, about), encoding="utf-8")
    if as_json:
        show_json({"attacks": [suite.as_row(one) for one in results], "not held": dict(NOT_HELD)})
    else:
        _show(results)
        say(", ".join(f"{number} {outcome}" for outcome, number in found.items()) + ".")
    return suite.status(results)


def _list(attacks: Sequence[Attack], *, as_json: bool) -> None:
    if as_json:
        rows = [
            {"id": one.id, "family": str(one.family), "title": one.title, "tries": one.tries}
            for one in attacks
        ]
        show_json(rows)
        return
    show_table(
        ("family", "id", "tries", "held by"),
        [(one.family, one.id, one.tries, one.holder) for one in attacks],
        empty="There is no such attack.",
    )


def _show(results: Sequence[Result]) -> None:
    """One table a family, with its counts; then what nothing holds."""
    for family, heading in HEADINGS.items():
        own = [result for result in results if result.attack.family is family]
        if own:
            console().print(_family(heading, own))
    table = _table("What nothing here holds", "way out", "what would hold it")
    for what, why in NOT_HELD:
        table.add_row(what, why)
    console().print(table)


def _table(title: str, *columns: str) -> Table:
    return Table(
        *columns,
        title=f"\n{title}",
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
    )


def _family(heading: str, results: Sequence[Result]) -> Table:
    good = sum(one.seen.outcome is Outcome.HELD for one in results)
    title = f"{heading}: {good} of {len(results)} held"
    table = _table(title, "outcome", "attack", "what was seen")
    for one in results:
        outcome = Text(str(one.seen.outcome), style=_STYLES[one.seen.outcome])
        because = f" {one.attack.because}" if one.seen.outcome is Outcome.IN_PART else ""
        table.add_row(outcome, one.attack.id, Text(f"{one.seen.evidence}{because}"))
    return table
