"""`tre up`, `tre build`, `tre doctor`: make the world, serve it, examine the machine."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from tre.commands.asking import Asking, asking, made
from tre.commands.progress import progress_bar
from tre.commands.showing import Json, answer, console, say, show_json
from tre.config import Config
from tre.decision import UnusableRequestError
from tre.steps.build_world import WorldBuilt, build_world
from tre.steps.world_record import read_world

People = Annotated[
    int | None,
    typer.Option(
        help="Simulated people in a new world (1,000 to 3,000,000).", show_default="20,000"
    ),
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


def build(
    context: typer.Context,
    people: People = None,
    seed: Seed = None,
    *,
    practice: Annotated[
        bool, typer.Option(help="Make the practice project's synthetic twin (the slowest part).")
    ] = True,
    as_json: Json = False,
) -> None:
    """Build the simulated world: people, registers, linkage, extracts, practice twin.

    Goes on where an earlier build was stopped, and does nothing where the world is complete.

    Example: tre build --people 50000
    """
    config = _settings(asking(context), people=people, seed=seed, quiet=as_json)
    built = _build(config, practice=practice)
    answer(built, _sentence(built), as_json=as_json)


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
    from tre.hub.preflight import must_have_ports  # noqa: PLC0415  (JupyterHub loads slowly)
    from tre.hub.up import serve  # noqa: PLC0415  (the same)

    config = _settings(asking(context), people=people, port=port, desk_port=desk_port, seed=seed)
    if not _is_complete(config):
        must_have_ports(config)  # before the build, which takes a minute and more
        say(_sentence(_build(config)))
    serve(config)


def doctor(context: typer.Context, *, as_json: Json = False) -> None:
    """Examine this machine: can it seal a session, and what is missing if not.

    Exit status 2 where something is missing without which no session starts. Example: tre doctor
    """
    from tre.hub.doctor import examine  # noqa: PLC0415  (JupyterHub takes a second to load)

    checks = examine(asking(context).config())
    if as_json:
        show_json(checks)
    else:
        for check in checks:
            mark = "ok     " if check.ok else "MISSING" if check.needed else "WEAK   "
            console().print(f"{mark} {check.name}: {check.message}", markup=False)
            if not check.ok:
                console().print(f"        {check.remedy}", markup=False)
    if not all(check.ok or not check.needed for check in checks):
        raise typer.Exit(2)


def _settings(asked: Asking, *, quiet: bool = False, **given: Any) -> Config:
    """Lay the options over the settings, each checked as a setting would be.

    quiet: where a program reads what is printed, no sentence stands before it.

    A world of another size or seed gets a data home of its own, unless the home was named:
    worlds are never changed, since requests and the ledger belong to their people.
    """
    environ = {**os.environ, **_as_settings(given)}
    config = Config.load(asked.home, environ)
    world = read_world(config.home)
    if world is None:
        return config
    said = {name for name in ("people", "seed") if environ.get(f"TRE_{name.upper()}")}
    as_built = {name: getattr(world, name) for name in {"people", "seed"} - said}
    config = replace(config, **as_built)
    if (config.people, config.seed) == (world.people, world.seed) or not world.complete:
        return config
    if asked.home is None and not os.environ.get("TRE_HOME"):
        return _beside(config, quiet=quiet)
    message = (
        f"{config.home} holds a world of {world.people:,} people (seed {world.seed}), and a world "
        f"is never changed into another: name a new data home for one of {config.people:,} "
        f"people (seed {config.seed}) with --home DIRECTORY"
    )
    raise UnusableRequestError(message)


def _as_settings(given: Mapping[str, object]) -> dict[str, str]:
    return {f"TRE_{name.upper()}": str(value) for name, value in given.items() if value is not None}


def _beside(config: Config, *, quiet: bool) -> Config:
    size = f"{config.home.name}-{config.people}"
    name = size if config.seed == Config(home=config.home).seed else f"{size}-{config.seed}"
    home = config.home.with_name(name)
    shown = _short(home)
    if not quiet:
        say(
            f"The world in {_short(config.home)} is another one and stays as it is. This one is in "
            f"{shown}: give the other commands --home {shown}."
        )
    return replace(config, home=home)


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _is_complete(config: Config) -> bool:
    world = read_world(config.home)
    return world is not None and world.complete


def _build(config: Config, *, practice: bool = True) -> WorldBuilt:
    with made(config) as tre, progress_bar() as tell:
        return build_world(tre, with_practice_data=practice, progress=tell)


def _sentence(built: WorldBuilt) -> str:
    left_out = f" {built.left_out}" if built.left_out else ""
    did = "was complete already" if built.nothing_to_do else "is complete"
    return f"The world of {built.people:,} people in {_short(built.home)} {did}.{left_out}"
