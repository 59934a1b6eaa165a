"""Read by the hub that the tests start: the real configuration, with the fake gate."""

import sys

from tests.hub.fake_gate import FakeGate
from tre.config import Config
from tre.hub.configuration import configure

c = get_config()  # noqa: F821 # ty: ignore[unresolved-reference]
config = Config.load()
configure(c, config, FakeGate(config.home))
desk = [
    sys.executable,
    "-m",
    "http.server",
    "--bind",
    config.host,
    str(config.desk_listens_on),
    "--directory",
    str(config.home / "replies"),
]
c.JupyterHub.services = [{"name": "desk", "command": desk, "display": False}]
