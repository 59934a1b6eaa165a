"""Build the demonstration world in stages, so that a build that was stopped can go on."""

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tre.decision import UnusableRequestError
from tre.five_safes import Subject
from tre.safe_data.world import Progress
from tre.steps.acting import acting
from tre.steps.run_linkage import quiet
from tre.steps.taking_turns import alone
from tre.steps.tre import SYSTEM, Tre
from tre.steps.world_record import World, read_world, write_world
from tre.steps.world_stages import STAGES, Building, Stage, sdv_is_there
from tre.vocabulary import Action, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldBuilt:
    """What a call of `build_world` came to.

    seconds: by stage, of the stages that this call did. left_out: what could not be built and
    how to add it, "" for nothing.
    """

    home: Path
    people: int
    seed: int
    seconds: Mapping[str, float]
    left_out: str

    @property
    def nothing_to_do(self) -> bool:
        """Whether the world was complete before."""
        return not self.seconds


def build_world(
    tre: Tre,
    actor: PersonId = SYSTEM,
    *,
    with_practice_data: bool = True,
    progress: Progress = quiet,
) -> WorldBuilt:
    """Make the world that the settings describe, or finish one that was begun.

    A stage that was interrupted leaves nothing that counts and is done again; a world begun
    with another size or seed is thrown away unless it was complete.
    Raises UnusableRequestError where a complete world of another size or seed is there, or
    another build is at work; RefusedError where the actor may not.
    """
    home = tre.config.home
    with alone(
        home / ".build.lock", f"another build is at work on {home}: wait for it, or stop it"
    ):
        world = _begun(tre, actor)
        seconds: dict[str, float] = {}
        for stage in _to_do(world, with_practice_data=with_practice_data):
            began = time.monotonic()
            stage.do(Building(tre=tre, world=world, tell=_share_of(stage, progress)))
            world = world.after(stage.name)
            write_world(tre.config.home, world)
            seconds[stage.name] = round(time.monotonic() - began, 1)
        progress("the world is complete", 1.0)
        finished = _finish(tre, actor, world, with_practice_data=with_practice_data)
    return WorldBuilt(
        home=tre.config.home,
        people=finished.people,
        seed=finished.seed,
        seconds=seconds,
        left_out=finished.left_out,
    )


def _begun(tre: Tre, actor: PersonId) -> World:
    """Read the world that was begun, or begin one; the environment itself needs no leave."""
    with acting(tre, actor, Action.BUILD_WORLD) as act:
        act.require(Subject())
    config = tre.config
    found = read_world(config.home)
    if found is not None and (found.people, found.seed) == (config.people, config.seed):
        return found
    if found is not None and found.complete:
        message = (
            f"{config.home} holds a complete world of {found.people:,} people (seed "
            f"{found.seed}), not of {config.people:,} (seed {config.seed}). A world is never "
            "resized: name another data home with --home"
        )
        raise UnusableRequestError(message)
    if found is not None:
        _throw_away(config.home)
    world = World(people=config.people, seed=config.seed, built_on=tre.now().date())
    write_world(config.home, world)
    return world


def _throw_away(home: Path) -> None:
    """Remove the data of a world that was never complete; nobody can have worked in it."""
    for name in ("parties", "extracts"):
        shutil.rmtree(home / name, ignore_errors=True)
        (home / name).mkdir(mode=0o700 if name == "parties" else 0o755)


def _to_do(world: World, *, with_practice_data: bool) -> list[Stage]:
    able = with_practice_data and sdv_is_there()
    return [
        stage for stage in STAGES if stage.name not in world.done and (able or not stage.needs_sdv)
    ]


def _share_of(stage: Stage, progress: Progress) -> Callable[[str, float], None]:
    """Report a stage's own progress as its part of the whole."""
    total = sum(each.weight for each in STAGES)
    before = sum(each.weight for each in STAGES[: STAGES.index(stage)])

    def tell(text: str, share: float) -> None:
        progress(text, (before + stage.weight * min(1.0, max(0.0, share))) / total)

    tell(stage.name, 0.0)
    return tell


def _finish(tre: Tre, actor: PersonId, world: World, *, with_practice_data: bool) -> World:
    left_out = ""
    if any(stage.name not in world.done for stage in STAGES):
        left_out = _WITHOUT_SDV if with_practice_data else _AS_ASKED
    finished = replace(world, complete=True, left_out=left_out)
    if finished == world:
        return world
    with acting(tre, actor, Action.BUILD_WORLD) as act:
        act.require(Subject())
        act.record({"people": world.people, "seed": world.seed, "stages": list(world.done)})
    write_world(tre.config.home, finished)
    return finished


_WITHOUT_SDV = (
    "The practice project has no data yet, because SDV is not installed (its licence is not an "
    "open-source one, so it is an extra): pip install 'tre-simulator[synthetic]', then "
    "`tre build` adds it. Everything else works."
)
_AS_ASKED = "The practice project has no data, as you asked: `tre build` adds them."
