"""Starts one person's server on one project, in a sandbox of its own."""

import asyncio
import json
import shutil
import time
from pathlib import Path
from typing import Any, ClassVar

from jupyterhub.spawner import LocalProcessSpawner
from traitlets import default

from tre.config import Config
from tre.hub import processes
from tre.hub.endings import forget_ending
from tre.hub.gate import Gate
from tre.hub.kernels import write_kernel
from tre.hub.lab_menus import PAGE_CONFIG
from tre.hub.machine import this_machine
from tre.hub.proven_seal import ProvenSeal
from tre.hub.r_language import find_r
from tre.hub.refusals import NoSuchProjectError, explained
from tre.hub.session_file import Session, read_session, write_accounts, write_session
from tre.hub.session_folders import opened_folders
from tre.hub.session_limits import make_group, open_entrances, remove_recorded
from tre.hub.session_server import KEEPER, SERVER, end_tree, server_in
from tre.hub.watch import Watch
from tre.hub.watched import Watched
from tre.safe_settings.sealed_sandbox import Machine, OpenFolders, server_seal
from tre.safe_settings.session_spec import SessionSpec


class SessionSpawner(LocalProcessSpawner):
    """The server is trusted and never runs a researcher's code; its kernels are sealed.

    The name of the server is the project. The gate is asked before anything starts, and the
    watch is told of everything that runs. A server outlives a hub that is killed: the next one
    finds it by its process's number and start time.
    """

    gate: ClassVar[Gate]
    config_of_tre: ClassVar[Config]
    watch: ClassVar[Watch]
    proven: ClassVar[ProvenSeal]
    spec: SessionSpec | None = None
    process: processes.Process | None = None
    started_at = 0.0
    asked_to_stop = False

    @default("env_keep")
    def _nothing_of_the_hub(self) -> list[str]:
        return ["LANG", "LC_ALL"]

    async def run_pre_spawn_hook(self) -> None:
        """Ask whether this session may start; every reason goes to the page."""
        self.spec = None
        if not self.name:
            raise NoSuchProjectError("choose a project: a session always belongs to one")
        person, project = self.user.name, self.name
        await self.watch.before_start(person, project, self.folder)
        with explained():
            await asyncio.to_thread(self.proven.must_hold)
            self.spec = await asyncio.to_thread(self.gate.start_session, person, project)
        self.started_at, self.asked_to_stop = time.time(), False
        self._watch(self.spec, answered_at=self.started_at)

    async def run_post_stop_hook(self) -> None:
        """End what is left in the session's control group, and write down that it ended."""
        await asyncio.to_thread(remove_recorded, self._group_record)
        await self.watch.ended((self.user.name, self.name), asked_for=self.asked_to_stop)
        self.spec = None

    def _watch(self, spec: SessionSpec, *, answered_at: float) -> None:
        self.watch.add(
            Watched(
                spec=spec,
                folder=self.folder,
                server=self,
                started_at=self.started_at,
                answered_at=answered_at,
            )
        )

    @property
    def folder(self) -> Path:
        """The session's own folder in the data home, which its kernels never see."""
        return self.config_of_tre.home / "sessions" / f"{self.user.name}--{self.name}"

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """Add what the server needs; the kernels get an environment of their own."""
        private = str(self.folder / "private")
        return env | {
            "USER": "researcher",
            "HOME": private,
            "SHELL": "/bin/sh",
            "PATH": f"{this_machine().prefixes[0]}/bin:/usr/bin:/bin",
            "PYTHONNOUSERSITE": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "JUPYTER_CONFIG_DIR": str(self.folder / "settings" / "jupyter"),
            "JUPYTER_DATA_DIR": f"{private}/data",
            "JUPYTER_RUNTIME_DIR": "/tmp/jupyter",  # noqa: S108 - a tmpfs of the sandbox
            "TRE_SESSION_FOLDER": str(self.folder / "settings"),
            "TRE_HUB_URL": self.config_of_tre.url,
        }

    def make_preexec_fn(self, name: str) -> Any:  # noqa: ARG002
        """Keep the hub's own account: sandboxes part people, not accounts of the machine."""
        return None

    async def move_certs(self, paths: dict[str, str]) -> dict[str, str]:
        """Leave them: nobody's home is involved."""
        return paths

    async def start(self) -> tuple[str, int]:
        """Write the session's settings, then start its server in a sandbox."""
        if self.spec is None:
            raise NoSuchProjectError("the gate was not asked; nothing starts without it")
        with explained():
            return await self._start_sealed(this_machine(), self.spec)

    async def _start_sealed(self, machine: Machine, spec: SessionSpec) -> tuple[str, int]:
        group = await asyncio.to_thread(make_group, spec.limits, record=self._group_record)
        with opened_folders(spec) as folders, open_entrances(group) as entrances:
            self._describe(entrances)
            await self.watch.greet((self.user.name, self.name))
            self._seal(machine, folders)
            log = self.config_of_tre.home / "logs" / f"session-{self.user.name}--{self.name}.log"
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("ab") as output:
                self.popen_kwargs = {"cwd": "/", "stdin": -3, "stdout": output, "stderr": output}
                self.popen_kwargs["pass_fds"] = (*folders.numbers, *entrances)
                address = await super().start()
        self.process = processes.process(self.pid)
        return address

    def get_state(self) -> dict[str, Any]:
        """Keep what finds the server again: a number alone may be another process's by then."""
        state = super().get_state()
        if self.process is not None and self.pid:
            state |= {"ticks": self.process.started, "started_at": self.started_at}
        return state

    def load_state(self, state: dict[str, Any]) -> None:
        """Find the server of an earlier hub again, and watch it; one that nobody can watch ends."""
        super().load_state(state)
        if "pid" not in state:
            return
        self.process = processes.Process(state["pid"], state.get("ticks", 0))
        self.started_at = state.get("started_at", 0.0)
        try:
            self.spec = read_session(self.folder / "settings" / "session.json").spec
        except (OSError, ValueError, KeyError, TypeError):
            self.log.exception("the session of %s cannot be watched; it ends", self.user.name)
            processes.signal_all({self.process}, "SIGKILL")
            return
        self._watch(self.spec, answered_at=time.time())

    def clear_state(self) -> None:
        """Forget the process."""
        super().clear_state()
        self.process = None

    async def poll(self) -> int | None:
        """Whether the server runs (None); one that an earlier hub started is known by its times."""
        if self.proc is not None:
            return await super().poll()
        if self.process is not None and processes.process(self.process.pid) == self.process:
            return None
        await asyncio.to_thread(remove_recorded, self._group_record)
        self.clear_state()
        return 0

    async def stop(self, now: bool = False) -> None:  # noqa: FBT001, FBT002 - JupyterHub's signature
        """Let the server write down what it has to, then end it and all that it started."""
        self.asked_to_stop = True
        tree = processes.descendants(self.pid) if self.pid else set()
        if not now and (server := server_in(tree)):
            processes.signal_all({server}, "SIGTERM")
            await self.wait_for_death(self.interrupt_timeout)
        await super().stop(now=True)
        await end_tree(tree)

    async def close(self) -> None:
        """Stop for the watch, and have the hub take note as of any server that stopped."""
        await self.stop()
        await self.poll_and_notify()

    @property
    def _group_record(self) -> Path:
        """Remembers the session's control group, should the hub be killed."""
        return self.folder / "group.json"

    def _describe(self, entrances: tuple[int, ...]) -> None:
        assert self.spec is not None
        session = Session(
            spec=self.spec, desk_url=self.config_of_tre.desk_address, entrances=entrances
        )
        write_settings(self.folder, session)
        forget_ending(self.folder)

    def _seal(self, machine: Machine, folders: OpenFolders) -> None:
        assert self.spec is not None
        private, settings = self.folder / "private", self.folder / "settings"
        seal = server_seal(self.spec, machine, folders, private=private, settings=settings)
        server = [str(machine.python), *SERVER]
        self.cmd = [*KEEPER, str(machine.bwrap), *seal, "--", *server]
        self.args = []


def write_settings(folder: Path, session: Session) -> None:
    """Write what the server of a session reads: its description, its one kernel, Lab's menus."""
    settings = folder / "settings"
    shutil.rmtree(settings, ignore_errors=True)
    lab, private = settings / "jupyter" / "labconfig", folder / "private"
    for each in (lab, private / "checkpoints"):
        each.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    write_session(session, settings / "session.json")
    write_accounts(settings)
    write_kernel(settings / "kernels", settings / "session.json", with_r=find_r() is not None)
    # Jupyter looks once for files of its ancestor, and notes here that it has; this is read-only.
    (settings / "jupyter" / "migrated").touch()
    (lab / "page_config.json").write_text(json.dumps(PAGE_CONFIG), encoding="utf-8")


def spawner_for(gate: Gate, config: Config) -> type[SessionSpawner]:
    """Make the class that asks this gate: JupyterHub itself creates the instances."""
    attributes: dict[str, Any] = {
        "gate": gate,
        "config_of_tre": config,
        "watch": Watch(config, gate),
        "proven": ProvenSeal(),
        "__doc__": SessionSpawner.__doc__,
    }
    return type("SessionSpawner", (SessionSpawner,), attributes)
