"""Two served desks, and what was seen of their pages; the browser is gone when tests begin."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from tests.chromium import CHROMIUM, running_chromium
from tests.desk.looks.eyes import Seen, look, window
from tests.desk.looks.pages import PAGES
from tests.desk.looks.world import Served, Told, served

expect.set_options(timeout=90_000)


@pytest.fixture(scope="package")
def desks(
    demo_home: Path, tmp_path_factory: pytest.TempPathFactory, cheap_passwords: None
) -> Iterator[dict[str, Served]]:
    """The world with everything in it and the world with nothing, each behind its desk."""
    if not CHROMIUM:
        pytest.skip("no Chromium here (on Debian: apt-get install chromium)")
    folder = tmp_path_factory.mktemp("looks")
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setattr("tre.desk.verbs.linkage_report", lambda *_: Told())
        yield {
            world: stack.enter_context(served(demo_home, folder / world, full=world == "full"))
            for world in ("full", "empty")
        }


@pytest.fixture(scope="module")
def desk(
    demo_home: Path, tmp_path_factory: pytest.TempPathFactory, cheap_passwords: None
) -> Iterator[Served]:
    """A desk of their own for tests that change what there is."""
    if not CHROMIUM:
        pytest.skip("no Chromium here (on Debian: apt-get install chromium)")
    with served(demo_home, tmp_path_factory.mktemp("desk") / "home", full=False) as running:
        yield running


@pytest.fixture(scope="module")
def tab(desk: Served) -> Iterator[Tab]:
    """One page of a browser, under the desk's own content security policy."""
    with running_chromium() as browser:
        opened = window(browser).new_page()
        opened.set_default_timeout(90_000)
        yield opened


@pytest.fixture(scope="package")
def seen(desks: dict[str, Served]) -> dict[str, Seen]:
    """What each page looked like, by the page's name."""
    with running_chromium() as browser:
        tab = window(browser, bypass_csp=True).new_page()
        return {page.name: look(tab, desks[page.world], page) for page in PAGES}
