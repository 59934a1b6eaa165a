"""What a notebook may hold when it goes to a browser, or comes from one."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Any

import nbformat
from nbformat.reader import NotJSONError
from nbformat.validator import NotebookValidationError

from tre.hub.server.display import not_shown
from tre.hub.server.readable import IMAGES, TEXT_BYTES, why_unreadable

NOTEBOOK_BYTES = 16 * 2**20
NOTES_BYTES = 64 * 2**10
"""Of metadata, in the notebook and in each cell."""
WIDGETS = "widgets"
"""Metadata in which JupyterLab keeps the state of widgets; it counts as an output."""

_OF_A_NOTEBOOK = frozenset({"cells", "metadata", "nbformat", "nbformat_minor"})
_OF_A_CELL = {
    "code": frozenset({"cell_type", "id", "metadata", "source", "outputs", "execution_count"}),
    "markdown": frozenset({"cell_type", "id", "metadata", "source", "attachments"}),
    "raw": frozenset({"cell_type", "id", "metadata", "source", "attachments"}),
}
_OF_AN_OUTPUT = {
    "stream": frozenset({"output_type", "name", "text"}),
    "display_data": frozenset({"output_type", "data", "metadata"}),
    "execute_result": frozenset({"output_type", "data", "metadata", "execution_count"}),
    "error": frozenset({"output_type", "ename", "evalue", "traceback"}),
}
"""What the format knows (nbformat 4): what stands beside it is drawn nowhere, and only carried."""
LONGEST_ID = 64
LARGEST_COUNT = 10**9


class UnusableNotebookError(Exception):
    """Not a notebook, or one that holds what is not shown; the message says which cell."""


def read_notebook(content: bytes) -> nbformat.NotebookNode:
    """Read a notebook of any version as one of version 4, if all that it holds may be shown.

    The message of what is raised never quotes the content.
    """
    try:
        found = nbformat.reads(content.decode("utf-8"), as_version=4)
        must_be_usable(found)
    except (NotJSONError, NotebookValidationError, UnicodeDecodeError) as error:
        raise UnusableNotebookError("it is not a notebook") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnusableNotebookError("it is not a notebook") from error
    return found


def must_be_usable(notebook: Mapping[str, Any]) -> None:
    """Raise UnusableNotebookError where a part is too large, or of a kind that is not shown."""
    metadata = {k: v for k, v in notebook["metadata"].items() if k != WIDGETS}
    _must_be_small(metadata, "the notebook's metadata")
    _must_be_known(notebook, _OF_A_NOTEBOOK, "it")
    for number, cell in enumerate(notebook["cells"], start=1):
        where = f"cell {number}"
        _must_be_known(cell, _OF_A_CELL.get(cell["cell_type"]), where)
        _must_be_small(cell.get("metadata", {}), f"the metadata of {where}")
        for output in cell.get("outputs", ()):
            _must_be_known(
                output, _OF_AN_OUTPUT.get(output["output_type"]), f"an output of {where}"
            )
            _must_be_small(output.get("metadata", {}), f"the metadata of an output of {where}")
        if len(_text(cell.get("source", "")).encode(errors="replace")) > TEXT_BYTES:
            message = f"{where} has more than {TEXT_BYTES:,} bytes of text"
            raise UnusableNotebookError(message)
        for bundle in _bundles(cell):
            if strange := not_shown(bundle):
                message = f"{where} has an output of {', '.join(strange)[:80]}; clear it"
                raise UnusableNotebookError(message)
        _must_be_small([*cell.get("attachments", {})], f"names of attachments in {where}")
        for name, bundle in cell.get("attachments", {}).items():
            _must_be_pictures(bundle, f"{where}, attachment {str(name)[:40]!r}")


def _bundles(cell: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for output in cell.get("outputs", ()):
        if output.get("output_type") in ("display_data", "execute_result"):
            yield output["data"]


def _must_be_pictures(bundle: Mapping[str, Any], where: str) -> None:
    """Check what is attached to a cell by its content: pasted pictures, and nothing else."""
    for mime_type, encoded in bundle.items():
        suffix = "." + mime_type.removeprefix("image/")
        try:
            content = base64.b64decode(_text(encoded), validate=False)
        except (binascii.Error, ValueError) as error:
            message = f"{where} is damaged"
            raise UnusableNotebookError(message) from error
        if suffix not in IMAGES:
            message = f"{where} is no picture"
            raise UnusableNotebookError(message)
        if reason := why_unreadable(f"attachment{suffix}", content):
            message = f"{where}: {reason}"
            raise UnusableNotebookError(message)


def _must_be_known(part: Mapping[str, Any], known: frozenset[str] | None, what: str) -> None:
    """Refuse fields, kinds, names and counts that no notebook has: they could carry anything."""
    count, name = part.get("execution_count"), part.get("id", "")
    is_count = count is None or (isinstance(count, int) and 0 <= count < LARGEST_COUNT)
    is_short = isinstance(name, str) and len(name) <= LONGEST_ID
    if known is None or not part.keys() <= known or not is_count or not is_short:
        message = f"{what} has parts that no notebook has; copy the cells into a new one"
        raise UnusableNotebookError(message)


def _must_be_small(metadata: object, what: str) -> None:
    if len(json.dumps(metadata)) > NOTES_BYTES:
        message = f"{what} has more than {NOTES_BYTES:,} bytes"
        raise UnusableNotebookError(message)


def _text(source: object) -> str:
    return "".join(source) if isinstance(source, list) else str(source)
