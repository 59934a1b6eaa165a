"""How commands answer: on stdout what was asked for, on stderr what went wrong or takes long."""

import json
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column
from rich.table import Table as RichTable
from rich.text import Text

from output_checks.words import Verdict

EXIT: Mapping[Verdict, int] = MappingProxyType(
    {Verdict.PASS: 0, Verdict.REVIEW: 1, Verdict.FAIL: 2}
)
NOT_DONE = 3

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
PolicyName = Annotated[
    str, typer.Option(help="A policy's name, names joined by +, or a .toml file.")
]


def say(message: str) -> int:
    """Say on stderr why a command could not be carried out; gives the exit status for it."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    said = "".join(one if one.isprintable() else "\ufffd" for one in " ".join(message.split()))
    console.print(f"output-checks: {said}", markup=False)
    return NOT_DONE


@contextmanager
def working(what: str) -> Generator[None]:
    """Show that something takes its time, where somebody watches."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(Text(what)):
        yield


def print_json(content: Any) -> None:
    """One JSON object or list; numbers that JSON has no word for are refused."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def print_rows(rows: Sequence[Mapping[str, Any]], otherwise: str) -> None:
    """Rows of one shape as a table, or a sentence where there are none."""
    console = Console()
    if not rows:
        console.print(otherwise, markup=False)
        return
    drawn = RichTable(*(Column(Text(name), overflow="fold") for name in rows[0]))
    for row in rows:
        drawn.add_row(*(Text("any" if value is None else str(value)) for value in row.values()))
    console.print(drawn)


def plain(value: Any) -> Any:
    """A policy's value as JSON has it."""
    if isinstance(value, Verdict):
        return str(value)
    return "never" if value == float("inf") else value
