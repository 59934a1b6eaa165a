"""The files that a browser may see of a workspace: what people write and read, not data."""

import asyncio
import base64
import binascii
import json
import mimetypes
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat
from jupyter_server.services.contents.filecheckpoints import AsyncGenericFileCheckpoints
from jupyter_server.services.contents.manager import AsyncContentsManager
from tornado import web
from traitlets import default

from tre.hub.server.notebooks import (
    NOTEBOOK_BYTES,
    UnusableNotebookError,
    must_be_usable,
    read_notebook,
)
from tre.hub.server.readable import (
    IMAGE_BYTES,
    IMAGES,
    READABLE,
    TEXT,
    TEXT_BYTES,
    why_unreadable,
)
from tre.hub.server.tally import Tally
from tre.hub.server.workspace import Entry, Workspace

NOTEBOOK = ".ipynb"
INGRESS = "bring code in through an ingress request at the desk"
SPENT = "this session has shown as much as it may in 24 hours; results leave by release request"
_NO_NOTEBOOK = (
    nbformat.ValidationError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
)
"""What reading something else as a notebook comes to."""
REFUSALS = (403, 413)
"""Statuses of refusals that the ledger is told of; the others are mistakes."""


class WorkspaceContents(AsyncContentsManager):
    """The contents service of a session.

    What is read out is looked at by its content, whatever it is called, and counted. A file may
    not be renamed into another kind. Of what a browser may write, all is put on the record.
    """

    @default("root_dir")
    def _the_workspace(self) -> str:
        return str(self._server.root_dir)

    @default("checkpoints_class")
    def _checkpoints_outside_the_workspace(self) -> type:
        return AsyncGenericFileCheckpoints

    @property
    def _server(self) -> Any:
        return self.parent

    @property
    def tally(self) -> Tally:
        """Where the session's bytes are counted."""
        return self._server.tally

    @property
    def workspace(self) -> Workspace:
        """The files."""
        return Workspace(Path(str(self.root_dir)))

    async def is_hidden(self, path: str) -> bool:
        """Whether a part of the path begins with a dot."""
        return any(part.startswith(".") for part in path.split("/"))

    async def file_exists(self, path: str = "") -> bool:
        """Whether there is a regular file."""
        found = self.workspace.find(path)
        return found is not None and not found.is_folder

    async def dir_exists(self, path: str) -> bool:
        """Whether there is a folder."""
        found = self.workspace.find(path)
        return found is not None and found.is_folder

    async def exists(self, path: str) -> bool:
        """Whether there is either."""
        return self.workspace.find(path) is not None

    async def get_kernel_path(self, path: str, model: object = None) -> str:  # noqa: ARG002
        """Name the folder of a notebook."""
        return path if await self.dir_exists(path) else str(PurePosixPath(path).parent)

    async def get(
        self,
        path: str,
        content: bool = True,  # noqa: FBT001, FBT002
        type: str | None = None,  # noqa: A002
        format: str | None = None,  # noqa: A002
        require_hash: bool = False,  # noqa: FBT001, FBT002
    ) -> dict[str, Any]:
        """Describe a file or folder, with its content where a browser may have it."""
        with self._noting("read", path):
            found = self._found(path, type)
            if found.is_folder:
                return self._folder(found, content=bool(content))
            if not content and not require_hash:
                return self._described(found)
            model, size = await self._file(found, type, format)
            if not content:
                return model | {"content": None, "format": None, "mimetype": None}
            self._show(f"file {_suffix(path)}", size)
        return model

    async def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        """Write what was typed or brought in; data is not brought in through the browser."""
        with self._noting("write", path):
            if model.get("chunk") is not None:
                raise web.HTTPError(413, f"too large for the browser; {INGRESS}")
            if model.get("type") == "directory":
                self.workspace.make_folder(path)
            else:
                written = await self._written(model, path)
                self._record(path, written)
                self.workspace.write(path, written)
        return _model(self._found(path, None))

    async def rename_file(self, old_path: str, new_path: str) -> None:
        """Move a file; it stays of its kind."""
        with self._noting("rename", new_path):
            old, new = _suffix(old_path), _suffix(new_path)
            found = self._found(old_path, None)
            if not found.is_folder and old != new and not {old, new} <= READABLE:
                kinds = f"a {old[:20] or 'nameless'} file may not become a {new[:20]} file"
                raise web.HTTPError(403, f"{kinds}; copy it in a notebook")
            self.workspace.rename(old_path, new_path)

    async def delete_file(self, path: str) -> None:
        """Remove a file or folder; a large one keeps no other request waiting."""
        await asyncio.to_thread(self.workspace.delete, path)

    async def copy(self, from_path: str, to_path: str | None = None) -> dict[str, Any]:
        """Copy a file that a browser may have; it stays of its kind."""
        with self._noting("read", from_path):
            found = self._found(from_path, None)
            if found.is_folder:
                raise web.HTTPError(403, "folders are copied in a notebook, not in the browser")
            content = self._copied(found)
            target = await self._target(found, to_path)
            if _suffix(target) != _suffix(from_path):
                raise web.HTTPError(403, "a copy stays of the same kind")
        self.workspace.write(target, content)
        return _model(self._found(target, None))

    async def trust_notebook(self, path: str) -> None:
        """Sign a notebook, so that its scripts run when it is opened."""
        raw = self.workspace.read(self._found(path, "notebook").path, NOTEBOOK_BYTES)
        notebook = await asyncio.to_thread(_usable_notebook, raw)
        self.notary.mark_cells(notebook, trusted=True)
        self.check_and_sign(notebook, path)

    async def create_checkpoint(self, path: str) -> dict[str, Any]:
        """Keep a copy, outside the workspace."""
        return await self.checkpoints.create_checkpoint(_Unshown(self), path)

    def _found(self, path: str, wanted: str | None) -> Entry:
        found = self.workspace.find(path)
        if found is None:
            if words := self.workspace.what_else(path):
                raise web.HTTPError(400, words)
            raise web.HTTPError(404, "there is no such file or folder in the workspace")
        is_notebook = not found.is_folder and _suffix(path) == NOTEBOOK
        kinds = {"directory": found.is_folder, "notebook": is_notebook, "file": True}
        if wanted is not None and (not kinds[wanted] or (wanted == "file" and found.is_folder)):
            raise web.HTTPError(400, f"that is no {wanted}", reason="bad type")
        return found

    def _folder(self, found: Entry, *, content: bool) -> dict[str, Any]:
        model = _model(found)
        if content:
            listed = [_model(entry) for entry in self.workspace.list(found.path)]
            self._show("file list", _told_bytes(listed))
            model |= {"content": listed, "format": "json"}
        return model

    def _described(self, found: Entry) -> dict[str, Any]:
        """Describe an entry; it is counted, but never refused: without it nothing can be saved.

        A kernel gives its files names, sizes and times at will.
        """
        model = _model(found)
        self.tally.shown("file description", _told_bytes(model))
        return model

    async def _file(
        self, found: Entry, wanted_type: str | None, wanted_format: str | None
    ) -> tuple[dict[str, Any], int]:
        """Read a file that may be shown, as JupyterLab wants it; and how many bytes it has."""
        if _suffix(found.path) == NOTEBOOK and wanted_type != "file":
            raw = self.workspace.read(found.path, NOTEBOOK_BYTES)
            notebook = await asyncio.to_thread(_usable_notebook, raw)
            self.mark_trusted_cells(notebook, found.path)
            shown: dict[str, Any] = {"type": "notebook", "content": notebook, "format": "json"}
        else:
            raw = self._readable(found)
            shown = {"type": "file"} | _spelt(raw, found.path, wanted_format)
        return _model(found) | shown | _hash(raw), len(raw)

    def _readable(self, found: Entry) -> bytes:
        """Read a file other than a notebook, if its content may be shown."""
        raw = self.workspace.read(found.path, max(TEXT_BYTES, IMAGE_BYTES))
        if reason := why_unreadable(found.path, raw):
            raise web.HTTPError(403, reason)
        return raw

    def _copied(self, found: Entry) -> bytes:
        if _suffix(found.path) != NOTEBOOK:
            return self._readable(found)
        raw = self.workspace.read(found.path, NOTEBOOK_BYTES)
        _usable_notebook(raw)
        return raw

    def _show(self, channel: str, size: int) -> None:
        if not self.tally.may_show(size):
            raise web.HTTPError(403, SPENT)
        self.tally.shown(channel, size)

    async def _written(self, model: Mapping[str, Any], path: str) -> bytes:
        """Take what a browser sends for a file: text that people write, or a notebook."""
        if _suffix(path) == NOTEBOOK:
            return await asyncio.to_thread(_sent_notebook, model)
        content = _sent(model)
        if _suffix(path) not in TEXT | {""}:
            kind = _suffix(path)[:20]
            raise web.HTTPError(403, f"{kind} files are not brought in here; {INGRESS}")
        if reason := why_unreadable(path, content):
            raise web.HTTPError(403, f"{reason.partition(';')[0]}; {INGRESS}")
        return content

    def _record(self, path: str, content: bytes) -> None:
        try:
            self.tally.brought_in(path, content)
        except OSError as error:
            raise web.HTTPError(507, "this cannot be recorded now; try again later") from error

    async def _target(self, found: Entry, to_path: str | None) -> str:
        """Say where a copy goes: a free name in a folder, or the name that was asked for."""
        here = PurePosixPath(found.path)
        folder = str(here.parent) if to_path is None else to_path.strip("/")
        if not await self.dir_exists("" if folder == "." else folder):
            return folder
        folder = "" if folder == "." else folder
        name = await self.increment_filename(here.name, folder, insert="-Copy")
        return f"{folder}/{name}".strip("/")

    @contextmanager
    def _noting(self, what: str, path: str) -> Generator[None]:
        """Put refusals on the session's record."""
        try:
            yield
        except web.HTTPError as error:
            if error.status_code in REFUSALS:
                self.tally.withheld(what, path, (error.log_message or "")[:200])
            raise


