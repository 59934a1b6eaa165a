"""`tre up`, `tre build`, `tre doctor`: make the world, serve it, examine the machine."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from tre.commands.asking import Asking, asking, opened
from tre.commands.progress import progress_bar
from tre.commands.showing import Json, console, say, show_json
from tre.config import Config
from tre.decision import UnusableRequestError
from tre.steps.build_world import WorldBuilt, build_world
from tre.steps.world_record import read_world

People = Annotated[
    int | None,
    typer.Option(help="Simulated people in a new world (1,000 to 900,000).", show_default="20,000"),
]
Seed = Annotated[
    int | None,
    typer.Option(help="The same seed gives the same world, byte for byte.", show_default="2026"),
]
Port = Annotated[
    int | None,
    typer.Option(help="Where the hub listens on this machine.", show_default="8000"),
]
DeskPort = Annotated[
    int | None,
    typer.Option(help="Where the desk listens.", show_default="the hub's port + 1"),
]


def build(context: typer.Context, people: People = None, seed: Seed = None) -> None:
    """Build the simulated world: people, registers, linkage, extracts, practice twin.

    Goes on where an earlier build was stopped, and does nothing where the world is complete.

    Example: tre build --people 50000
    """
    built = _build(_settings(asking(context), people=people, seed=seed))
    say(_sentence(built))


def up(
    context: typer.Context,
    people: People = None,
    port: Port = None,
    desk_port: DeskPort = None,
    seed: Seed = None,
) -> None:
    """Build the world on first use, then start hub, desk and courier; Ctrl-C stops them.

    Example: tre up --port 8800
    """
    from tre.hub.up import serve

    config = _settings(asking(context), people=people, port=port, desk_port=desk_port, seed=seed)
    if not _is_complete(config):
        _build(config)
    serve(config)


def doctor(context: typer.Context, *, as_json: Json = False) -> None:
    """Examine this machine: can it seal a session, and what is missing if not.

    Exit status 2 where something is missing. Example: tre doctor
    """
    from tre.hub.doctor import examine

    _ = context
    checks = examine()
    if as_json:
        show_json(checks)
    else:
        for check in checks:
            mark = "ok     " if check.ok else "MISSING"
            console().print(f"{mark} {check.name}: {check.message}", markup=False)
            if not check.ok:
                console().print(f"        {check.remedy}", markup=False)
    if not all(check.ok for check in checks):
        raise typer.Exit(2)


def _settings(asked: Asking, **given: Any) -> Config:
    """Lay the options over the settings, each checked as a setting would be.

    A world of another size gets a data home of its own, unless the home was named: worlds are
    never resized, since requests and the ledger belong to their people.
    """
    named = {f"TRE_{name.upper()}": str(value) for name, value in given.items() if value}
    config = Config.load(asked.home, {**os.environ, **named})
    asked_people = given.get("people") or os.environ.get("TRE_PEOPLE")
    world = read_world(config.home)
    if world is None or not asked_people or world.people == config.people:
        return config if world is None or asked_people else replace(config, people=world.people)
    if asked.home is None and not os.environ.get("TRE_HOME"):
        return _beside(config)
    message = (
        f"{config.home} holds a world of {world.people:,} people, and a world is never resized: "
        f"name another data home for one of {config.people:,} (--home DIRECTORY)"
    )
    raise UnusableRequestError(message)


def _beside(config: Config) -> Config:
    home = config.home.with_name(f"{config.home.name}-{config.people}")
    shown = _short(home)
    say(
        f"The world in {_short(config.home)} has another size and stays as it is. This one is in "
        f"{shown}: give the other commands --home {shown}."
    )
    return replace(config, home=home)


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _is_complete(config: Config) -> bool:
    world = read_world(config.home)
    return world is not None and world.complete


def _build(config: Config) -> WorldBuilt:
    with opened(config) as tre, progress_bar() as tell:
        return build_world(tre, "mia", progress=tell)


def _sentence(built: WorldBuilt) -> str:
    left_out = f" {built.left_out}" if built.left_out else ""
    did = "was complete already" if built.nothing_to_do else "is complete"
    return f"The world of {built.people:,} people in {_short(built.home)} {did}.{left_out}"
