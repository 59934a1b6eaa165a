"""A world of the demonstration's people and projects, with extracts made by hand, in a second."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.demo_extract import write_extract
from tre.config import Config
from tre.steps.tre import open_tre
from tre.steps.world_record import World, write_world
from tre.steps.world_stages import STAGES, Building
from tre.training.demo import ENDED_STUDY, PRACTICE, STUDY

BY_HAND = ("population and registers", "linkages", "extracts", "synthetic twin for practice")
"""Stages that are left out: no attack looks at the registers behind the extracts."""


def small_world(home: Path, people: int) -> None:
    """Make a complete world whose registers are empty and whose extracts have 200 people."""
    config = Config(home=home, people=people)
    tre = open_tre(config)
    world = World(people=people, seed=config.seed, built_on=datetime.now(UTC).date())
    for stage in STAGES:
        if stage.name == "extracts":
            for study in (STUDY, ENDED_STUDY):
                write_extract(tre.folders.extracts(study).parent, study)
        if stage.name not in BY_HAND:
            stage.do(Building(tre=tre, world=world, tell=lambda *_: None))
        world = world.after(stage.name)
    write_extract(tre.folders.extracts(PRACTICE).parent, PRACTICE, synthetic=True)
    write_world(home, replace(world, complete=True))
    tre.close()
