"""`tre packages …`: the wheels that sessions may install."""

from pathlib import Path
from typing import Annotated

import typer

from tre.commands.asking import asking, opened
from tre.commands.showing import Json, answer, say, show_json, show_table
from tre.steps.packages import AS_ADDED, STRAY, add_packages, packages, remove_package

app = typer.Typer(help="Packages for sessions: list the wheels, add some, take one away.")

A_PERSON_MUST_LOOK, DOES_NOT_HOLD = 1, 2


@app.command("list")
def list_packages(context: typer.Context, *, as_json: Json = False) -> None:
    """List the wheels; each is read again and held against the hash of the day it was added.

    Exit status 1 where the folder holds what nobody added, 2 where a wheel was changed or is
    missing: no session installs it. Example: tre packages list
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        found = packages(tre, asked.as_manager())
    if as_json:
        show_json(found)
    else:
        show_table(
            ("name", "version", "file", "added by", "on", "standing"),
            [(p.name, p.version, p.file, p.added_by, p.added_at, p.standing) for p in found],
            empty="No packages yet: `tre packages add NAME-VERSION-….whl` offers one to sessions.",
        )
    standings = {one.standing for one in found}
    if standings - {AS_ADDED, STRAY}:
        raise typer.Exit(DOES_NOT_HOLD)
    if STRAY in standings:
        raise typer.Exit(A_PERSON_MUST_LOOK)


@app.command("add")
def add(
    context: typer.Context,
    wheels: Annotated[list[Path], typer.Argument(help="Wheels: NAME-VERSION-….whl.")],
    *,
    as_json: Json = False,
) -> None:
    """Offer wheels to sessions, all of them or none; running sessions see them at once.

    Each is checked: whole, of this Python and system, every file as its record says.
    Example: tre packages add lifelines-0.30.0-py3-none-any.whl
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        added = add_packages(tre, asked.as_manager(), wheels)
    if as_json:
        show_json(added)
        return
    for wheel in added:
        needs = f"; it asks for {', '.join(wheel.requires)}" if wheel.requires else ""
        say(f"Sessions can now install {wheel.name} {wheel.version}{needs}.")


@app.command("remove")
def remove(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="The wheel's file, as `tre packages list` has it.")],
    *,
    as_json: Json = False,
) -> None:
    """Offer a wheel no more, and delete it from the folder.

    Example: tre packages remove lifelines-0.30.0-py3-none-any.whl
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        remove_package(tre, asked.as_manager(), file)
    sentence = f"{file} is offered no more. Kernels that have installed it keep it until they end."
    answer({"file": file, "offered": False}, sentence, as_json=as_json)
