"""What commands write: the places are looked at before anything is computed, then all or none."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer
from rich.console import Console

from output_checks.cli.answering import EXIT, Json, print_json, say
from output_checks.errors import OutputCheckError, unknown
from output_checks.show.drawing import Drawing
from output_checks.show.files import KINDS, table_files, write_all
from output_checks.table import Table
from output_checks.words import Verdict

_KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"-o": tuple(KINDS), "--report": (".html",), "--declaration": (".json",)}
)
_WRITING = "What to write"


def refuse_unwritable(
    places: Mapping[str, Path | None], reading: Iterable[Path | None] = ()
) -> None:
    """See before anything is computed that every file could be written.

    places: by the option that asks for it; reading: the files that the command reads, which it
    must not write over.
    Raises OutputCheckError.
    """
    taken = {path.resolve(): "the command reads it" for path in reading if path is not None}
    for option, path in places.items():
        if path is None:
            continue
        kinds = _KINDS.get(option)
        if kinds is not None and path.suffix.lower() not in kinds:
            kind = path.suffix or path.name
            raise OutputCheckError(f"{option}: " + unknown("kind of file", kind, kinds))
        reason = taken.get(path.resolve()) or _obstacle(path)
        if reason:
            raise OutputCheckError(f"{option}: {path} cannot be written: {reason}")
        taken[path.resolve()] = f"{option} is written there"


def _obstacle(path: Path) -> str | None:
    if not path.parent.is_dir():
        return "there is no such folder"
    if path.is_dir():
        return "it is a folder"
    return None if os.access(path.parent, os.W_OK) else "nobody may write in its folder"


@dataclass(frozen=True, kw_only=True)
class Writing:
    """Where to write what."""

    as_json: Json = False
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="Where to write what would leave: .csv, .xlsx, .html; or the report: .json.",
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

    def refuse_unwritable(self, *reading: Path | None) -> None:
        """See before anything is computed that every file could be written.

        Raises OutputCheckError.
        """
        if self.notes is not None and self.output is None:
            raise OutputCheckError("--notes goes with -o, the table that they are about")
        places = {
            "-o": self.output,
            "--notes": self.notes,
            "--report": self.report,
            "--declaration": self.declaration,
        }
        refuse_unwritable(places, reading)

    def answer(self, table: Table) -> int:
        """Write everything and print; gives the exit status."""
        write_all(self._files(table))
        verdict = table.report().verdict
        if verdict is Verdict.FAIL and self.output and self.output.suffix.lower() != ".json":
            say(
                f"{self.output} holds the table as it stands, which is disclosive: it must not "
                "leave. --protect suppress withholds what fails"
            )
        if self.as_json:
            print_json(table.report().to_dict())
        else:
            Console().print(table)
        return EXIT[verdict]

    def _files(self, table: Table) -> dict[Path, bytes]:
        files: dict[Path, bytes] = {}
        if self.output is not None:
            drawing = Drawing(
                grids=table.grids, report=table.report(), declaration=table.declaration
            )
            files |= table_files(drawing, self.output, self.notes)
        if self.report is not None:
            files[self.report] = table.to_report().encode()
        if self.declaration is not None:
            files[self.declaration] = table.declaration.to_json().encode()
        return files
