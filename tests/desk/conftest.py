"""A desk in front of the little world, with a hub that believes every name."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from tests.demo import Demo
from tests.desk.browser import Browser
from tre.desk.app import create_app
from tre.desk.sign_in import FakeSignIn


@pytest.fixture
def hub(demo: Demo) -> FakeSignIn:
    """The hub's stand-in."""
    return FakeSignIn(demo.tre.config)


@pytest.fixture
def app(demo: Demo, hub: FakeSignIn) -> FastAPI:
    """The desk."""
    return create_app(demo.tre, sign_in=hub)


@pytest.fixture
def browser(app: FastAPI) -> Callable[[str], Browser]:
    """Opens a browser of somebody who is signed in."""
    return lambda person: Browser(app, person)
