"""Make tables: asked for word by word, or as a declaration says."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from output_checks.cli.answering import EXIT, Json, print_json, working
from output_checks.cli.asking import Protecting, Question
from output_checks.cli.reading import read_text
from output_checks.cli.signature import taking
from output_checks.data import Data, rebuild
from output_checks.declaration import Declaration
from output_checks.errors import OutputCheckError, unknown
from output_checks.show.files import KINDS, write_whole
from output_checks.table import Table

_WRITING = "What to write"


@dataclass(frozen=True, kw_only=True)
class Writing:
    """Where to write what."""

    as_json: Json = False
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="Where to write what may leave: .csv, .xlsx, .html; or the report: .json.",
            rich_help_panel=_WRITING,
        ),
    ] = None
    notes: Annotated[
        Path | None,
        typer.Option(
            help="Where to write what the table shows and how it is protected.",
            rich_help_panel=_WRITING,
        ),
    ] = None
    report: Annotated[
        Path | None,
        typer.Option(
            help="Where to write the checker's page (.html); it never leaves.",
            rich_help_panel=_WRITING,
        ),
    ] = None
    declaration: Annotated[
        Path | None,
        typer.Option(
            help="Where to write the declaration (.json) for `rebuild`.",
            rich_help_panel=_WRITING,
        ),
    ] = None

    def refuse_unwritable(self) -> None:
        """See before anything is computed that every file could be written.

        Raises OutputCheckError.
        """
        if self.output is not None and self.output.suffix.lower() not in KINDS:
            kind = self.output.suffix or self.output.name
            raise OutputCheckError("-o: " + unknown("kind of file", kind, KINDS))
        if self.notes is not None and self.output is None:
            raise OutputCheckError("--notes goes with -o, the table that they are about")
        for path in (self.output, self.notes, self.report, self.declaration):
            if path is not None and not path.parent.is_dir():
                raise OutputCheckError(f"{path} cannot be written: there is no such folder")

    def answer(self, table: Table) -> int:
        """Write and print; gives the exit status."""
        if self.output is not None:
            table.write(self.output, notes=self.notes)
        if self.report is not None:
            table.to_report(self.report)
        if self.declaration is not None:
            write_whole(self.declaration, table.declaration.to_json().encode())
        if self.as_json:
            print_json(table.report().to_dict())
        else:
            Console().print(table)
        return EXIT[table.report().verdict]


@dataclass(frozen=True, kw_only=True)
class Rebuilding:
    """What to rebuild from what."""

    declared: Annotated[
        Path, typer.Argument(metavar="DECLARATION", help="The declaration (.json).")
    ]
    data: Annotated[Path, typer.Argument(help="A Parquet or CSV file with the same data.")]
    policy: Annotated[str | None, typer.Option(help="Another policy than the declared one.")] = None


@taking(Question, Protecting, Writing)
def table(question: Question, protecting: Protecting, writing: Writing) -> int:
    """Make a table, judge it, and protect it where asked.

    The exit status says what the check found: 0 pass, 1 a person must look, 2 fail; 3 where it
    could not be carried out.
    """
    writing.refuse_unwritable()
    with working("Making the table"):
        made = question.table()
    with working("Protecting it"):
        made = protecting.applied(made)
    return writing.answer(made)


@taking(Rebuilding, Writing)
def rebuild_declared(asked: Rebuilding, writing: Writing) -> int:
    """Make a declared table again from the data, protection included, and judge it.

    Noise cannot be drawn twice, so a table with noise cannot be rebuilt.
    """
    writing.refuse_unwritable()
    declaration = Declaration.from_json(read_text(asked.declared))
    with working("Making the table again"):
        data = Data.read(asked.data, unit=declaration.unit, name=declaration.dataset)
        made = rebuild(declaration, data, asked.policy)
    return writing.answer(made)
