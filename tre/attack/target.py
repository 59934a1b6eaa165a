"""The world under attack: its people, sessions and kernels, each started when first needed."""

import secrets
import shutil
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from tre.attack.attack import CannotAttackError, name_of
from tre.attack.baits import Baits
from tre.attack.inside import planting
from tre.attack.kernel import Kernel
from tre.attack.visitor import Visitor, addresses_of
from tre.config import Config
from tre.hub.ports import Ports, ports_of
from tre.steps.second_factor import SECONDS as CODE_SECONDS
from tre.steps.second_factor import current_code
from tre.steps.tre import Tre
from tre.training.accounts import demo_password
from tre.training.demo import PRACTICE, STUDY
from tre.vocabulary import PersonId, ProjectId

RESEARCHER: PersonId = "ada"
COLLEAGUE: PersonId = "finn"
MEMBER: PersonId = "bola"
CHECKER: PersonId = "cora"
SIGN_IN_TRIES = 3


class Target:
    """What attacks are made on, and by whom.

    ada researches on a real project; finn is a trainee on the practice project, where the
    hostile packages go; bola is on ada's project without accreditation; cora checks outputs.
    """

    def __init__(self, config: Config, tre: Tre):
        self.config = config
        self.tre = tre
        self.name = f"attack-{secrets.token_hex(4)}"
        self._kept = ExitStack()
        self._people: dict[PersonId, Visitor] = {}
        self._once: dict[str, Any] = {}

    def close(self) -> None:
        """Take back everything that was made: kernels, sessions, files, requests, cookies."""
        self._kept.close()

    def when_closed(self, act: Callable[[], object]) -> None:
        """Do this at the end, before what was made earlier is taken back."""

        def quietly() -> None:
            with suppress(httpx.HTTPError, OSError, RuntimeError, CannotAttackError):
                act()

        self._kept.callback(quietly)

    def once(self, make: "Callable[[Target], Any]") -> Any:
        """Make something that several attacks use; a failure is remembered as well."""
        name = f"{make.__module__}.{name_of(make)}"
        if name not in self._once:
            try:
                self._once[name] = make(self)
            except CannotAttackError as error:
                self._once[name] = error
        if isinstance(self._once[name], CannotAttackError):
            raise self._once[name]
        return self._once[name]

    @cached_property
    def ports(self) -> Ports:
        """The TCP ports of the environment's parts."""
        return ports_of(self.config)

    @cached_property
    def baits(self) -> Baits:
        """Things of the machine that no session may reach."""
        baits = Baits()
        self._kept.callback(baits.close)
        return baits

    def stranger(self) -> Visitor:
        """A browser in which nobody is signed in."""
        visitor = Visitor(at=addresses_of(self.config))
        self._kept.callback(visitor.close)
        return visitor

    def person(self, name: PersonId) -> Visitor:
        """A browser in which this person is signed in."""
        if name not in self._people:
            self._people[name] = self._signed_in(name)
        return self._people[name]

    def _signed_in(self, name: PersonId) -> Visitor:
        visitor = self.stranger()
        for _ in range(SIGN_IN_TRIES):
            code = current_code(self.tre, name)
            if visitor.sign_in(name, demo_password(self.config), code).is_redirect:
                return visitor
            time.sleep(CODE_SECONDS / 2)
        message = f"{name} could not sign in at the hub with the demonstration's password"
        raise CannotAttackError(message)

    @cached_property
    def ada(self) -> Visitor:
        """The researcher, with a session on the study."""
        return self._in_session(RESEARCHER, STUDY)

    @cached_property
    def finn(self) -> Visitor:
        """The trainee, with a session on the practice project, at the desk too."""
        finn = self._in_session(COLLEAGUE, PRACTICE)
        finn.enter_desk()
        return finn

    @cached_property
    def cora(self) -> Visitor:
        """The output checker, at the desk."""
        cora = self.person(CHECKER)
        cora.enter_desk()
        return cora

    @cached_property
    def ada_at_desk(self) -> Visitor:
        """The researcher at the desk; a session is not needed for it."""
        ada = self.person(RESEARCHER)
        ada.enter_desk()
        return ada

    @cached_property
    def bola(self) -> Visitor:
        """A member of ada's project who may not work on it now."""
        bola = self.person(MEMBER)
        bola.enter_desk()
        return bola

    @cached_property
    def kernel(self) -> Kernel:
        """The researcher's kernel, in which most code is run."""
        return self._ready_kernel(self.ada)

    @cached_property
    def colleagues_kernel(self) -> Kernel:
        """The trainee's kernel."""
        return self._ready_kernel(self.finn)

    def start_again(self, visitor: Visitor) -> None:
        """Stop a session and start it again, server and all; its kernels are new ones."""
        kernel = "kernel" if visitor.person == RESEARCHER else "colleagues_kernel"
        self.__dict__.pop(kernel, None)
        visitor.stop_session()
        visitor.open_session(visitor.project)

    @property
    def places(self) -> tuple[str, ...]:
        """Folders that a session has, as its kernel sees them."""
        return ("/data", "/workspace", "/outbox", "/replies")

    @property
    def folder(self) -> str:
        """The attack's own folder in each workspace, as a kernel sees it."""
        return f"/workspace/{self.name}"

    def on_disk(self, project: ProjectId) -> Path:
        """The same folder as the machine sees it."""
        return self.tre.folders.workspace(project) / self.name

    @contextmanager
    def fresh_kernel(self, visitor: Visitor) -> Generator[Kernel]:
        """A kernel of its own, for what may kill it or what the next one would run."""
        kernel = visitor.start_kernel()
        try:
            yield kernel
        finally:
            visitor.stop_kernel(kernel)

    def _in_session(self, name: PersonId, project: ProjectId) -> Visitor:
        visitor = self.person(name)
        if visitor.open_session(project):
            self.when_closed(visitor.stop_session)
        self.when_closed(lambda: shutil.rmtree(self.on_disk(project), ignore_errors=True))
        return visitor

    def _ready_kernel(self, visitor: Visitor) -> Kernel:
        kernel = visitor.start_kernel()
        self.when_closed(lambda: visitor.stop_kernel(kernel))
        kernel.call(planting.make_folder, self.folder)
        return kernel
