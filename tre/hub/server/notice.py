"""The session's bar: passes on what the hub says, and tells the hub when something happened.

A Jupyter server extension. A running computation, a save and a change are signs of life; an open
page that only looks is none. A server whose hub has fallen silent stops by itself, since nobody
asks any more whether its owner may be there.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join
from tornado import web
from tornado.ioloop import PeriodicCallback

from tre.hub.notices import NAME, SILENCE_SECONDS, read_notice, write_activity
from tre.hub.server.tally import NAME as SHOWN

LOOK_SECONDS = 5
PATH = "api/tre/notice"
LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(slots=True)
class Activity:
    """When something was last run, saved or changed, in seconds since 1970."""

    active_at: float = field(default_factory=time.time)

    def asked(self, handler: web.RequestHandler) -> None:
        """Count a request that changed something."""
        changes = handler.request.method not in LOOKING
        if changes and handler.get_status() < 400:
            self.active_at = time.time()

    def look_at(self, kernels: list[dict[str, Any]]) -> None:
        """Count kernels that compute now, and what others said last."""
        for kernel in kernels:
            if kernel.get("execution_state") == "busy":
                self.active_at = time.time()
            elif said := kernel.get("last_activity"):
                at = datetime.fromisoformat(str(said)).timestamp()
                self.active_at = max(self.active_at, at)


@dataclass(slots=True)
class Silence:
    """How long the hub has written nothing; a machine that slept does not count its sleep."""

    file: Path
    _seen: float = 0.0
    _since: float = field(default_factory=time.monotonic)

    def seconds(self) -> float:
        """Look at the file, and say for how long it has stayed the same."""
        try:
            written = self.file.stat().st_mtime
        except FileNotFoundError:
            written = self._seen
        if written != self._seen:
            self._seen, self._since = written, time.monotonic()
        return time.monotonic() - self._since


class Pulse:
    """Tells the hub that something happens here, and looks whether it still listens."""

    def __init__(self, server: Any, folder: Path):
        self.activity = Activity()
        self._server, self._private = server, folder.parent / "private"
        self._silence = Silence(folder / NAME)

    def beat(self) -> None:
        """Look once; a full disk keeps the hub from knowing, and the session from nothing else."""
        self.activity.look_at(self._server.kernel_manager.list_kernels())
        if self._silence.seconds() > SILENCE_SECONDS:
            self._server.log.error("the hub was silent for %s seconds; closing", SILENCE_SECONDS)
            self._server.stop(from_signal=True)
        try:
            write_activity(self._private, self.activity.active_at)
        except OSError:
            self._server.log.exception("the hub could not be told that something happens here")


class NoticeHandler(APIHandler):
    """`GET api/tre/notice`: what the session's bar shows, for the session's owner."""

    auth_resource = "tre"

    def initialize(self, folder: Path) -> None:
        """folder: the session's settings, which the hub writes and this server only reads."""
        self.folder = folder

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Give the notice, with the time here: the browser's clock may be wrong."""
        private = self.folder.parent / "private"
        found = read_notice(self.folder) | {"now": time.time(), "shown": shown_bytes(private)}
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(found))


def shown_bytes(private: Path) -> int:
    """How much was shown in the last 24 hours, as it is counted on the disk."""
    try:
        hours = json.loads((private / SHOWN).read_text(encoding="utf-8"))["hours"]
        return sum(int(size) for size in hours.values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return 0


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: ServerApp) -> None:
    folder = Path(str(server.config.KernelsWithRoom.settings))
    pulse = Pulse(server, folder)
    application: Any = server.web_app
    application.settings["log_function"] = _listening(
        pulse.activity, application.settings["log_function"]
    )
    address = url_path_join(application.settings["base_url"], PATH)
    application.add_handlers(".*$", [(address, NoticeHandler, {"folder": folder})])
    application.settings["tre_pulse"] = PeriodicCallback(pulse.beat, 1000 * LOOK_SECONDS)
    application.settings["tre_pulse"].start()


def _listening(
    activity: Activity, log: Callable[[web.RequestHandler], None]
) -> Callable[[web.RequestHandler], None]:
    """Count a request before it is logged; the bar's own are not worth a line."""

    def logged(handler: web.RequestHandler) -> None:
        activity.asked(handler)
        if not isinstance(handler, NoticeHandler) or handler.get_status() >= 400:
            log(handler)

    return logged
