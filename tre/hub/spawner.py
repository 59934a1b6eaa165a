"""Starts one person's server on one project, in a sandbox of its own."""

import json
import shutil
from pathlib import Path
from typing import Any, ClassVar

from jupyterhub.spawner import LocalProcessSpawner
from traitlets import default

from tre.config import Config
from tre.decision import NotThereError, RefusedError
from tre.hub.gate import Gate
from tre.hub.kernels import write_kernel
from tre.hub.lab_menus import PAGE_CONFIG
from tre.hub.machine import this_machine
from tre.hub.refusals import NoSuchProjectError, SessionRefusedError
from tre.hub.session_file import Session, write_accounts, write_session
from tre.safe_settings.sealed_sandbox import server_seal
from tre.safe_settings.session_spec import SessionSpec


class SessionSpawner(LocalProcessSpawner):
    """The server is trusted and never runs a researcher's code; its kernels are sealed.

    The name of the server is the project. The gate is asked before anything starts.
    """

    gate: ClassVar[Gate]
    config_of_tre: ClassVar[Config]
    spec: SessionSpec | None = None

    @default("env_keep")
    def _nothing_of_the_hub(self) -> list[str]:
        return ["LANG", "LC_ALL"]

    async def run_pre_spawn_hook(self) -> None:
        """Ask whether this session may start; every reason goes to the page."""
        self.spec = None
        if not self.name:
            raise NoSuchProjectError("choose a project: a session always belongs to one")
        try:
            self.spec = self.gate.start_session(self.user.name, self.name)
        except RefusedError as error:
            raise SessionRefusedError(error.decision) from error
        except NotThereError as error:
            raise NoSuchProjectError(str(error)) from error

    async def run_post_stop_hook(self) -> None:
        """Write down that the session ended."""
        if self.spec is not None:
            self.gate.end_session(self.user.name, self.name, "its server stopped")
            self.spec = None

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
        machine = this_machine()
        write_settings(self.folder, self.spec, desk_url=self.config_of_tre.desk_address)
        private, settings = self.folder / "private", self.folder / "settings"
        seal = server_seal(self.spec, machine, private=private, settings=settings)
        self.cmd = [str(machine.bwrap), *seal, "--", str(machine.python), "-m", "tre.hub.server"]
        self.args = []
        log = self.config_of_tre.home / "logs" / f"session-{self.user.name}--{self.name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self.popen_kwargs = {"cwd": "/", "stdin": -3, "stdout": output, "stderr": output}
            return await super().start()


def write_settings(folder: Path, spec: SessionSpec, *, desk_url: str) -> None:
    """Write what the server of a session reads: its description, its one kernel, Lab's menus."""
    settings = folder / "settings"
    shutil.rmtree(settings, ignore_errors=True)
    lab, private = settings / "jupyter" / "labconfig", folder / "private"
    for each in (lab, private / "checkpoints"):
        each.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    write_session(Session(spec=spec, desk_url=desk_url), settings / "session.json")
    write_accounts(settings)
    write_kernel(settings / "kernels", settings / "session.json")
    # Jupyter looks once for files of its ancestor, and notes here that it has; this is read-only.
    (settings / "jupyter" / "migrated").touch()
    (lab / "page_config.json").write_text(json.dumps(PAGE_CONFIG), encoding="utf-8")


def spawner_for(gate: Gate, config: Config) -> type[SessionSpawner]:
    """Make the class that asks this gate: JupyterHub itself creates the instances."""
    attributes: dict[str, Any] = {
        "gate": gate,
        "config_of_tre": config,
        "__doc__": SessionSpawner.__doc__,
    }
    return type("SessionSpawner", (SessionSpawner,), attributes)
