"""Every command with its arguments and options, as the programs' own help has them."""

from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperArgument, TyperGroup, TyperOption

from docs.generate.markdown import opening, table
from output_checks.cli import app as output_checks_app
from tre.cli import app as tre_app

INTRODUCTION = """
`.venv/bin/tre` is the environment's command and `.venv/bin/output-checks` works on any table.
Options before the command's name hold for all of them. Listing commands take `--json`. Exit
status: 0 pass or done, 1 needs a person's review, 2 fail, 3 could not be carried out (the message
is on stderr, and nothing is left half-written).
"""


def page() -> str:
    """Draw each program: its own help, then one section a command."""
    text = opening("Commands", "tre/cli.py and output_checks/cli/", INTRODUCTION)
    for program, app in (("tre", tre_app), ("output-checks", output_checks_app)):
        group = typer.main.get_command(app)
        text += f"## `{program}`\n\n{_sentences(group.help)}\n\n{_parameters(group)}"
        for name, command in commands(group, program):
            text += f"### `{name}{_arguments(command)}`\n\n{_sentences(command.help)}\n\n"
            text += _parameters(command)
    return text.rstrip() + "\n"


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Walk the leaves of a program in its own order, with their full names."""
    if isinstance(command, TyperGroup):
        for part, each in command.commands.items():
            yield from commands(each, f"{name} {part}")
    else:
        yield name, command


def _sentences(text: str | None) -> str:
    paragraphs = (text or "").replace("\b", "").replace("\\[", "[").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs).strip()


def _arguments(command: Any) -> str:
    shown = []
    for each in command.params:
        if isinstance(each, TyperArgument):
            word = _argument(each)
            shown.append(f" {word}" if each.required else f" [{word}]")
    return "".join(shown)


def _argument(each: TyperArgument) -> str:
    word = (each.metavar or each.name or "").upper().rstrip("….")
    return word + ("…" if each.nargs != 1 else "")


def _parameters(command: Any) -> str:
    rows = [
        (_written(each), _default(each), each.help or "")
        for each in command.params
        if isinstance(each, TyperArgument | TyperOption) and each.name not in HIDDEN
    ]
    return table(("", "default", "meaning"), rows) + "\n" if rows else ""


HIDDEN = {"install_completion", "show_completion"}


def _written(each: TyperArgument | TyperOption) -> str:
    if isinstance(each, TyperArgument):
        return f"`{_argument(each)}`"
    return ", ".join(f"`{option}`" for option in (*each.opts, *each.secondary_opts))


def _default(each: TyperArgument | TyperOption) -> str:
    if isinstance(each.show_default, str):
        return each.show_default
    if each.required:
        return "must be given"
    if each.default in (None, False, (), []) or callable(each.default):
        return ""
    if each.default is True:
        return f"`{each.opts[0]}`"
    return f"`{each.default}`"
