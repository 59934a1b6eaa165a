"""One real world with small limits, and one target in it for all attacks."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attack.small_world import small_world
from tests.attack.weak import Bare, Stock, bare_site, stock_server
from tests.end_to_end.served import Served, serve
from tre.attack.running import running_world
from tre.attack.target import Target
from tre.config import Config
from tre.hub.doctor import examine
from tre.steps.tre import open_tre

PEOPLE = 4_000
LIMITS = {
    "TRE_SESSION_MEMORY_MIB": "640",
    "TRE_SESSION_CPU_PERCENT": "100",
    "TRE_SESSION_PROCESSES": "64",
    "TRE_SESSION_FILE_MIB": "64",
    "TRE_SESSION_TMP_MIB": "64",
}
"""Small ones, so that each can be reached in a second or two."""


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    failed = [check for check in examine() if check.needed and not check.ok]
    if failed:
        pytest.skip(f"this machine cannot seal a session: {failed[0].message}")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in LIMITS.items():
            patch.setenv(name, value)
        home = tmp_path_factory.mktemp("attacked") / "home"
        small_world(home, PEOPLE)
        running = serve(home, PEOPLE)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def target(world: Served) -> Iterator[Target]:
    config = running_world(Config.load(world.home, {}))
    tre = open_tre(config)
    attacked = Target(config, tre)
    yield attacked
    attacked.close()
    tre.close()


@pytest.fixture(scope="session")
def stock(target: Target, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    """A Jupyter server as it comes, with kernels that nothing seals."""
    folder = tmp_path_factory.mktemp("stock")
    environment = os.environ | {"JUPYTERHUB_API_TOKEN": "leaked", "HOME": str(folder)}
    with stock_server(folder, environment, target) as running:
        yield running


@pytest.fixture
def bare(target: Target, tmp_path: Path) -> Iterator[Bare]:
    """A hub, server and desk that say yes to everything and send no headers."""
    with bare_site(target) as site:
        yield site
