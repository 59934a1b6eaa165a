import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.chromium import running_chromium
from tests.end_to_end.served import Served, serve
from tests.end_to_end.visitor import Visitor
from tests.end_to_end.world_of_one_linkage import world_of_one_linkage
from tre.hub.doctor import examine

PEOPLE = 4_000


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    failed = [check for check in examine() if check.needed and not check.ok]
    if failed:
        pytest.skip(f"this machine cannot seal a session: {failed[0].message}")
    home = tmp_path_factory.mktemp("spine") / "home"
    if not os.environ.get("TRE_LONG_TESTS"):
        world_of_one_linkage(home, PEOPLE)
    running = serve(home, PEOPLE)
    yield running
    running.stop()


# For one module: a playwright that stays keeps a loop running, and no other test may start one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_chromium() as running:
        yield running


@pytest.fixture
def visit(
    served: Served, browser: Browser, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Visitor]]:
    """Open a private window for a person; windows are kept apart, and closed at the end."""
    visitors: list[Visitor] = []

    def opened(person: str) -> Visitor:
        visitors.append(Visitor(served, browser, person, tmp_path))
        return visitors[-1]

    yield opened
    for visitor in visitors:
        if folder := os.environ.get("TRE_SCREENSHOTS"):
            picture = Path(folder) / f"{request.node.name}-{visitor.person}.png"
            visitor.page.screenshot(path=picture)
        visitor.close()
