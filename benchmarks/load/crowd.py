"""`python -m benchmarks.load.crowd PLAN RESULT`: all browsers, in one process."""

import asyncio
import json
import resource
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from benchmarks.load.browser import Browser, Notebook, OverError, Pace
from benchmarks.load.checker import Checker
from benchmarks.load.people import Made, World
from benchmarks.load.researcher import Researcher
from tre.config import Config
from tre.store.folders import Folders

RAMP_SECONDS = 0.1
"""Between one person's first click and the next one's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who works where, how and how long. world: as JSON carries it."""

    address: str
    home: str
    seconds: float
    think_seconds: float
    twice: float
    seed: int
    world: dict[str, Any]

    @classmethod
    def of(cls, config: Config, world: World, **how: Any) -> Self:
        """A plan for an installation."""
        address, home = config.desk_address, str(config.home)
        return cls(address=address, home=home, world=asdict(world), **how)

    def write(self, file: Path) -> None:
        """Write it for the process that follows it."""
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read what was written."""
        return cls(**json.loads(file.read_text(encoding="utf-8")))


async def work(plan: Plan) -> tuple[Notebook, float]:
    """Have everybody sign in, one after the other, and then work; what was seen, how many seconds.

    The seconds are those from the first click to the last answer.
    """
    notebook = Notebook()
    people = _people(plan, notebook)
    try:
        for each in people:
            await each.browser.sign_in()
        began = time.monotonic()
        for each in people:
            each.browser.until(began + plan.seconds)
        await asyncio.gather(*(_work(at, each) for at, each in enumerate(people)))
        return notebook, time.monotonic() - began
    finally:
        await asyncio.gather(*(each.browser.close() for each in people))


def _people(plan: Plan, notebook: Notebook) -> list[Researcher | Checker]:
    pace = Pace(think_seconds=plan.think_seconds, twice=plan.twice)

    def browser(person: str) -> Browser:
        return Browser(plan.address, person, notebook, pace, plan.seed)

    folders, reviewers = Folders(Path(plan.home)), {}
    return [
        *(
            Researcher(
                browser=browser(person),
                project=project,
                made=tuple(Made(**one) for one in plan.world["made"][project]),
                outbox=folders.outbox(project, person),
                replies=folders.replies(project, person),
            )
            for person, project in plan.world["researchers"]
        ),
        *(
            Checker(browser=browser(person), seed=plan.seed, reviewers=reviewers)
            for person in plan.world["checkers"]
        ),
    ]


async def _work(at: int, person: Researcher | Checker) -> None:
    await asyncio.sleep(at * RAMP_SECONDS)
    with suppress(OverError):
        await person.work()


def main(plan: Path, result: Path) -> None:
    """Follow the plan and write what was seen."""
    notebook, seconds = asyncio.run(work(Plan.read(plan)))
    used = resource.getrusage(resource.RUSAGE_SELF)
    seen = {
        "seconds": seconds,
        "processor_seconds": used.ru_utime + used.ru_stime,
        "samples": notebook.samples,
        "confirmed": [act.to_dict() for act in notebook.confirmed],
        "unsure": [act.to_dict() for act in notebook.unsure],
        "downloads": notebook.downloads,
    }
    result.write_text(json.dumps(seen), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
