"""A notebook as plain values: strictly read, and stripped to what a person wrote in it."""

import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from tre.safe_settings.ingress.passage import Passage

_WORD = re.compile(r"[\w .+:/()-]{1,80}")
_TYPES = frozenset({"code", "markdown", "raw"})
_TAGS = frozenset(
    {
        *("parameters", "injected-parameters", "raises-exception", "skip-execution"),
        *("hide-cell", "hide-input", "hide-output"),
        *("remove-cell", "remove-input", "remove-output"),
    }
)
"""Tags that tools act on. Others are nobody's to see, so that data could hide in them."""

_CELL = frozenset(
    {"cell_type", "id", "metadata", "source", "outputs", "execution_count", "attachments"}
)
_NOTEBOOK = frozenset({"cells", "metadata", "nbformat", "nbformat_minor"})


class NotANotebookError(Exception):
    """The text is no notebook, or no JSON that every reader reads alike; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """Something that was taken out: the rule that it would break, and what it was."""

    rule: str
    what: str
    cell: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stripped:
    """A notebook without anything but its cells' sources, well-known tags and kernel.

    content: its bytes, as Jupyter writes them; the ids of cells are counted anew. passages: the
    cells, to be searched. removed: what was taken out of the notebook that was read.
    """

    content: bytes
    passages: tuple[Passage, ...]
    removed: tuple[Removed, ...]


def strict_json(text: str) -> Any:
    """Read JSON; raises NotANotebookError where two readers might read two different things."""
    try:
        return json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_constant)
    except RecursionError as error:
        message = "it is nested too deeply"
        raise NotANotebookError(message) from error
    except ValueError as error:
        raise NotANotebookError(str(error)[:100]) from error


def is_notebook(text: str) -> bool:
    """Whether a text is a notebook, whatever its name says."""
    if not text.lstrip().startswith("{") or '"cells"' not in text:
        return False
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(read, dict) and isinstance(read.get("cells"), list)


def stripped(text: str) -> Stripped:
    """Read a notebook and take out what nobody wrote by hand.

    Raises NotANotebookError where it is none of version 4.
    """
    read = strict_json(text)
    if not isinstance(read, dict) or read.get("nbformat") != 4:
        message = "it is no notebook of version 4"
        raise NotANotebookError(message)
    cells = read.get("cells")
    if not isinstance(cells, list):
        message = "it has no list of cells"
        raise NotANotebookError(message)
    removed = _unknown(read, _NOTEBOOK, None)
    metadata = _notebook_metadata(read.get("metadata"), removed)
    clean = [_cell(cell, number, removed) for number, cell in enumerate(cells, 1)]
    kept = {"cells": clean, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    passages = tuple(
        Passage(text=cell["source"], is_code=cell["cell_type"] == "code", cell=number)
        for number, cell in enumerate(clean, 1)
    )
    return Stripped(content=_bytes(kept), passages=passages, removed=tuple(removed))


def _cell(cell: Any, number: int, removed: list[Removed]) -> dict[str, Any]:
    if not isinstance(cell, dict) or cell.get("cell_type") not in _TYPES:
        message = f"cell {number} is no cell"
        raise NotANotebookError(message)
    removed += _unknown(cell, _CELL, number)
    if cell.get("attachments"):
        removed.append(Removed(rule="notebook_attachments", what="attachments", cell=number))
    clean: dict[str, Any] = {"cell_type": cell["cell_type"], "id": f"cell-{number}"}
    clean["metadata"] = _cell_metadata(cell.get("metadata"), number, removed)
    clean["source"] = _source(cell.get("source"), number)
    if clean["cell_type"] == "code":
        if cell.get("outputs"):
            removed.append(Removed(rule="notebook_outputs", what="outputs", cell=number))
        elif cell.get("execution_count") is not None:
            removed.append(Removed(rule="notebook_outputs", what="its number", cell=number))
        clean |= {"execution_count": None, "outputs": []}
    return clean


def _source(source: Any, number: int) -> str:
    parts = [source] if isinstance(source, str) else source
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        message = f"cell {number} has no text"
        raise NotANotebookError(message)
    return "".join(parts)


def _cell_metadata(metadata: Any, number: int, removed: list[Removed]) -> dict[str, Any]:
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    kept = {"tags": tags} if _are_tags(tags) else {}
    if metadata not in (None, kept):
        removed.append(Removed(rule="notebook_metadata", what="metadata", cell=number))
    return kept


def _are_tags(tags: Any) -> bool:
    if not isinstance(tags, list) or not tags or not all(isinstance(tag, str) for tag in tags):
        return False
    return set(tags) <= _TAGS and len(set(tags)) == len(tags)


def _notebook_metadata(metadata: Any, removed: list[Removed]) -> dict[str, Any]:
    """Keep which kernel runs it; the rest (widgets, signatures, trust) goes."""
    kept: dict[str, Any] = {}
    found = metadata if isinstance(metadata, dict) else {}
    for name, wanted in (("kernelspec", ("display_name", "language", "name")),
                         ("language_info", ("name", "version"))):  # fmt: skip
        part = found.get(name)
        words = part if isinstance(part, dict) else {}
        fit = {key: words[key] for key in wanted if _is_word(words.get(key))}
        if fit:
            kept[name] = fit
    others = sorted(set(found) - {"kernelspec", "language_info"})
    if others:
        names = ", ".join(ascii(name)[1:30].rstrip("'") for name in others[:5])
        removed.append(Removed(rule="notebook_metadata", what=f"metadata: {names}"))
    return kept


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def _unknown(found: dict[str, Any], known: frozenset[str], cell: int | None) -> list[Removed]:
    if set(found) <= known:
        return []
    return [Removed(rule="notebook_metadata", what="fields that no notebook has", cell=cell)]


def _bytes(notebook: dict[str, Any]) -> bytes:
    try:
        return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()
    except UnicodeEncodeError as error:
        message = "it holds halves of characters"
        raise NotANotebookError(message) from error


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        message = "it says the same name twice in one place"
        raise NotANotebookError(message)
    return read


def _no_constant(_: str) -> NoReturn:
    message = "NaN and Infinity are no JSON"
    raise NotANotebookError(message)
