"""What a browser may send with a request: of each open address which fields, and of what kind.

Jupyter's handlers use what is sent as it is: a list where they expect a name ends them with an
error of the server. So every body is looked at before its handler sees it, and only the fields
that are listed are handed on.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tornado import web

WORDS = {str: "text", dict: "an object", int: "a number"}


class Anything:
    """A field that the handler looks at itself: a file's content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What may be sent to one address.

    fields: each with its kind, or with the fields of an object. needed: those without which
    nothing can be done, by their way from the top. most_bytes: of the body as it is sent.
    """

    fields: Mapping[str, Any]
    needed: tuple[tuple[str, ...], ...] = ()
    most_bytes: int = 2**16


_KERNEL = {"name": str, "path": str}
_SESSION = {
    "path": str,
    "type": str,
    "name": str,
    "kernel": {"id": str, "name": str},
    "notebook": {"path": str, "name": str},
}
_FILE = dict.fromkeys(("path", "copy_from", "ext", "type", "format", "name"), str)
SETTINGS = "jupyterlab_server.settings_handler.SettingsHandler"
LAYOUTS = "jupyterlab_server.workspaces_handler.WorkspacesHandler"
LAYOUT_BYTES = 2**18

BODIES: Mapping[str, Body] = {
    "jupyter_server.services.contents.handlers.ContentsHandler": Body(
        fields=_FILE | {"chunk": int, "content": Anything}, most_bytes=2**32
    ),
    "jupyter_server.services.kernels.handlers.MainKernelHandler": Body(fields=_KERNEL),
    "jupyter_server.services.sessions.handlers.SessionRootHandler": Body(fields=_SESSION),
    "jupyter_server.services.sessions.handlers.SessionHandler": Body(fields=_SESSION),
    SETTINGS: Body(fields={"raw": str}, needed=(("raw",),)),
    LAYOUTS: Body(
        fields={"data": dict, "metadata": {"id": str}},
        needed=(("metadata", "id"),),
        most_bytes=LAYOUT_BYTES,
    ),
}
"""By the names of routes.py. A file's size is limited by the server, and by what it is."""


def read_body(sent: bytes, body: Body) -> dict[str, Any] | None:
    """Read what was sent, as far as it is listed; None where nothing was sent.

    Null counts as nothing, as Jupyter means it. Raises web.HTTPError: 413 for too much, 400 for
    what cannot be read or is of another kind, with a sentence that names the field.
    """
    if len(sent) > body.most_bytes:
        raise web.HTTPError(413, f"more than {body.most_bytes:,} bytes were sent")
    try:
        found = json.loads(sent.decode("utf-8")) if sent.strip() else None
    except (ValueError, RecursionError) as error:
        raise web.HTTPError(400, "what was sent cannot be read as JSON") from error
    model = None if found is None else _listed(found, body.fields, "what is sent")
    for way in body.needed:
        _must_have(model or {}, way)
    return model


def _listed(found: Any, fields: Mapping[str, Any], where: str) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise web.HTTPError(400, f"{where} must be an object with named fields")
    kept = {name: found[name] for name in fields if found.get(name) is not None}
    return {name: _of_kind(value, fields[name], f"{name!r}") for name, value in kept.items()}


def _of_kind(value: Any, kind: Any, where: str) -> Any:
    if isinstance(kind, Mapping):
        return _listed(value, kind, where)
    if kind is Anything:
        return value
    if not isinstance(value, kind) or isinstance(value, bool):
        raise web.HTTPError(400, f"{where} must be {WORDS[kind]}")
    if kind is str and not _is_spelt(value):
        raise web.HTTPError(400, f"{where} holds characters that no name has")
    return value


def _is_spelt(text: str) -> bool:
    """Half a character (a lone surrogate) and NUL are in no path and no name."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _must_have(model: Mapping[str, Any], way: tuple[str, ...]) -> None:
    here: Any = model
    for name in way:
        if name not in here:
            raise web.HTTPError(400, f"the field {'.'.join(way)!r} is missing")
        here = here[name]
