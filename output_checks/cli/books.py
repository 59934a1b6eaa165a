"""The book of released outputs: what is in it, what a new output would add, enter one."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from output_checks.book import ReleaseBook
from output_checks.cli.answering import EXIT, Json, print_json, print_rows, working
from output_checks.cli.comparing import remade
from output_checks.cli.signature import taking
from output_checks.errors import OutputCheckError
from output_checks.words import Verdict

_Book = Annotated[Path, typer.Argument(metavar="BOOK", help="The file of the book.")]
_DataFile = Annotated[Path, typer.Option(help="A Parquet or CSV file with the data.")]


def listed(book: _Book, *, as_json: Json = False) -> int:
    """List what was released, in the order of its entry."""
    rows = [
        {
            "name": one.name,
            "project": one.project,
            "on": one.on.isoformat(),
            "dataset": one.declaration.dataset,
            "dimensions": ", ".join(one.declaration.dimensions),
            "statistics": ", ".join(one.declaration.statistics),
            "cells": len(one.cells),
        }
        for one in ReleaseBook(book).entries()
    ]
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, "Nothing was released yet.")
    return 0


def sealed(
    book: _Book,
    *,
    kept: Annotated[
        str | None,
        typer.Option(metavar="SEAL", help="An earlier seal: is all that it covers still there?"),
    ] = None,
    as_json: Json = False,
) -> int:
    """Show the seal of the book, which covers all of its outputs; keep it where no writer is."""
    seal = ReleaseBook(book, seal=kept).seal()
    if as_json:
        print_json({"seal": seal})
    else:
        Console().print(seal, markup=False, highlight=False, soft_wrap=True)
    return 0


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Which outputs the book is asked about."""

    book: _Book
    declared: Annotated[
        list[Path],
        typer.Argument(metavar="DECLARATION…", help="Declarations of the new outputs (.json)."),
    ]
    data: _DataFile
    policy: Annotated[
        str | None,
        typer.Option(help="Whose threshold counts.", show_default="the strictest of the outputs'"),
    ] = None
    project: Annotated[
        list[str], typer.Option(help="Only what this project released; may be repeated.")
    ] = field(default_factory=list)
    as_json: Json = False


@taking(Asking)
def asked_of(asked: Asking) -> int:
    """Find what new outputs would reveal together with everything that is released already."""
    book = ReleaseBook(asked.book)
    book.entries()  # A book that cannot be read is said to be so before anything is made.
    with working("Making the tables again"):
        tables = {path.name: remade(path, asked.data) for path in asked.declared}
    if len(tables) < len(asked.declared):
        raise OutputCheckError("two of the declarations have the same file name")
    with working("Asking the book"):
        report = book.ask(tables, policy=asked.policy, projects=asked.project or None)
    if asked.as_json:
        print_json(report.to_dict())
    else:
        Console().print(report)
    return EXIT[report.verdict]


@dataclass(frozen=True, kw_only=True)
class Adding:
    """What is entered into which book."""

    book: _Book
    declared: Annotated[
        Path, typer.Argument(metavar="DECLARATION", help="The output's declaration (.json).")
    ]
    data: _DataFile
    name: Annotated[str, typer.Option(help="What the output is called.")]
    on: Annotated[str, typer.Option(metavar="DATE", help="The day of its release: 2026-03-04.")]
    project: Annotated[str, typer.Option(help="The project that released it.")] = ""
    even_if_failing: Annotated[
        bool,
        typer.Option(
            "--even-if-failing", help="Enter it although it fails: it is out, and must be counted."
        ),
    ] = False
    as_json: Json = False


@taking(Adding)
def added(asked: Adding) -> int:
    """Enter an output that is released; what is in the book is never changed."""
    try:
        day = date.fromisoformat(asked.on)
    except ValueError as error:
        raise OutputCheckError(f"--on takes a date such as 2026-03-04, not {asked.on!r}") from error
    with working("Making the table again"):
        table = remade(asked.declared, asked.data)
    if table.report().verdict is Verdict.FAIL and not asked.even_if_failing:
        raise OutputCheckError(
            f"{asked.declared} fails its own check and was not entered; if it is out all the same, "
            "enter it with --even-if-failing"
        )
    entry = ReleaseBook(asked.book).add(
        table, name=asked.name, on=day, project=asked.project, even_if_failing=True
    )
    if asked.as_json:
        print_json(entry.to_dict())
    else:
        Console().print(f"Entered: {entry.title}.", markup=False)
    return 0
