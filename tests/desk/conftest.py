"""A desk in front of the little world, with a hub that believes every name."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.routing import BaseRoute

from tests.clock import FakeClock
from tests.demo import Demo
from tests.desk.browser import Browser
from tests.desk.security.everybody import fill
from tests.desk.security.visiting import Desk
from tre.config import Config
from tre.desk.app import create_app
from tre.desk.sign_in import FakeSignIn
from tre.steps.tre import Tre, open_tre

_ROUTES: list[BaseRoute] = []
"""Those of the first desk of this process: which they are depends on nothing, and FastAPI works
out again for every application what each of them takes and gives, for a tenth of a second."""


def desk_of(tre: Tre, hub: FakeSignIn) -> FastAPI:
    """A desk for one environment, with routes that are known already."""
    app = create_app(tre, sign_in=hub)
    if not _ROUTES:
        _ROUTES.extend(app.router.routes)
    assert len(app.router.routes) == len(_ROUTES)
    app.router.routes = list(_ROUTES)
    return app


@pytest.fixture
def hub(demo: Demo) -> FakeSignIn:
    """The hub's stand-in."""
    return FakeSignIn(demo.tre.config)


@pytest.fixture
def app(demo: Demo, hub: FakeSignIn) -> FastAPI:
    """The desk."""
    return desk_of(demo.tre, hub)


@pytest.fixture
def browser(app: FastAPI) -> Callable[[str], Browser]:
    """Opens a browser of somebody who is signed in."""
    return lambda person: Browser(app, person)


@pytest.fixture(scope="module")
def desk(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with everybody and everything, shared by the tests of a module."""
    home = tmp_path_factory.mktemp("desk") / "home"
    shutil.copytree(demo_home, home)
    clock = FakeClock()
    tre = open_tre(Config(home=home), now=clock)
    demo = Demo(tre, clock)
    things = fill(demo)
    found = Desk(desk_of(tre, FakeSignIn(tre.config)), demo, things)
    yield found
    found.close()
    tre.close()
