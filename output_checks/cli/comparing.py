"""Put side by side: ways of protecting one table, and several tables of the same data."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from output_checks.cli.answering import EXIT, Json, print_json, working
from output_checks.cli.asking import Question, any_option, known_method
from output_checks.cli.reading import read_text
from output_checks.cli.signature import taking
from output_checks.cli.writing import refuse_unwritable
from output_checks.data import Data, rebuild
from output_checks.declaration import Declaration
from output_checks.errors import OutputCheckError
from output_checks.linked import check_together
from output_checks.protect.utility import METHODS_COMPARED, compare
from output_checks.show.files import write_whole
from output_checks.show.report import picture_page
from output_checks.table import Table


@dataclass(frozen=True, kw_only=True)
class Comparing:
    """Which ways to compare, and where to draw them."""

    method: Annotated[
        list[str],
        typer.Option(
            help="A protection, and its options after it: round,base=5. Repeat it.",
            show_default="suppress, round, midpoint, cell-key, coarsen",
        ),
    ] = field(default_factory=list)
    report: Annotated[
        Path | None, typer.Option(help="Where to draw it as a page (.html); it never leaves.")
    ] = None
    as_json: Json = False


@taking(Question, Comparing)
def compare_protections(question: Question, comparing: Comparing) -> int:
    """Protect a table in several ways and show what each costs, side by side.

    Cells withheld, value withheld, mean change, and how many small cells a reader can still tell.
    """
    refuse_unwritable({"--report": comparing.report}, question.files())
    methods = tuple(map(_method, comparing.method)) or METHODS_COMPARED
    with working("Making the table"):
        table = question.table()
    with working("Protecting it in several ways"):
        compared = compare(table, methods)
    if comparing.report is not None:
        page = picture_page(compared.title, compared._repr_html_())
        write_whole(comparing.report, page.encode())
    if comparing.as_json:
        print_json(compared.frame.to_dicts())
    else:
        Console().print(compared)
    return 0


def _method(text: str) -> tuple[str, dict[str, Any]]:
    name, *options = text.split(",")
    return known_method(name.strip()), dict(any_option(option) for option in options)


@dataclass(frozen=True, kw_only=True)
class Together:
    """Which outputs, of which data."""

    declared: Annotated[
        list[Path],
        typer.Argument(metavar="DECLARATION…", help="Declarations of the outputs (.json)."),
    ]
    data: Annotated[Path, typer.Option(help="A Parquet or CSV file with their data.")]
    released: Annotated[
        list[Path], typer.Option(help="The declaration of an output that is out already.")
    ] = field(default_factory=list)
    policy: Annotated[
        str | None,
        typer.Option(help="Whose threshold counts.", show_default="the strictest of the outputs'"),
    ] = None
    as_json: Json = False


@taking(Together)
def together(asked: Together) -> int:
    """Find what several outputs reveal together although none of them does alone.

    Each is made again from the data; then everything that can be worked out of all of them is
    looked at: small groups by subtraction, and withheld cells that another table gives away.
    """
    with working("Making the tables again"):
        tables = {path.name: remade(path, asked.data) for path in asked.declared}
        released = {path.name: remade(path, asked.data) for path in asked.released}
    if len(tables) + len(released) < len(asked.declared) + len(asked.released):
        raise OutputCheckError("two of the declarations have the same file name")
    with working("Looking at them together"):
        report = check_together(tables, asked.policy, released=released)
    if asked.as_json:
        print_json(report.to_dict())
    else:
        Console().print(report)
    return EXIT[report.verdict]


def remade(path: Path, data: Path) -> Table:
    """A declared table, made again from the data. Raises a kind of OutputCheckError."""
    declaration = Declaration.from_json(read_text(path))
    read = Data.read(data, unit=declaration.unit, name=declaration.dataset)
    return rebuild(declaration, read)
