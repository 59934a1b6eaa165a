"""A session's server in this process: its real handlers and settings, without a hub or a seal."""

import asyncio
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from traitlets.config import Config

from tests.hub.sealed import a_session
from tre.hub.notices import Notice, write_notice
from tre.hub.server.application import SessionServer
from tre.hub.server.permissions import ALLOWED, NothingLeavesAuthorizer
from tre.hub.server.routes import close_all_but_open
from tre.hub.server.settings import configure
from tre.hub.session_file import Session
from tre.hub.spawner import write_settings


class AnyoneAuthorizer(NothingLeavesAuthorizer):
    """What may be done, without a hub that says by whom."""

    def is_authorized(self, handler, user, action, resource):
        return action in ALLOWED.get(resource, ())


class _Server(SessionServer):
    def init_signal(self):
        """Leave the tests' own."""


@contextmanager
def server_in_process(home: Path) -> Generator[tuple[httpx.Client, Path]]:
    """A browser at a session's server, and its workspace; no kernel starts in it (507)."""
    spec = a_session(home)
    folder = home / "sessions" / "ada"
    write_settings(folder, Session(spec=spec, desk_url=""))
    full = Notice(
        person="ada",
        project="p",
        title="t",
        practice=True,
        ends_at=0.0,
        shown_limit=1,
        no_kernels="no kernel starts in this test",
    )
    write_notice(full, folder / "settings")
    ready, running = threading.Event(), {}

    def serve():
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        running.update(loop=loop, port=_opened(folder / "settings", running))
        ready.set()
        loop.run_forever()
        running["http"].stop()
        loop.run_until_complete(running["server"]._cleanup())
        loop.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    assert ready.wait(90)
    address = f"http://127.0.0.1:{running['port']}"
    try:
        with httpx.Client(base_url=address, timeout=90, headers={"Origin": address}) as browser:
            yield browser, spec.workspace
    finally:
        running["loop"].call_soon_threadsafe(running["loop"].stop)
        thread.join(60)


def _opened(settings: Path, running: dict[str, Any]) -> int:
    config = Config()
    configure(config, settings)
    config.ServerApp.authorizer_class = AnyoneAuthorizer
    config.ServerApp.disable_check_xsrf = True
    config.ServerApp.open_browser = False
    config.ServerApp.allow_root = True
    config.IdentityProvider.token = ""
    server = _Server(config=config)
    server.initialize(argv=[], new_httpserver=False)
    close_all_but_open(server.web_app)
    sockets = bind_sockets(0, "127.0.0.1")
    running["server"], running["http"] = server, HTTPServer(server.web_app)
    running["http"].add_sockets(sockets)
    return sockets[0].getsockname()[1]
