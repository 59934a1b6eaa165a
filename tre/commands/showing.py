"""How commands show what they found: a table for people, JSON for programs."""

import dataclasses
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

LARGEST = 2**31 - 1
"""The largest number that a command takes; no database counts further."""

_PIPE_WIDTH = 160
"""Characters a line where the output is no terminal: a pipe should not fold."""


def console(*, stderr: bool = False) -> Console:
    """Open the place where people read."""
    screen = Console(stderr=stderr, highlight=False, soft_wrap=False)
    return (
        screen if screen.is_terminal else Console(stderr=stderr, highlight=False, width=_PIPE_WIDTH)
    )


def say(text: str) -> None:
    """Print a sentence."""
    console().print(Text(text), soft_wrap=True)


def show_json(value: object) -> None:
    """Print a value as JSON, with every number and date as it is."""
    typer.echo(json.dumps(plain(value), indent=2, ensure_ascii=False))


def answer(value: object, sentence: str, *, as_json: bool) -> None:
    """Say what was done: an object for programs, a sentence for people."""
    if as_json:
        show_json(value)
    else:
        say(sentence)


def show_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """Print rows under their headings; `empty` says what to do where there are none."""
    shown = list(rows)
    if not shown:
        say(empty)
        return
    table = Table(*columns, box=None, pad_edge=False, header_style="bold", show_edge=False)
    for row in shown:
        table.add_row(*(Text(_cell(value)) for value in row))
    console().print(table)


def show_fields(fields: Mapping[str, object]) -> None:
    """Print one thing's fields, one a line."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in fields.items():
        table.add_row(name, Text(_cell(value)))
    console().print(table)


def plain(value: Any) -> Any:
    """Turn dataclasses, dates, sets and paths into what JSON knows."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(plain(each) for each in value)
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value) if isinstance(value, Path) else value


def _cell(value: object) -> str:
    """Write one value for a person: no microseconds, no None, thousands apart."""
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    return str(value)


_WORDS = {None: "", True: "yes", False: "no"}
_WRITERS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (datetime, lambda moment: moment.strftime("%Y-%m-%d %H:%M")),
    (int, lambda count: f"{count:,}"),
    (float, lambda number: f"{number:.4g}"),
    ((set, frozenset), lambda several: ", ".join(sorted(map(str, several)))),
    ((list, tuple), lambda several: ", ".join(map(str, several))),
)


def percent(share: float) -> str:
    """Write a share from 0 to 1 as a percentage with one decimal."""
    return f"{100 * share:.1f} %"
