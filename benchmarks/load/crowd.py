"""`python -m benchmarks.load.crowd PLAN RESULT`: all browsers, in one process."""

import asyncio
import json
import resource
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from benchmarks.load.browser import Browser, Notebook, Pace
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


async def work(plan: Plan) -> Notebook:
    """Have everybody sign in, one after the other, and then work until it is over."""
    notebook = Notebook()
    pace = Pace(
        think_seconds=plan.think_seconds,
        twice=plan.twice,
        until=time.monotonic() + plan.seconds,
    )
    people = _people(plan, notebook, pace)
    for each in people:
        await each.browser.sign_in()
    began = Pace(
        think_seconds=pace.think_seconds, twice=pace.twice, until=time.monotonic() + plan.seconds
    )
    for each in people:
        each.browser.pace = began
    try:
        await asyncio.gather(*(_work(at, each) for at, each in enumerate(people)))
    finally:
        await asyncio.gather(*(each.browser.close() for each in people))
    return notebook


def _people(plan: Plan, notebook: Notebook, pace: Pace) -> list[Researcher | Checker]:
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
    await person.work()


def main(plan: Path, result: Path) -> None:
    """Follow the plan and write what was seen."""
    began = time.monotonic()
    notebook = asyncio.run(work(Plan.read(plan)))
    used = resource.getrusage(resource.RUSAGE_SELF)
    seen = {
        "seconds": time.monotonic() - began,
        "processor_seconds": used.ru_utime + used.ru_stime,
        "samples": notebook.samples,
        "confirmed": [act.to_dict() for act in notebook.confirmed],
        "unsure": [act.to_dict() for act in notebook.unsure],
        "downloads": notebook.downloads,
    }
    result.write_text(json.dumps(seen), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
