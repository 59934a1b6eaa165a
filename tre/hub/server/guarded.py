"""Puts a guard before Jupyter's handlers: bodies are looked at, and refusals stay refusals."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import json5
from jupyter_server.base.handlers import APIHandler
from tornado import web

from tre.hub.server.bodies import BODIES, LAYOUTS, SETTINGS, read_body

MOST_LAYOUTS = 20
"""Of JupyterLab's window, kept for one person on one project; it needs one for each name."""

_SETTINGS_NAME = re.compile(r"(@?[\w-][\w.-]*/)?[\w-][\w.-]*:[\w-][\w.-]*", re.ASCII)
"""A package's and a plugin's, `@jupyterlab/apputils-extension:themes`: no path of the machine."""


class Guard(APIHandler):
    """Stands before a handler. Only what `BODIES` lists is handed on to it.

    Jupyter turns some refusals (no room, too many kernels) into errors of the server: here the
    refusal is what the browser is told.
    """

    guarded_name = ""
    _model: dict[str, Any] | None = None

    async def prepare(self) -> None:
        """Look at the body, when it is known that somebody may send one."""
        await super().prepare()
        body = BODIES.get(self.guarded_name)
        if body is None or not self.current_user:
            return
        if self.request.method in ("POST", "PUT", "PATCH"):
            self._model = read_body(self.request.body, body)
        if look := _FURTHER.get(self.guarded_name):
            look(self)

    def get_json_body(self) -> dict[str, Any] | None:
        """Give what was sent, as far as it is listed."""
        return self._model

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Tell why, where a refusal of ours lies behind an error of the server."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        cause = getattr(error, "__cause__", None)
        if status_code == 500 and isinstance(cause, web.HTTPError):
            status_code = cause.status_code
            self.set_status(status_code, cause.reason)
            kwargs["exc_info"] = (type(cause), cause, cause.__traceback__)
        super().write_error(status_code, **kwargs)


def guarded(handler: type, name: str) -> type:
    """Make a handler with the guard before it; one that serves no data stays as it is.

    name: the handler's in routes.py, which it keeps.
    """
    if not issubclass(handler, APIHandler) or hasattr(handler, "open"):
        return handler  # a page, a file of the program, or a socket
    attributes = {
        "__module__": handler.__module__,
        "__qualname__": handler.__qualname__,
        "__doc__": handler.__doc__,
        "guarded_name": name,
    }
    return type(handler.__name__, (Guard, handler), attributes)


def _must_be_settings(handler: Any) -> None:
    """A name is no path, or any JSON file of the machine would be shown and counted nowhere."""
    name = handler.path_kwargs.get("schema_name") or ""
    is_list = not name and handler.request.method == "GET"
    if not is_list and not _SETTINGS_NAME.fullmatch(name):
        raise web.HTTPError(404, "there are no settings of that name")
    if (model := handler.get_json_body()) is None:
        return
    try:
        json5.loads(model["raw"])
    except (ValueError, RecursionError) as error:
        raise web.HTTPError(400, "these settings cannot be read as JSON5") from error


def _must_be_room(handler: Any) -> None:
    """Refuse one more layout where there are as many as may be; one that is there may change."""
    if handler.request.method != "PUT":
        return
    kept = len(handler.manager.list_workspaces())
    there = handler.manager.load(handler.path_kwargs.get("space_name") or "")
    if kept >= MOST_LAYOUTS and "last_modified" not in there["metadata"]:
        words = f"{kept} layouts of the window are kept here, the most there may be; delete one"
        raise web.HTTPError(409, words)


_FURTHER: Mapping[str, Callable[[Any], None]] = {
    SETTINGS: _must_be_settings,
    LAYOUTS: _must_be_room,
}
"""What the kinds of fields do not say, of the two that write files of JupyterLab."""
