"""The command `output-checks`.

Exit status: 0 pass or done, 1 needs a person's review, 2 fail (disclosive), 3 the command could
not be carried out; the message is then on stderr, and nothing is half-written.
"""

import io
import sys
from collections.abc import Callable, Sequence
from inspect import cleandoc

import typer
from rich.markup import escape

from output_checks.cli import books, comparing, listings, published, tables
from output_checks.cli.answering import EXIT, NOT_DONE, say
from output_checks.cli.written import as_options
from output_checks.errors import OutputCheckError

_STATES = (None, *EXIT.values())

app = typer.Typer(
    help=(
        "Check and protect outputs of sensitive data.\n\nExit status: 0 pass or done, 1 a person "
        "must look, 2 fail, 3 it could not be carried out."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _command(name: str, carry_out: Callable[..., int], *examples: str) -> None:
    """Give a command its name, its help in whole paragraphs, and examples at its end.

    A name of two words is a command in a group of them.
    """
    paragraphs = cleandoc(carry_out.__doc__ or "").split("\n\n")
    help_text = escape("\n\n".join(" ".join(one.split()) for one in paragraphs))
    word = "Example:" if len(examples) == 1 else "Examples:"
    said = "\n\n".join((word, *(f"output-checks {one}" for one in examples)))
    of_book = name.startswith("book ")
    group = _book if of_book else app
    group.command(name.removeprefix("book "), help=help_text, epilog=said)(carry_out)


_book = typer.Typer(
    help="A book of what was released, and what a new output would add to it.",
    no_args_is_help=True,
)
app.add_typer(_book, name="book")
_command(
    "table",
    tables.table,
    "table people.parquet --rows diagnosis --columns sex --unit id --protect suppress",
    "table people.csv --rows region --statistic count,mean --of income --unit id -o income.xlsx",
)
_command("rebuild", tables.rebuild_declared, "rebuild table.json people.parquet -o table.csv")
_command(
    "compare",
    comparing.compare_protections,
    "compare people.parquet --rows diagnosis --columns sex --unit id --report ways.html",
    "compare people.parquet --rows diagnosis --unit id --method suppress --method round,base=5",
)
_command(
    "together",
    comparing.together,
    "together new.json --released last-year.json --data people.parquet",
)
_command("book list", books.listed, "book list released.jsonl")
_command("book seal", books.sealed, "book seal released.jsonl --kept 0:")
_command("book ask", books.asked_of, "book ask released.jsonl new.json --data people.parquet")
_command(
    "book add",
    books.added,
    "book add released.jsonl new.json --data people.parquet --name ages --on 2026-03-04",
)
_command("intervals", published.intervals, "intervals published.csv --policy srs")
_command("file", published.file, "file results.xlsx figure.png --report check.html")
_command("policies", listings.list_policies, "policies --json")
_command("rules", listings.list_rules, "rules")
_command("budget", listings.budget, "budget project.json --create 1.0")


def main() -> None:
    """Run the command; every way of not being carried out is exit status 3."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal without these letters shows codes
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run the command with these arguments and return its exit status."""
    try:
        status = app(args=list(arguments), prog_name="output-checks", standalone_mode=False)
    except typer.TyperException as error:
        said = error.format_message()
        return say(said) if said.strip() else NOT_DONE  # without arguments its help was printed
    except (OutputCheckError, OSError) as error:
        return say(as_options(str(error)) or type(error).__name__)
    except typer.Abort:
        return say("stopped")
    return int(status or 0) if status in _STATES else say("stopped")


__all__ = ["NOT_DONE", "app", "main", "run"]
