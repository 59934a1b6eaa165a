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
    for number, cell in enumerate(notebook["cells"], start=1):
        where = f"cell {number}"
        _must_be_small(cell.get("metadata", {}), f"the metadata of {where}")
        if len(_text(cell.get("source", "")).encode(errors="replace")) > TEXT_BYTES:
            message = f"{where} has more than {TEXT_BYTES:,} bytes of text"
            raise UnusableNotebookError(message)
        for bundle in _bundles(cell):
            if strange := not_shown(bundle):
                message = f"{where} has an output of {', '.join(strange)[:80]}; clear it"
                raise UnusableNotebookError(message)
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


def _must_be_small(metadata: object, what: str) -> None:
    if len(json.dumps(metadata)) > NOTES_BYTES:
        message = f"{what} has more than {NOTES_BYTES:,} bytes"
        raise UnusableNotebookError(message)


def _text(source: object) -> str:
    return "".join(source) if isinstance(source, list) else str(source)