class _Unshown:
    """The contents as a checkpoint reads them: nothing of that goes to the browser."""

    def __init__(self, contents: WorkspaceContents):
        self._contents = contents

    async def get(self, path: str, content: bool = True) -> dict[str, Any]:  # noqa: ARG002, FBT001, FBT002 - as the contents have it
        found = self._contents._found(path, None)  # noqa: SLF001
        model, _ = await self._contents._file(found, None, None)  # noqa: SLF001
        return model


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix.lower()


def _model(found: Entry) -> dict[str, Any]:
    """Describe an entry without its content."""
    name = found.path.rpartition("/")[2]
    kind = "notebook" if _suffix(name) == NOTEBOOK else "file"
    return {
        "name": name,
        "path": found.path,
        "type": "directory" if found.is_folder else kind,
        "size": None if found.is_folder else found.about.st_size,
        "last_modified": _time(found.about.st_mtime),
        "created": _time(found.about.st_ctime),
        "writable": bool(found.about.st_mode & 0o200),
        "content": None,
        "format": None,
        "mimetype": None,
        "hash": None,
        "hash_algorithm": None,
    }


def _told_bytes(models: object) -> int:
    """How much descriptions of files say, as they are sent."""
    return len(json.dumps(models, default=str))


def _time(seconds: float) -> datetime:
    """A kernel may give a file any time; one that no calendar has becomes the first."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime(1970, 1, 1, tzinfo=UTC)


def _spelt(raw: bytes, path: str, wanted: str | None) -> dict[str, Any]:
    """Spell a file's content as text or base64, as was asked for, or as fits."""
    is_picture = _suffix(path) in IMAGES
    if is_picture and wanted == "text":
        raise web.HTTPError(400, "that is no text", reason="bad format")
    mime_type = mimetypes.guess_type(path)[0]
    if is_picture or wanted == "base64":
        content = base64.encodebytes(raw).decode("ascii")
        return {"content": content, "format": "base64", "mimetype": mime_type}
    return {"content": raw.decode(), "format": "text", "mimetype": mime_type or "text/plain"}


