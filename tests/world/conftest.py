"""A world of 2,000 people, built once for all tests; tests that change it get a copy."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tre.config import Config
from tre.steps.build_world import build_world
from tre.steps.tre import Tre, open_tre

PEOPLE = 2_000


@pytest.fixture(scope="session")
def built_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete world but for the synthetic twin, which takes long. Not to be changed."""
    home = tmp_path_factory.mktemp("world") / "home"
    tre = open_tre(Config(home=home, people=PEOPLE))
    try:
        build_world(tre, with_practice_data=False)
    finally:
        tre.close()
    return home


@pytest.fixture
def world(built_home: Path, tmp_path: Path) -> Iterator[Tre]:
    """A copy of the built world, to do with as a test likes."""
    home = tmp_path / "home"
    shutil.copytree(built_home, home)
    tre = open_tre(Config(home=home, people=PEOPLE))
    yield tre
    tre.close()
