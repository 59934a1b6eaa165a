"""Read by the hub that the tests start: the real configuration, with the fake gate."""

import os
import sys

from tests.hub.fake_gate import FakeGate
from tre.config import Config
from tre.hub import watch
from tre.hub.configuration import configure
from tre.hub.services import kept_running

watch.ROUND_SECONDS = float(os.environ.get("ROUND_SECONDS", watch.ROUND_SECONDS))
watch.GRACE_SECONDS = float(os.environ.get("GRACE_SECONDS", watch.GRACE_SECONDS))
watch.UNANSWERED_SECONDS = float(os.environ.get("UNANSWERED_SECONDS", watch.UNANSWERED_SECONDS))

c = get_config()  # noqa: F821 # ty: ignore[unresolved-reference]
config = Config.load()
configure(c, config, FakeGate(config.home))
desk = kept_running(
    sys.executable,
    "-m",
    "http.server",
    "--bind",
    config.host,
    str(config.desk_listens_on),
    "--directory",
    str(config.home / "replies"),
)
c.JupyterHub.services = [{"name": "desk", "command": desk, "display": False}]