def _hash(raw: bytes) -> dict[str, str]:
    return {"hash": sha256(raw).hexdigest(), "hash_algorithm": "sha256"}


def _usable_notebook(raw: bytes) -> nbformat.NotebookNode:
    try:
        return read_notebook(raw)
    except UnusableNotebookError as error:
        raise web.HTTPError(403, f"this notebook is not shown: {error}") from error


def _sent_notebook(model: Mapping[str, Any]) -> bytes:
    """Take a notebook, sent as one or as a file, if all that it holds may come in."""
    content = model.get("content")
    try:
        if model.get("type") == "notebook" and isinstance(content, dict):
            notebook = nbformat.from_dict(content)
            must_be_usable(notebook)
            nbformat.validate(notebook)
            raw = nbformat.writes(notebook, version=nbformat.NO_CONVERT).encode()
        else:
            raw = _sent(model)
            read_notebook(raw)
    except UnusableNotebookError as error:
        raise web.HTTPError(403, f"this notebook is not saved: {error}") from error
    except _NO_NOTEBOOK as error:
        raise web.HTTPError(400, "that is no notebook") from error
    if len(raw) > NOTEBOOK_BYTES:
        raise web.HTTPError(413, f"a notebook of more than {NOTEBOOK_BYTES:,} bytes; clear outputs")
    return raw


def _sent(model: Mapping[str, Any]) -> bytes:
    content, spelt = model.get("content"), model.get("format")
    if not isinstance(content, str) or spelt not in ("text", "base64"):
        raise web.HTTPError(400, "a file's content is sent as text or base64")
    try:
        if spelt == "text":
            return content.encode()
        return base64.b64decode("".join(content.split()), validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError) as error:
        raise web.HTTPError(400, "that content cannot be read") from error
