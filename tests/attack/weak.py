"""Targets that hold nothing: a Jupyter server as it comes, and a site that says yes to all."""

import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx

from tre.attack.inside import planting
from tre.attack.kernel import Kernel
from tre.attack.target import Target
from tre.attack.visitor import Addresses, Visitor
from tre.training.demo import STUDY

TOKEN = "stock"


class Plain(Visitor):
    """A browser at a server without a hub."""

    @property
    def base(self) -> str:
        return "/"


class Stock(Target):
    """A Jupyter server as it comes, in the place of a session; the rest is the real world."""

    def __init__(self, world: Target, root: Path, address: str):
        super().__init__(world.config, world.tre)
        self.root, self.address = root, address
        self.name = "attack-stock"

    @cached_property
    def ada(self) -> Visitor:
        ada = Plain(at=Addresses(hub=self.address, desk=""), person="ada", project=STUDY)
        ada.http.get(f"{self.address}/lab?token={TOKEN}", follow_redirects=True)
        self.when_closed(ada.close)
        return ada

    @cached_property
    def kernel(self) -> Kernel:
        kernel = self.ada.start_kernel()
        self.when_closed(lambda: self.ada.stop_kernel(kernel))
        kernel.call(planting.make_folder, self.folder)
        return kernel

    @property
    def folder(self) -> str:
        return str(self.root / self.name)

    @property
    def places(self) -> tuple[str, ...]:
        return (str(self.root),)

    def on_disk(self, project: str) -> Path:
        return self.root / self.name


@contextmanager
def stock_server(folder: Path, environment: Mapping[str, str], world: Target) -> Generator[Stock]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    root = folder / "root"
    root.mkdir()
    words = ["--no-browser", "--allow-root", f"--port={port}", f"--ServerApp.root_dir={root}"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *words, f"--IdentityProvider.token={TOKEN}"],
            env=dict(environment),
            cwd=root,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    stock = Stock(world, root, address)
    try:
        _wait_for(address)
        yield stock
    finally:
        stock.close()
        process.terminate()
        process.wait(90)
        shutil.rmtree(root, ignore_errors=True)


def _wait_for(address: str) -> None:
    until = time.monotonic() + 150
    while time.monotonic() < until:
        try:
            httpx.get(f"{address}/api", timeout=10)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(address)


class Bare(Target):
    """Everything at one address that says yes to everybody, for attacks by the browser."""

    def __init__(self, world: Target, address: str):
        config = replace(world.config, hub_url=address, desk_url=address)
        super().__init__(config, world.tre)
        self.address = address

    def person(self, name: str) -> Visitor:
        visitor = Visitor(at=Addresses(hub=self.address, desk=self.address), person=name)
        visitor.project = "study"
        self.when_closed(visitor.close)
        return visitor

    @cached_property
    def ada(self) -> Visitor:
        return self.person("ada")

    @cached_property
    def finn(self) -> Visitor:
        return self.person("finn")

    @cached_property
    def kernel(self) -> Kernel:
        raise NotImplementedError


class _Yes(BaseHTTPRequestHandler):
    """Sends back 200 for reading, 201 for making, 404 for what is numbered 999999999."""

    def _answer(self) -> None:
        length = int(self.headers.get("content-length", 0))
        self.rfile.read(length)
        query = parse_qs(urlsplit(self.path).query)
        where = query.get("next", query.get("redirect_uri", []))
        made = self.command in ("POST", "PUT", "PATCH")
        status = 302 if where else 404 if "999999999" in self.path else 201 if made else 200
        body = json.dumps({"name": "ada", "scopes": ["admin:users"]}).encode()
        if self.path.endswith("/lab"):
            body = b"jupyter"
        self.send_response(status)
        if where:
            self.send_header("Location", where[0])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - http.server's

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's
        """Say nothing."""


@contextmanager
def bare_site(world: Target) -> Generator[Bare]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Yes)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site = Bare(world, f"http://127.0.0.1:{server.server_port}")
    try:
        yield site
    finally:
        site.close()
        server.shutdown()
        thread.join()
        server.server_close()
