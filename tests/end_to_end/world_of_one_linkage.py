"""A complete world with the one linkage that the story is about; the other thirteen take longest.

That a world is built with all of them is what tests/world shows; make test LONG=1 tells the
story on such a one.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tre.config import Config
from tre.steps.make_extract import make_extract
from tre.steps.run_linkage import run_linkage
from tre.steps.tre import Tre, open_tre
from tre.steps.world_record import World, write_world
from tre.steps.world_stages import STAGES, Building
from tre.training.demo import ENDED_STUDY, LINKER, STUDY

LINKAGE = "npd"


def world_of_one_linkage(home: Path, people: int) -> None:
    """Build it in a new data home, by the stages of every world."""
    config = Config(home=home, people=people)
    tre = open_tre(config)
    world = World(people=people, seed=config.seed, built_on=datetime.now(UTC).date())
    for stage in STAGES:
        if stage.name in _LESS:
            _LESS[stage.name](tre)
        else:
            stage.do(Building(tre=tre, world=world, tell=lambda *_: None))
        world = world.after(stage.name)
    write_world(home, replace(world, complete=True))
    tre.close()


def _one_linkage(tre: Tre) -> None:
    run_linkage(tre, LINKER, LINKAGE)


def _extracts(tre: Tre) -> None:
    """Of the studies of that linkage: the main one, and the one that is over when all is built."""
    for study in (STUDY, ENDED_STUDY):
        make_extract(tre, LINKER, study)


_LESS = {"linkages": _one_linkage, "extracts": _extracts}
