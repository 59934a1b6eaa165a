"""What tests of several rooms stand on: an open environment, a little world in it, databases."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection

from tests import postgresql
from tests.clock import FakeClock
from tests.demo import Demo, fill
from tre.config import Config
from tre.steps import passwords
from tre.steps.tre import Tre, open_tre
from tre.store import store
from tre.store.engine import make_engine

gc.disable()  # until all tests are collected: what is loaded stays

# That a machine is busy is no fault of a test.
settings.register_profile("patient", settings.default, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

COSTLY = {"small_world": "small world"}
"""Fixtures that take seconds to make, and the group of tests for which each is made once."""

LONG = (
    "looks of the desk",
    "hub in a browser",
    "attack",
    "whole world",
    "hub",
    "sealed kernel",
    "world",
    "matching",
    "hub that fails",
    "large world",
    "small world",
    "desk/security/test_planted",
    "house/test_benchmark_load",
    "desk/test_api_fuzzed",
)
"""Groups that take longest, those first: one that is begun last keeps the others waiting.

pytest-xdist hands groups out in this order when told --no-loadscope-reorder.
"""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what shares something; begin with what is long; leave out what takes minutes.

    A file is a group unless it says otherwise, so that each of its fixtures is made once and not
    by every process that pytest-xdist runs.
    """
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            file = item.nodeid.partition(".py::")[0].removeprefix("tests/")
            needed = getattr(item, "fixturenames", ())
            group = next((COSTLY[name] for name in needed if name in COSTLY), file)
            item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=_turn)
    if os.environ.get("TRE_LONG_TESTS"):
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="takes minutes: make test LONG=1 runs it too"))


def _turn(item: pytest.Item) -> int:
    marker = item.get_closest_marker("xdist_group")
    name = marker.args[0] if marker else ""
    return LONG.index(name) if name in LONG else len(LONG)


def pytest_collection_finish() -> None:
    """Have what was loaded until now never looked through again for what can be thrown away."""
    gc.freeze()
    gc.enable()


def pytest_unconfigure() -> None:
    """Let everything be thrown away at the end: some libraries complain of what is left."""
    gc.unfreeze()


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hash passwords at a thousandth of their cost: what is slow on purpose slows tests too."""
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", cheap)
        patch.setattr(passwords, "_DECOY", cheap.hash("nobody's password"))
        yield


@pytest.fixture(scope="session", autouse=True)
def no_power_cuts() -> Iterator[None]:
    """Wait for no disk: a test's world need not survive a power cut, which tests do not have."""

    def hurried(address: str) -> Engine:
        engine = make_engine(address)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _hurry)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        patch.setattr(store, "make_engine", hurried)
        yield


def _hurry(connection: DBAPIConnection, _record: object) -> None:
    connection.cursor().execute("PRAGMA synchronous = OFF")


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still on a Monday morning until it is moved."""
    return FakeClock()


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data home with its tables and nothing in them, made once; take copies of it."""
    home = tmp_path_factory.mktemp("empty") / "home"
    open_tre(Config(home=home), now=FakeClock()).close()
    return home


@pytest.fixture
def tre(empty_home: Path, tmp_path: Path, clock: FakeClock) -> Iterator[Tre]:
    """An open environment in which there is nobody and nothing yet."""
    home = tmp_path / "home"
    shutil.copytree(empty_home, home)
    opened = open_tre(Config(home=home), now=clock)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data home with the little world in it, made once; take copies of it."""
    home = tmp_path_factory.mktemp("demo") / "home"
    opened = open_tre(Config(home=home), now=FakeClock())
    fill(opened)
    opened.close()
    return home


@pytest.fixture
def demo(demo_home: Path, tmp_path: Path, clock: FakeClock) -> Iterator[Demo]:
    """The little world, open: its people, projects and extracts, on its first Monday."""
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    opened = open_tre(Config(home=home), now=clock)
    yield Demo(opened, clock)
    opened.close()


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgresql.Server]:
    """A PostgreSQL server of this test run's own; skipped where there are no programs for it."""
    programs = postgresql.programs()
    if programs is None:
        pytest.skip("no PostgreSQL server programs (initdb, postgres) on this machine")
    with postgresql.running(programs) as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql_server: postgresql.Server) -> Iterator[str]:
    """The address of a new, empty PostgreSQL database."""
    with postgresql_server.new_database() as url:
        yield url


@pytest.fixture(scope="session")
def empty_database(
    postgresql_server: postgresql.Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The name of a PostgreSQL database with its tables and nothing in them, to make others of."""
    with postgresql_server.new_database() as url:
        open_tre(Config(home=tmp_path_factory.mktemp("empty"), database_url=url)).close()
        name = make_url(url).database
        assert name
        yield name


@pytest.fixture
def migrated_url(postgresql_server: postgresql.Server, empty_database: str) -> Iterator[str]:
    """The address of a new PostgreSQL database with its tables and nothing in them."""
    with postgresql_server.new_database(like=empty_database) as url:
        yield url


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
)
def any_tre(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Iterator[Tre]:
    """An open, empty environment on each of the two databases."""
    if request.param == "sqlite":
        yield request.getfixturevalue("tre")
        return
    url = request.getfixturevalue("migrated_url")
    opened = open_tre(Config(home=tmp_path / "home", database_url=url), now=clock)
    yield opened
    opened.close()


@pytest.fixture
def any_demo(any_tre: Tre, clock: FakeClock) -> Demo:
    """The little world on each of the two databases, without accounts to sign in with."""
    fill(any_tre, accounts=False)
    return Demo(any_tre, clock)
