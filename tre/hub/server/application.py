"""Jupyter's server with what a session may not have left out of it."""

from pathlib import Path
from typing import Any

from jupyter_core import paths
from jupyter_server.serverapp import ServerApp
from tornado.ioloop import PeriodicCallback
from traitlets import Unicode

from tre.hub.server.routes import OPEN, close_all_but_open, handler_name, rules_of
from tre.hub.server.tally import Tally, utc_now
from tre.hub.session_file import read_session

SETTLE_MILLISECONDS = 1000


class SessionServer(ServerApp):
    """Reads one configuration file, loads the extensions that it names, opens what is listed."""

    session_folder = Unicode(help="What the hub wrote for this session.").tag(config=True)
    tally: Tally

    @property
    def config_file_paths(self) -> list[str]:
        """Nowhere: the file is named on the command line, and is the only one."""
        return []

    def find_server_extensions(self) -> None:
        """Find none: what may be loaded stands in settings.py, whatever else is installed."""

    def init_configurables(self) -> None:
        """Begin to count before anything can be shown."""
        folder = Path(str(self.session_folder))
        limits = read_session(folder / "session.json").spec.limits
        private = folder.parent / "private"
        self.tally = Tally(private=private, most_bytes=limits.shown_bytes, now=utc_now)
        self.tally.begin()
        super().init_configurables()

    def start_app(self) -> None:
        """Close what is not listed as open, when every extension has brought its addresses."""
        application: Any = self.web_app
        if unknown := close_all_but_open(application):
            self.log.error("closed, since routes.py does not know them: %s", ", ".join(unknown))
        names = [handler_name(rule.target) for rule in rules_of(application, closed=True)]
        opened = sum(name in OPEN for name in names)
        self.log.info("%s addresses are open, %s closed", opened, len(names) - opened)
        self._settling = PeriodicCallback(self.settle, SETTLE_MILLISECONDS)
        self._settling.start()
        super().start_app()

    def settle(self) -> None:
        """Write to the record what was counted; where that fails, it stays counted."""
        try:
            self.tally.settle()
        except OSError as error:
            self.log.error("the session's record cannot be written: %s", error.strerror)  # noqa: TRY400

    async def _cleanup(self) -> None:
        await super()._cleanup()
        self.settle()


def read_no_other_configuration(folder: Path) -> None:
    """Point every place in which Jupyter looks for configuration at the session's own.

    In place: JupyterLab has its own references to these lists.
    """
    for places in (paths.ENV_CONFIG_PATH, paths.SYSTEM_CONFIG_PATH):
        places[:] = [str(folder / "jupyter")]
