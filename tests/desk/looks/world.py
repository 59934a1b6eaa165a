"""The little world with everything in it, and the same world with nothing, each served."""

import json
import os
import shutil
import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from tests.clock import FakeClock
from tests.demo import Demo
from tests.demo_people import BOLA, PRACTICE, STUDY
from tests.desk.looks.projects import fill_projects
from tests.desk.looks.requests import fill_ingress, fill_requests
from tests.desk.test_linkages import LETTER, RUN, has_run
from tests.steps.test_people_accreditation import AS_TRAINEE, TOLD, put_on_study
from tre.config import Config
from tre.desk.app import create_app
from tre.desk.gate import cookie_name
from tre.desk.sign_in import FakeSignIn
from tre.safe_data.linking.transfer import LinkageRun
from tre.safe_outputs.release_request import State
from tre.safe_people.applications import ApplicationEvent
from tre.steps.apply_for_accreditation import submit_application, write_application
from tre.steps.decide_application import decide_application
from tre.steps.impose_sanction import impose_sanction
from tre.steps.ingress_requests import view_ingress
from tre.steps.lift_sanction import lift_sanction
from tre.steps.open_account import NewAccount, open_account
from tre.steps.record_person import record_person
from tre.steps.second_factor import current_code, new_secret
from tre.steps.transfers import record_transfers
from tre.steps.tre import SYSTEM, open_tre
from tre.steps.view_request import view_request
from tre.vocabulary import Role

NEWCOMER = "nadia"
HARD_PASSWORD = "harbour-lantern-quartz-meadow"


@dataclass(frozen=True)
class Served:
    """A desk that listens on this machine; `facts` are the numbers that its pages are named by."""

    app: FastAPI
    demo: Demo
    hub: FakeSignIn
    address: str
    facts: dict[str, Any] = field(default_factory=dict)

    def cookie(self, person: str) -> tuple[str, str]:
        """The cookie of somebody who has just signed in: its name and its value."""
        secret = self.app.state.sessions.start(person, f"token-of-{person}")
        return cookie_name(self.demo.tre.config), secret

    def secret(self, person: str) -> str:
        """What the forms of that person's newest session carry."""
        found = [s for s in self.app.state.sessions._open.values() if s.person == person]
        return found[-1].csrf


@contextmanager
def served(demo_home: Path, home: Path, *, full: bool) -> Generator[Served]:
    """Copy the little world, fill it or not, and serve its desk until the block ends."""
    shutil.copytree(demo_home, home)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        clock = FakeClock()
        config = Config(home=home, desk_port=listening.getsockname()[1])
        tre = open_tre(config, now=clock)
        demo = Demo(tre, clock)
        hub = FakeSignIn(config)
        facts = fill(demo) if full else {}
        app = create_app(tre, sign_in=hub)
        with _listening(app, listening):
            yield Served(app, demo, hub, config.desk_address, facts)
        tre.close()


@contextmanager
def _listening(app: FastAPI, listening: socket.socket) -> Generator[None]:
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    yield
    server.should_exit = True
    thread.join(60)


def fill(demo: Demo) -> dict[str, Any]:
    """Let everything happen that has a look of its own; what the pages are named by."""
    facts: dict[str, Any] = {"projects": fill_projects(demo)}
    _fill_people(demo, facts)
    facts["requests"] = fill_requests(demo)
    facts["ingress"] = fill_ingress(demo)
    facts["files"] = _files(demo, facts)
    _fill_linkages(demo)
    _fill_workspaces(demo)
    demo.clock.move(minutes=40)
    return facts


def _fill_people(demo: Demo, facts: dict[str, Any]) -> None:
    tre = demo.tre
    account = NewAccount(
        id=NEWCOMER,
        name="Nadia Rahman",
        organisation="King's College London",
        roles=frozenset({Role.RESEARCHER}),
        email="nadia@kcl.example",
    )
    open_account(tre, "mia", account, HARD_PASSWORD)
    for id_, name in (("rex", "Rex Holm"), ("ines", "Ines Duarte")):
        record_person(tre, SYSTEM, replace(BOLA, id=id_, name=name), HARD_PASSWORD, new_secret())
    impose_sanction(tre, "mia", person="rex", until=date(2026, 6, 1), reason="Shared a password.")
    impose_sanction(tre, "mia", person="ines", until=None, reason="Under inquiry.")
    lift_sanction(tre, "mia", 2, "The inquiry found nothing.")
    put_on_study(demo, "finn")
    write_application(tre, "finn", AS_TRAINEE)
    facts["waiting"] = submit_application(tre, "finn")
    write_application(tre, "ines", replace(TOLD, declared_as="Ines Duarte"))
    facts["returned"] = submit_application(tre, "ines")
    reason = "The certificate's number is not known to its trainer."
    decide_application(tre, "mia", facts["returned"], ApplicationEvent.RETURN, reason)


def _files(demo: Demo, facts: dict[str, Any]) -> dict[str, int]:
    """The numbers of the files that are looked at, by short names."""
    found = {}
    for group in view_request(demo.tre, "cora", facts["requests"][State.SUBMITTED]).groups:
        found |= {file.name: file.id for file in group.files}
    short = {"figure.png": "figure_png", "figure.svg": "figure_svg"}
    named = {short.get(name, name.split(".")[0]): number for name, number in found.items()}
    code = view_ingress(demo.tre, "cora", facts["ingress"]["waiting"]).files
    named |= {
        file.name.split(".")[0]: file.id for file in code if file.name in {"odd.py", "data.py"}
    }
    named["protected"] = demo.outputs(facts["requests"][State.RELEASED])[0]
    return named


def _fill_linkages(demo: Demo) -> None:
    has_run(demo)
    told: Any = {"on": LETTER.on, "transfers": (LETTER,), "destroyed": ("a" * 64,)}
    run = LinkageRun(**RUN | told, out_of_time=0)
    record_transfers(demo.tre, "lena", run)


def _fill_workspaces(demo: Demo) -> None:
    for project in (STUDY, PRACTICE, "sixth-form"):
        folder = demo.tre.folders.workspace(project)
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("attainment.csv", "models.py", "figure.svg", "fit.pkl"):
            (folder / name).write_text("group,people\nMood,54\n")
            os.utime(folder / name, times=(demo.clock().timestamp(), demo.clock().timestamp()))


def codes_of(demo: Demo, person: str) -> dict[str, str]:
    """What a person types to prove who they are."""
    return {"password": demo.password, "code": current_code(demo.tre, person)}


class Told:
    """A report of the linkage as its page needs it; measuring a real one takes a whole world."""

    def to_dict(self) -> dict[str, Any]:
        lines = [
            {"value": value, "linkable": linkable, "missed": missed, "rate": missed / linkable}
            for value, linkable, missed in (
                ("Asian", 140, 9),
                ("Black", 210, 17),
                ("White", 700, 21),
            )
        ]
        told = json.loads(json.dumps(RUN))
        del told["transfers"], told["destroyed"]
        return told | {"recall": 0.94, "precision": 0.99, "missed": {"ethnic_group": lines}}
