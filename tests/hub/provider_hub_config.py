"""Read by the hub that the tests start: the real configuration and gate, without the desk."""

import sys

from tre.config import Config
from tre.hub.configuration import configure
from tre.hub.gate import StepsGate
from tre.hub.services import kept_running

c = get_config()  # noqa: F821 # ty: ignore[unresolved-reference]
config = Config.load()
configure(c, config, StepsGate(config))
words = (sys.executable, "-m", "http.server", "--bind", config.host, str(config.desk_listens_on))
desk = kept_running(*words, "--directory", str(config.home / "replies"))
c.JupyterHub.services = [{"name": "desk", "command": desk, "display": False}]
