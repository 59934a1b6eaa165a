"""The files that a browser may see of a workspace: what people write and read, not data."""

import base64
import errno
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_server.services.contents.filecheckpoints import AsyncGenericFileCheckpoints
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from tornado import web
from traitlets import default

from tre.hub.server.readable import READABLE, why_unreadable


class LeadsOutError(web.HTTPError, OSError):
    """A link out of the workspace: not there when asked for, and left out of a folder's list."""

    def __init__(self, path: str):
        web.HTTPError.__init__(self, 404, f"{path} leads out of the workspace")
        self.errno = errno.ELOOP


class WorkspaceContents(AsyncLargeFileManager):
    """The contents service of a session.

    Every path is followed to its end before it is used: a link out of the workspace is not
    there. What is read out is looked at by its content, whatever it is called, and a file may
    not be renamed into another kind.
    """

    def _get_os_path(self, path: str) -> str:
        found = super()._get_os_path(path)
        root = Path(self.root_dir).resolve()
        if not Path(found).resolve().is_relative_to(root):
            raise LeadsOutError(path)
        return found

    @default("checkpoints_class")
    def _checkpoints_outside_the_workspace(self) -> type:
        return AsyncGenericFileCheckpoints

    async def get(
        self,
        path: str,
        content: bool = True,  # noqa: FBT001, FBT002
        type: str | None = None,  # noqa: A002
        format: str | None = None,  # noqa: A002
        require_hash: bool = False,  # noqa: FBT001, FBT002
    ) -> dict[str, Any]:
        """Describe a file or folder, with its content where a browser may have it."""
        model = await super().get(path, content, type, format, require_hash)
        if content and model["type"] == "file":
            self._must_be_readable(path, _bytes_of(model))
        return model

    async def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        """Write what was typed or brought in; data is not brought in through the browser."""
        if model.get("type") == "file":
            if model.get("chunk") is not None:
                raise web.HTTPError(413, "too large to be brought in through the browser")
            self._must_be_readable(path, _bytes_of(model))
            self.log.info("written by the browser: %r", path)
        return await super().save(model, path)

    async def rename_file(self, old_path: str, new_path: str) -> None:
        """Move a file; it stays of its kind."""
        old, new = Path(old_path).suffix.lower(), Path(new_path).suffix.lower()
        is_file = Path(self._get_os_path(old_path)).is_file()
        if is_file and old != new and not {old, new} <= READABLE:
            raise web.HTTPError(403, f"a {old or 'nameless'} file may not become a {new} file")
        await super().rename_file(old_path, new_path)

    def _must_be_readable(self, path: str, content: bytes) -> None:
        if reason := why_unreadable(path, content):
            raise web.HTTPError(403, f"{Path(path).name}: {reason}")


def _bytes_of(model: Mapping[str, Any]) -> bytes:
    content = model.get("content") or ""
    if model.get("format") == "base64":
        return base64.b64decode(content)
    return content.encode() if isinstance(content, str) else b""
