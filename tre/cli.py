"""`tre`: one subcommand a step.

Exit status: 0 done, 1 a person must look, 2 it does not hold, 3 it could not be carried out.
"""

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from tre.commands import (
    attack,
    ingress,
    ledger,
    linkage,
    packages,
    people,
    projects,
    requests,
    satre,
    world,
)
from tre.commands.asking import Asking
from tre.decision import RefusedError, UnusableRequestError

NOT_CARRIED_OUT = 3

app = typer.Typer(
    name="tre",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help=(
        "A Trusted Research Environment on one machine: simulated data, sealed sessions, release "
        "review.\n\nStart with `tre up`. Commands act as mia, the TRE manager, or as lena, the "
        "data linker, where linking is her work; `--as PERSON` acts as somebody else. Whoever "
        "can write to the data home is the operator of this machine and may do that: the Five "
        "Safes are asked about the person named, and the ledger names them.\n\nExit status: 0 "
        "done, 1 a person must look, 2 it does not hold, 3 it could not be carried out; with "
        "TRE_DEBUG=1 a mistake of the program itself shows where."
    ),
)


@app.callback()
def before(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(help="The data home.", show_default="TRE_HOME, or var/tre"),
    ] = None,
    person: Annotated[
        str | None, typer.Option("--as", metavar="PERSON", help="The person to act as.")
    ] = None,
) -> None:
    """Keep what was said before the command's name."""
    context.obj = Asking(home=home, person=person)


app.command("up")(world.up)
app.command("build")(world.build)
app.command("doctor")(world.doctor)
app.command("attack")(attack.attack)
app.add_typer(linkage.app, name="linkage", no_args_is_help=True)
app.command("transfers")(linkage.transfers)
app.command("catalogue")(linkage.catalogue)
app.add_typer(projects.app, name="project", no_args_is_help=True)
app.add_typer(people.app, name="person", no_args_is_help=True)
app.add_typer(requests.app, name="request", no_args_is_help=True)
app.add_typer(ingress.app, name="ingress", no_args_is_help=True)
app.add_typer(packages.app, name="packages", no_args_is_help=True)
app.add_typer(ledger.app, name="ledger", no_args_is_help=True)
app.command("satre")(satre.satre)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give its exit status, which is 3 for whatever nobody thought of."""
    try:
        return _carried_out(_anywhere(sys.argv[1:] if arguments is None else arguments))
    except Exception as error:  # noqa: BLE001  the last place that can keep 1 for "a person must look"
        return _unforeseen(error)


def _carried_out(words: list[str]) -> int:
    try:
        status = app(args=words, prog_name="tre", standalone_mode=False)
    except RefusedError as error:
        return _sorry("refused:", *(str(reason) for reason in error.decision.reasons))
    except UnusableRequestError as error:
        return _sorry(str(error))
    except (typer.Abort, KeyboardInterrupt):
        return _sorry("stopped")
    except typer.TyperException as error:
        return _sorry(f"{error.format_message().rstrip('.')}. `tre --help` shows how.")
    except OSError as error:
        return _sorry(f"{error.filename or 'the system'}: {error.strerror}")
    return status if isinstance(status, int) else 0


def _anywhere(words: Sequence[str]) -> list[str]:
    """Let --home and --as stand before or after the command's name, as people type them."""
    first: list[str] = []
    rest = list(words)
    for option in _EVERYWHERE:
        while option in rest[:-1]:
            at = rest.index(option)
            first += rest[at : at + 2]
            del rest[at : at + 2]
        first += [word for word in rest if word.startswith(f"{option}=")]
        rest = [word for word in rest if not word.startswith(f"{option}=")]
    return first + rest


_EVERYWHERE = ("--home", "--as")


def _unforeseen(error: Exception) -> int:
    """Say that this is a mistake of the program, and how to see where; not what it was about.

    Its message may hold a person's data, so that it is shown to who asks for it alone.
    """
    if os.environ.get("TRE_DEBUG"):
        traceback.print_exception(error)
    kind = type(error).__name__
    return _sorry(f"stopped by a mistake in the program ({kind}); TRE_DEBUG=1 shows where")


def _sorry(*lines: str) -> int:
    """Say on stderr what was wrong: one line, or one line a reason."""
    sys.stderr.write("tre: " + "\n  - ".join(lines) + "\n")
    return NOT_CARRIED_OUT


if __name__ == "__main__":
    sys.exit(main())
